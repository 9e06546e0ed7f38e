/**
 * Cuts the network off where Node itself can't: runs the child in a bubblewrap sandbox, else in an empty network
 * namespace. What works here is tried once. In the sandbox, files are read-only and the folders where programs keep
 * their sockets are empty as well, a second layer below Node's permission model.
 */
import { execFile } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { nearestExisting } from "../../common/nearest-existing.js";
import type { ProcessConfinement } from "./confinement.js";

/** A program and what it is called with. @internal */
export interface Command {
  readonly program: string;
  readonly parameters: readonly string[];
  /** Whether what is started stays, as the parent of the process that is meant. */
  readonly isWrapped: boolean;
}

/** What a sandboxed child needs to see. @internal */
export interface SandboxView {
  readonly folder: string;
  readonly readable: readonly string[];
  readonly writable: readonly string[];
  /** Whether it may start programs or load addons, which need more of the system than Node itself. */
  readonly runsPrograms: boolean;
}

type Means = Exclude<ProcessConfinement["network"], "permission">;

const probeMs = 3_000;
/** Where programs keep their sockets. */
const socketFolders = ["/run", "/tmp", "/var/tmp"];

/** Finds the means that work on this machine, once. @internal */
export class NetworkSandbox {
  #means: Promise<{ readonly kind: Means; readonly prefix: readonly string[] }> | undefined;

  /** The means in force. */
  async kind(): Promise<Means> {
    return (await this.#found()).kind;
  }

  /** The command that runs a program without a network; the program itself if nothing can cut it off. */
  async wrap(program: string, parameters: readonly string[], view: SandboxView): Promise<Command> {
    const { kind, prefix } = await this.#found();
    const [wrapper, ...fixed] = prefix;
    if (wrapper === undefined) return { program, parameters, isWrapped: false };
    const more = kind === "bubblewrap" ? bubblewrapView(program, view) : [];
    return {
      program: wrapper,
      parameters: [...fixed, ...more, "--", program, ...parameters],
      // bubblewrap stays and waits for the program; unshare becomes the program
      isWrapped: kind === "bubblewrap",
    };
  }

  #found(): Promise<{ readonly kind: Means; readonly prefix: readonly string[] }> {
    return (this.#means ??= findMeans());
  }
}

const bubblewrap = ["bwrap", "--unshare-net", "--die-with-parent"];
const bubblewrapMounts = ["--ro-bind", "/", "/", "--dev", "/dev", "--tmpfs", "/tmp"];
const namespaces = [
  ["unshare", "--net"],
  ["unshare", "--net", "--user", "--map-current-user"],
];

/** What came of trying a tool: whether it is there at all, and whether the system lets it do its work. @internal */
export type ToolOutcome = "works" | "refused" | "missing";

/** Tries every tool that can cut the network off on this machine. @internal */
export async function trySandboxTools(): Promise<Readonly<Record<"bubblewrap" | "unshare", ToolOutcome>>> {
  if (process.platform !== "linux") return { bubblewrap: "missing", unshare: "missing" };
  const [withBubblewrap, ...withUnshare] = await Promise.all(
    [[...bubblewrap, ...bubblewrapMounts], ...namespaces].map(attempt),
  );
  const unshare = withUnshare.find((outcome) => outcome === "works") ?? withUnshare[0] ?? "missing";
  return { bubblewrap: withBubblewrap ?? "missing", unshare };
}

async function findMeans(): Promise<{ readonly kind: Means; readonly prefix: readonly string[] }> {
  if (process.platform === "linux") {
    if (await works([...bubblewrap, ...bubblewrapMounts])) return { kind: "bubblewrap", prefix: bubblewrap };
    for (const prefix of namespaces) if (await works(prefix)) return { kind: "namespace", prefix };
  }
  return { kind: "none", prefix: [] };
}

async function works(prefix: readonly string[]): Promise<boolean> {
  return (await attempt(prefix)) === "works";
}

function attempt(prefix: readonly string[]): Promise<ToolOutcome> {
  const [program = "", ...parameters] = prefix;
  const { promise, resolve } = Promise.withResolvers<ToolOutcome>();
  execFile(
    program,
    [...parameters, "--", "/bin/sh", "-c", ":"],
    { timeout: probeMs, killSignal: "SIGKILL" },
    (error) => resolve(error === null ? "works" : error.code === "ENOENT" ? "missing" : "refused"),
  );
  return promise;
}

function bubblewrapView(program: string, view: SandboxView): string[] {
  const current = ["--chdir", view.folder];
  if (view.runsPrograms) return ["--dev-bind", "/", "/", ...current];
  const writable = view.writable.map(nearestExisting);
  const readable = [...new Set([...view.readable, view.folder, program, realpathSync(program)])];
  const shown = [...readable, ...writable];
  const hidden = socketFolders.filter(
    (folder) => existsSync(folder) && !shown.some((path) => holds(path, folder)),
  );
  const inHidden = (path: string): boolean => hidden.some((folder) => holds(folder, path));
  return [
    ...["--ro-bind", "/", "/", "--dev", "/dev"],
    ...hidden.flatMap((folder) => ["--tmpfs", folder]),
    ...readable
      .filter((path) => inHidden(path) && existsSync(path))
      .flatMap((path) => ["--ro-bind", path, path]),
    ...writable.flatMap((path) => ["--bind", path, path]),
    ...current,
  ];
}

/** Whether a path is the folder or lies in it. Both are absolute and plain; they are many, and each start looks at all. */
function holds(folder: string, path: string): boolean {
  return (
    path.startsWith(folder) &&
    (path.length === folder.length || path[folder.length] === "/" || folder === "/")
  );
}
