/**
 * Reloads a 50 KB TypeScript extension whose text changes each time, which starts timers and listens to the process
 * and cleans up after itself. Prints what is kept as one line of JSON.
 * Arguments: number of reloads. With --expose-gc the growth is measured after last-resort collections.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { LeftoverCounter } from "../../core/dist/guest/leftover-counter.js";
import { createModuleLoader } from "../../core/dist/guest/loader/module-loader.js";
import { TransformCache } from "../../core/dist/guest/loader/transform-cache.js";

const warmUp = 200;
const reloads = Number(process.argv[2] ?? 1_500);
const folder = mkdtempSync(join(tmpdir(), "plugboard-reload-"));
const cache = new TransformCache();
const body = Array.from(
  { length: 130 },
  (_, index) => `
export interface Shape${index} { readonly size: number }
export function area${index}(shape: Shape${index}): number {
  const scaled: number = shape.size * ${index};
  return [scaled].map((value: number) => value + 1).reduce((a, b) => a + b, 0) as number;
}
export class Box${index}<T> {
  #value: T;
  constructor(value: T) { this.#value = value; }
  get value(): T { return this.#value; }
}
`,
).join("");

const activity = `
const listener = (): number => edit;
process.on("plugboard-benchmark", listener);
const timers: NodeJS.Timeout[] = [setTimeout(() => edit, 1_000_000), setInterval(() => edit, 1_000_000)];
const immediate = setImmediate(() => edit);
export function stop(): void {
  for (const timer of timers) clearTimeout(timer);
  clearImmediate(immediate);
  process.off("plugboard-benchmark", listener);
}
`;

async function reload(edit) {
  const text = `const edit: number = ${edit};\n${body}\n${activity}\nexport const total = edit + area1({ size: 0 }) - 1;\n`;
  writeFileSync(join(folder, "main.ts"), text);
  const leftovers = new LeftoverCounter();
  const loader = createModuleLoader({ folder, provided: new Map(), cache, leftovers });
  const { total, stop } = await loader.load("./main.ts");
  stop();
  if (Object.keys(leftovers.counts()).length > 0) throw new Error("something was left");
  // as between two real reloads: what a weak reference has touched stays until the event loop turns
  await setImmediate();
  if (total !== edit) throw new Error(`loaded ${total} instead of ${edit}`);
}

function keptHeap() {
  for (let round = 0; round < 6; round += 1) {
    globalThis.gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
  }
  return process.memoryUsage().heapUsed;
}

try {
  for (let edit = 0; edit < warmUp; edit += 1) await reload(edit);
  const before = keptHeap();
  const cachedBefore = cache.bytes;
  for (let edit = warmUp; edit < warmUp + reloads; edit += 1) await reload(edit);
  const kept = keptHeap() - before - (cache.bytes - cachedBefore);
  const megabytes = Math.round(process.memoryUsage.rss() / 1e6);
  console.log(
    JSON.stringify({ reloads, bytesPerReload: Math.round(kept / reloads), rssMegabytes: megabytes }),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
