import { expect, test } from "vitest";
import type { ModuleRecord } from "../../../../../core/src/guest/loader/module-record.js";
import { TransformCache } from "../../../../../core/src/guest/loader/transform-cache.js";
import { findTypeScriptTransformer } from "../../../../../core/src/guest/loader/transform-typescript.js";
import { anExtensionFolder, load, writeFiles } from "./extension-folder.js";

const record = (length: number): ModuleRecord => ({
  format: "commonjs",
  body: "x".repeat(length),
  parameters: [],
  watched: [],
});

test("the least recently used records leave when the limit is reached", () => {
  const cache = new TransformCache({ maximumBytes: 5_000 });
  for (const key of ["a", "b", "c"]) cache.set(key, record(1_000));
  expect(cache.get("a")).toBeDefined();
  cache.set("d", record(1_000));
  expect(["a", "b", "c", "d"].filter((key) => cache.get(key) !== undefined)).toEqual(["a", "c", "d"]);
  expect(cache.bytes).toBeLessThanOrEqual(5_000);
});

test("a record larger than the limit is not kept", () => {
  const cache = new TransformCache({ maximumBytes: 1_000 });
  cache.set("a", record(10_000));
  expect([cache.get("a"), cache.bytes]).toEqual([undefined, 0]);
});

test("a reload transforms only what was edited", async () => {
  const transformed: string[] = [];
  const best = findTypeScriptTransformer();
  const typescript = {
    ...best,
    transform: (file: string, source: string) => {
      transformed.push(file.split("/").at(-1) ?? "");
      return best.transform(file, source);
    },
  };
  const folder = await anExtensionFolder({
    "main.ts": `export * from "./lib.ts";`,
    "lib.ts": `export const a = 1;`,
  });
  const cache = new TransformCache();
  await load(folder, "./main.ts", { cache, typescript });
  await writeFiles(folder, { "lib.ts": `export const a = 2;` });
  expect(await load(folder, "./main.ts", { cache, typescript })).toMatchObject({ a: 2 });
  expect(transformed).toEqual(["main.ts", "lib.ts", "lib.ts"]);
});
