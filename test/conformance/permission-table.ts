/**
 * What an extension that is granted nothing reaches in each runtime, holes included, on Linux. A test holds it
 * against the probe; SECURITY.md shows it.
 */

/** How an attempt ends: it succeeds, it is refused, or what it is about is not there. */
export type Outcome = "allowed" | "denied" | "absent";

/** Major versions of Node between which outcomes differ. */
export const nodeMajors = ["22", "24", "26"] as const;

/** One outcome, or one by version of Node. */
export type Cell = Outcome | Readonly<Record<(typeof nodeMajors)[number], Outcome>>;

/** The runtimes, in the order in which they are shown. */
export const columns = ["in-process", "worker", "process", "process in bubblewrap"] as const;

/** A runtime as the table knows it. */
export type Column = (typeof columns)[number];

/** Denied by Node from 26 on; before, as it says. */
const net = (before: Outcome): Cell => ({ 22: before, 24: before, 26: "denied" });

const everywhere = (action: string) => row(action, "allowed", "allowed", "allowed", "allowed");
const boxed = (action: string) => row(action, "allowed", "allowed", "denied", "denied");

/** Actions of the probe with their outcomes. */
export const permissionTable: ReadonlyMap<string, Readonly<Record<Column, Cell>>> = new Map([
  boxed("read /etc/passwd"),
  boxed("read a file of another extension"),
  boxed("list the folder above"),
  boxed("read through a link in its own folder"),
  boxed("write into its own folder"),
  boxed("write into the temporary folder"),
  boxed("make a link"),
  row("open a database with node:sqlite", "allowed", "allowed", "absent", "absent"),
  boxed("write a heap snapshot"),
  boxed("write a diagnostic report"),
  boxed("start a program"),
  boxed("start a thread"),
  boxed("use WASI"),
  boxed("load a native addon"),
  boxed("open the inspector"),
  boxed("take Node's internals with process.binding"),
  row("connect to a TCP port", "allowed", "allowed", net("allowed"), net("absent")),
  row("connect to a Unix socket", "allowed", "allowed", net("allowed"), net("absent")),
  row("listen on a TCP port", "allowed", "allowed", net("allowed"), net("allowed")),
  row("talk over UDP", "allowed", "allowed", net("allowed"), net("absent")),
  row("fetch from a server", "allowed", "allowed", net("allowed"), net("absent")),
  row("signal the host's process", "allowed", "allowed", "allowed", "absent"),
  row("read a secret of the host's environment", "allowed", "absent", "absent", "absent"),
  boxed("read the host's environment in /proc"),
  everywhere("change V8's flags"),
  row("ask who the user is", "allowed", "allowed", "allowed", "absent"),
  boxed("set a prototype by assignment"),
]);

function row(
  action: string,
  inProcess: Cell,
  worker: Cell,
  process: Cell,
  sandboxed: Cell,
): [string, Record<Column, Cell>] {
  return [action, { "in-process": inProcess, worker, process, "process in bubblewrap": sandboxed }];
}

/** The outcome on one version of Node. */
export function outcomeOn(cell: Cell, nodeMajor: (typeof nodeMajors)[number]): Outcome {
  return typeof cell === "string" ? cell : cell[nodeMajor];
}
