/**
 * Reloads a 50 KB TypeScript extension whose text changes each time. Prints what is kept as one line of JSON.
 * Arguments: number of reloads. With --expose-gc the growth is measured after last-resort collections.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

async function reload(edit) {
  const text = `const edit: number = ${edit};\n${body}\nexport const total = edit + area1({ size: 0 }) - 1;\n`;
  writeFileSync(join(folder, "main.ts"), text);
  const { total } = await createModuleLoader({ folder, provided: new Map(), cache }).load("./main.ts");
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
