/**
 * Runs a program on a disk of a few kilobytes: a tmpfs that only this program sees and that is gone when it ends.
 * Mounting needs root, or a system that lets users have namespaces of their own.
 */
import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";

const mount = `mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && exec "$@"`;
const ways: readonly (readonly string[])[] = [
  ["unshare", "--mount"],
  ["unshare", "--user", "--map-root-user", "--mount"],
];

const way = ways.find(
  ([program = "", ...options]) =>
    spawnSync(program, [...options, "/bin/sh", "-c", mount, "sh", "64k", tmpdir(), "true"]).status === 0,
);

/** Why no small disk can be had here; undefined if one can. */
export const noSmallDisk =
  way === undefined ? "this system lets nobody but root mount a file system" : undefined;

/** Runs a script, an ES module, with the folder where the disk is mounted as its argument; what it prints is JSON. */
export async function runOnSmallDisk(
  script: string,
  { kilobytes }: { readonly kilobytes: number },
): Promise<unknown> {
  const [program = "", ...options] = way ?? [];
  const place = await mkdtemp(join(tmpdir(), "plugboard-disk-"));
  onTestFinished(() => rm(place, { recursive: true, force: true }));
  const node = [process.execPath, "--input-type=module", "-e", script, place];
  const words = [...options, "/bin/sh", "-c", mount, "sh", `${String(kilobytes)}k`, place, ...node];
  const { stdout } = await promisify(execFile)(program, words, { timeout: 30_000, killSignal: "SIGKILL" });
  return JSON.parse(stdout);
}
