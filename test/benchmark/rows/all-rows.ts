/** Every row, in the order of the report. Loaded one by one: what a row imports is to cost the others nothing. */
import type { Row } from "../row.ts";

const loaders: Readonly<Record<string, () => Promise<Row>>> = {
  call: async () => (await import("./call.ts")).callRow,
  load: async () => (await import("./load.ts")).loadRow,
  install: async () => (await import("./load.ts")).installRow,
  start: async () => (await import("./start.ts")).startRow,
  activate: async () => (await import("./activate.ts")).activateRow,
  memory: async () => (await import("./memory.ts")).memoryRow,
  drop: async () => (await import("./drop.ts")).dropRow,
  save: async () => (await import("./save.ts")).saveRow,
  reload: async () => (await import("./reload.ts")).reloadRow,
  delta: async () => (await import("./delta.ts")).deltaRow,
  "worker-call": async () => (await import("./apart-call.ts")).workerCallRow,
  "worker-start": async () => (await import("./apart-start.ts")).workerStartRow,
  "process-call": async () => (await import("./apart-call.ts")).processCallRow,
  "process-start": async () => (await import("./apart-start.ts")).processStartRow,
  "worker-memory": async () => (await import("./apart-memory.ts")).workerMemoryRow,
  "process-memory": async () => (await import("./apart-memory.ts")).processMemoryRow,
  "go-call": async () => (await import("./go-call.ts")).goCallRow,
};

/** Names of the rows, in order. */
export const rowNames: readonly string[] = Object.keys(loaders);

/** The row of that name; undefined if there is none. */
export async function loadRow(name: string): Promise<Row | undefined> {
  return Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
}
