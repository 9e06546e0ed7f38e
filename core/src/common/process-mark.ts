/**
 * Names a process in the names of files, so that whoever finds such a file knows whether that process still runs.
 * A number alone would not do: systems give the numbers of ended processes to new ones.
 */
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { nodeCrypto } from "./late-builtins.js";

/** The life of a process: of one on another machine, or in another container, nothing. @internal */
export type ProcessLife = "running" | "gone" | "elsewhere";

/** The pattern of a mark: number, start, machine. @internal */
export const markPattern = String.raw`\d+\.\d+\.[0-9a-f]+`;

/** The mark of this process. @internal */
export function ownMark(): string {
  return `${String(process.pid)}.${processStart(process.pid)?.start ?? "0"}.${machine()}`;
}

/** The number of the process that has the mark. @internal */
export function processIdOf(mark: string): number {
  return Number.parseInt(mark, 10);
}

/** Whether the process that has the mark still runs. @internal */
export function lifeOf(mark: string): ProcessLife {
  const [id = "", start, place] = mark.split(".");
  if (place !== machine()) return "elsewhere";
  try {
    process.kill(Number(id), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return "gone";
  }
  const found = processStart(Number(id));
  if (found === undefined || start === "0") return "running";
  return found.start === start && !found.hasEnded ? "running" : "gone";
}

/** When a process began, in the system's own count; undefined where the system doesn't tell. */
function processStart(id: number): { readonly start: string; readonly hasEnded: boolean } | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const line = readFileSync(`/proc/${String(id)}/stat`, "utf8");
    // The program's name may hold anything, parentheses included.
    const [state = "", ...fields] = line.slice(line.lastIndexOf(")") + 2).split(" ");
    const start = fields[18];
    return start === undefined ? undefined : { start, hasEnded: state === "Z" || state === "X" };
  } catch {
    return undefined;
  }
}

/** Where numbers of processes mean the same. */
function machine(): string {
  let namespace = "";
  try {
    namespace = readlinkSync("/proc/self/ns/pid");
  } catch {
    // No containers that share folders, or none that this system knows.
  }
  return nodeCrypto().createHash("sha256").update(`${hostname()} ${namespace}`).digest("hex").slice(0, 8);
}
