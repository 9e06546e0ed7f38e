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

/**
 * The runtimes, in the order in which they are shown: a process as Node itself holds it, with the network
 * namespace or the sandbox that the host puts around it where it finds the means, up to Node 24.
 */
export const columns = [
  "in-process",
  "worker",
  "process",
  "process in a namespace",
  "process in bubblewrap",
] as const;

/** A runtime as the table knows it. */
export type Column = (typeof columns)[number];

/** Actions of the probe with their outcomes. */
export const permissionTable: ReadonlyMap<string, Readonly<Record<Column, Cell>>> = new Map([
  inAnyProcess("read /etc/passwd", "denied"),
  inAnyProcess("read a file of another extension", "denied"),
  inAnyProcess("list the folder above", "denied"),
  inAnyProcess("read through a link in its own folder", "denied"),
  inAnyProcess("write into its own folder", "denied"),
  inAnyProcess("write into the temporary folder", "denied"),
  inAnyProcess("make a link", "denied"),
  inAnyProcess("open a database with node:sqlite", "absent"),
  inAnyProcess("write a heap snapshot", "denied"),
  inAnyProcess("have a heap snapshot written when memory runs out", "denied"),
  inAnyProcess("write a diagnostic report", "absent"),
  inAnyProcess("choose where the report of a crash goes", "absent"),
  inAnyProcess("start a program", "denied"),
  inAnyProcess("start a thread", "denied"),
  inAnyProcess("use WASI", "denied"),
  inAnyProcess("load a native addon", "denied"),
  inAnyProcess("open the inspector", "denied"),
  inAnyProcess("take Node's internals with process.binding", "denied"),
  deniedFromNode26("connect to a TCP port", "allowed", "absent", "absent"),
  deniedFromNode26("connect to a Unix socket", "allowed", "allowed", "absent"),
  deniedFromNode26("listen on a TCP port", "allowed", "allowed", "allowed"),
  deniedFromNode26("talk over UDP", "allowed", "absent", "absent"),
  deniedFromNode26("ask a DNS server", "allowed", "absent", "absent"),
  deniedFromNode26("fetch from a server", "allowed", "absent", "absent"),
  inAnyProcess("signal the host's process", "denied"),
  inAnyProcess("set the priority of the host's process", "denied"),
  row("read a secret of the host's environment", "allowed", "absent", "absent", "absent", "absent"),
  inAnyProcess("read the host's environment in /proc", "denied"),
  inAnyProcess("change V8's flags", "denied"),
  inAnyProcess("ask who the user is", "allowed"),
  inAnyProcess("set a prototype by assignment", "denied"),
]);

/** The outcome on one version of Node. */
export function outcomeOn(cell: Cell, nodeMajor: (typeof nodeMajors)[number]): Outcome {
  return typeof cell === "string" ? cell : cell[nodeMajor];
}

type Row = [string, Record<Column, Cell>];

/** What shares the host's process may do anything; what has one of its own is held in the same way everywhere. */
function inAnyProcess(action: string, outcome: Outcome): Row {
  return row(action, "allowed", "allowed", outcome, outcome, outcome);
}

/** What Node's permissions hold from 26 on, and only what the host puts around a process before. */
function deniedFromNode26(action: string, plain: Outcome, namespace: Outcome, sandbox: Outcome): Row {
  const before = (outcome: Outcome): Cell => ({ 22: outcome, 24: outcome, 26: "denied" });
  return row(action, "allowed", "allowed", before(plain), before(namespace), before(sandbox));
}

function row(action: string, ...cells: [Cell, Cell, Cell, Cell, Cell]): Row {
  const [inProcess, worker, plain, namespace, sandbox] = cells;
  return [
    action,
    {
      "in-process": inProcess,
      worker,
      process: plain,
      "process in a namespace": namespace,
      "process in bubblewrap": sandbox,
    },
  ];
}
