/**
 * Tells a process from another that has got its id later: by when it started. Only a process whose identity still
 * matches may be ended on the word of a file.
 */
import { readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";
import { nodeChildProcess } from "../../common/late-builtins.js";

/** One process, for as long as the machine is up. @internal */
export interface ProcessIdentity {
  readonly id: number;
  /** When it started, in words of the system that are compared and not understood. */
  readonly started: string;
}

const longestLookMs = 2_000;

/**
 * The process as it is now; undefined if it is not there, or can't be told from others: on Windows always.
 *
 * @internal
 */
export async function identify(id: number): Promise<ProcessIdentity | undefined> {
  const started = process.platform === "linux" ? await startOnLinux(id) : await startByPs(id);
  return started === undefined ? undefined : { id, started };
}

/**
 * Names the machine, its current run and the set of processes that can be seen from here: ids of another place mean
 * nothing here. Containers often share a folder for temporary files and not their processes.
 *
 * @internal
 */
export async function processSpace(): Promise<string> {
  if (process.platform !== "linux") return process.platform;
  const parts = await Promise.allSettled([
    readFile("/proc/sys/kernel/random/boot_id", "latin1"),
    readlink("/proc/self/ns/pid"),
  ]);
  return parts.map((part) => (part.status === "fulfilled" ? part.value.trim() : "")).join(" ");
}

async function startOnLinux(id: number): Promise<string | undefined> {
  try {
    const text = await readFile(`/proc/${id}/stat`, "latin1");
    // The name comes second, in brackets, and may hold anything; what follows it is plain.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [state] = fields;
    // What has ended and is only waited for runs nothing any more.
    return state === "Z" || state === "X" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

async function startByPs(id: number): Promise<string | undefined> {
  if (process.platform === "win32") return undefined;
  try {
    const { stdout } = await promisify(nodeChildProcess().execFile)(
      "/bin/ps",
      ["-o", "lstart=", "-p", String(id)],
      {
        timeout: longestLookMs,
        env: { LC_ALL: "C", TZ: "UTC" },
      },
    );
    const started = stdout.trim();
    return started === "" ? undefined : started;
  } catch {
    return undefined;
  }
}
