/** What a row of the benchmark is, and what it is given. A row measures in processes of its own only. */
import type { Figure } from "./figures.ts";

/** Something that is measured in a fresh process; takes and returns plain data. */
export type Probe = (input: never) => Promise<unknown>;

/** How a probe's process is started. */
export interface ProbeOptions {
  /** Options of Node beside `--expose-gc`. */
  readonly nodeOptions?: readonly string[];
}

/** What a row measures with. */
export interface Bench {
  /** Whether to take fewer samples of less. */
  readonly isQuick: boolean;
  /** The full figure, or the one for a quick run. */
  choose(full: number, quick: number): number;
  /** Runs one of the row's own probes in a fresh process; rejects if it fails or takes minutes. */
  probe<Result>(name: string, input: unknown, options?: ProbeOptions): Promise<Result>;
  /** Tells a person who waits what goes on. */
  progress(message: string): void;
  /** A folder that holds this many extensions; the same for all who ask, so nobody may change it. */
  sharedTree(count: number): Promise<string>;
  /** An empty folder that only the caller uses. */
  ownFolder(): Promise<string>;
}

/** One row of the table of goals. */
export interface Row {
  /** What `--only` takes. */
  readonly name: string;
  /** What it is about, for people. */
  readonly title: string;
  /** Says why it can't be measured here; undefined if it can. */
  absent?(): Promise<string | undefined>;
  /** Measures it. */
  measure(bench: Bench): Promise<readonly Figure[]>;
  /** What runs in processes of their own. */
  readonly probes: Readonly<Record<string, Probe>>;
}
