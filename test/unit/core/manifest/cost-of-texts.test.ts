/**
 * What others write costs the host no more than it weighs: each text is held at a size and at sixteen times that size. Were
 * the cost to grow with the square, it would be 256 times as much.
 */
import { expect, test } from "vitest";
import { nearest } from "../../../../core/src/common/nearest.js";
import { ContributionRegistry } from "../../../../core/src/contribution/contribution-registry.js";
import { ContributionValidator } from "../../../../core/src/contribution/contribution-validator.js";
import { hiddenInManifest } from "../../../../core/src/manifest/hidden-problems.js";
import { maximumManifestBytes, parseManifest } from "../../../../core/src/manifest/parse-manifest.js";
import { SectionChecker } from "../../../../core/src/manifest/section-schema.js";

const file = "/extensions/one/plugin.json5";
const head = `manifestVersion:1,id:"acme.one",version:"1.0.0",engines:{plugboard:"^1.0.0"}`;
const list = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(",");

/** Milliseconds of the processor, the least of several runs: what a busy machine adds is left out. */
function cost(work: () => void): number {
  let least = Infinity;
  for (let run = 0; run < 5; run++) {
    const { user, system } = process.cpuUsage();
    work();
    const used = process.cpuUsage({ user, system });
    least = Math.min(least, (used.user + used.system) / 1_000);
  }
  return least;
}

/** Five times what is in proportion is far from the square, and more than a short time may seem to be. */
function expectInProportion(work: (factor: number) => () => void): void {
  const [small, large] = [work(1), work(16)];
  small();
  large();
  expect(cost(large)).toBeLessThan(5 * 16 * Math.max(cost(small), 0.2));
}

const manifests: Readonly<Record<string, (count: number) => string>> = {
  "unknown keys": (count) => `{${head},${list(count, (index) => `key${index}:1`)}}`,
  "paths out of the folder": (count) => `{${head},watch:[${list(count, (index) => `"../${index}"`)}]}`,
  "ranges that are none": (count) =>
    `{${head},extensionDependencies:{${list(count, (index) => `"a.b${index}":"x y"`)}}}`,
  "keys named twice": (count) => `{${head},x:{${list(count, () => "a:1")}}}`,
  "forms that none of several ways allows": (count) =>
    `{${head},contributes:{points:[{id:"p",methods:{${list(count, (index) => `m${index}:"x"`)}}}]}}`,
  "sections that nobody reads": (count) =>
    `{${head},contributes:{${list(count, (index) => `s${index}:[]`)}}}`,
  "a long range": (count) => `{${head},extensionDependencies:{"a.b":"${"1.0.0||".repeat(count)}1"}}`,
  "a long version": (count) => `{${head.replace("1.0.0", `1.0.0-${"a.".repeat(4 * count)}b`)}}`,
  "a long key": (count) => `{${head},${"k".repeat(12 * count)}:1}`,
  "a long path": (count) => `{${head},main:"./${"a/".repeat(6 * count)}.."}`,
  "a text without an end": (count) => `{${head},x:"${"x".repeat(12 * count)}`,
  "a comment without an end": (count) => "/*".repeat(6 * count),
  escapes: (count) => `{${head},x:"${String.raw`\u0041`.repeat(2 * count)}"}`,
  "a number of many digits": (count) => `{${head},x:1${"0".repeat(12 * count)}}`,
  depth: (count) => "[".repeat(12 * count),
  lines: (count) => `${"\r".repeat(12 * count)}{${head},x:1}`,
  "hidden characters": (count) => `{${head},x:"${"\u200b ".repeat(3 * count)}"}`,
  "what stands before a hidden character": (count) => `{${"id:'".repeat(2 * count)}\u200b`,
};

test.each(Object.entries(manifests))("%s in a manifest cost what they weigh", (_what, write) => {
  expectInProportion((factor) => {
    const text = write(1_000 * factor).slice(0, maximumManifestBytes);
    const validator = new ContributionValidator(new ContributionRegistry(() => undefined), () => ({
      file,
      text,
    }));
    return () => {
      const { manifest } = parseManifest({ text, file }, { apiVersion: "1.0.0" });
      hiddenInManifest({ file, text });
      if (manifest !== undefined)
        validator.validate({ folder: "/extensions/one", id: "acme.one", manifest } as never, undefined);
    };
  });
});

test("an unknown word costs no more than a bounded number of comparisons", () => {
  const names = (count: number) =>
    Array.from({ length: count }, (_, index) => `acme.extension-${index}-${"x".repeat(100)}`);
  expectInProportion((factor) => {
    const candidates = names(2_000 * factor);
    return () => nearest(`acme.extension-${"x".repeat(100)}`, candidates);
  });
  expectInProportion((factor) => {
    const word = "x".repeat(2_000 * factor);
    return () => nearest(word, [`${word}y`]);
  });
});

const twice = (depth: number): object => {
  const definitions: Record<string, object> = { [`d${depth}`]: { type: "string" } };
  for (let level = 0; level < depth; level++) {
    const next = { $ref: `#/$defs/d${level + 1}` };
    definitions[`d${level}`] = { allOf: [next, next] };
  }
  return { type: "object", properties: { id: {}, value: { $ref: "#/$defs/d0" } }, $defs: definitions };
};
const valueIs = (schema: object) => ({ type: "object", properties: { id: {}, value: schema } });

test.each<readonly [string, object, unknown]>([
  ["a pattern that backtracks", valueIs({ pattern: "^(a+)+$" }), `${"a".repeat(60)}b`],
  [
    "a pattern that backtracks over a long text",
    valueIs({ pattern: "^a*a*a*a*$" }),
    `${"a".repeat(20_000)}b`,
  ],
  ["a schema that refers to the same twice", twice(60), "text"],
  [
    "items that are compared with each other",
    valueIs({ uniqueItems: true }),
    Array.from({ length: 20_000 }, (_, index) => ({ index })),
  ],
])("%s is given up, again and again, and what is sound is still checked", (_what, schema, value) => {
  const checker = new SectionChecker();
  const check = () => checker.check([{ id: "one", value }], schema);
  check();
  expect(check()).toEqual([
    expect.objectContaining({
      code: "CONTRIBUTION_INVALID",
      message: expect.stringContaining("takes too long") as unknown,
    }),
  ]);
  // Far more than the forty milliseconds that are allowed: what else runs in this process counts too.
  expect(cost(check)).toBeLessThan(200);
  expect(checker.check([{ id: "one", value: "text" }], valueIs({ pattern: "^(t|ext)+$" }))).toEqual([]);
});
