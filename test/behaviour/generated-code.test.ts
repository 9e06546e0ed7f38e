/** Code that is deep or long, as generators write it: what Node runs loads, and nothing of it ends or stops the host. */
import { setImmediate } from "node:timers/promises";
import { createTestHost } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info, rejection } from "../support/extensions.js";

const runtimes = ["in-process", "worker", "process"] as const;

/** Each ends a thread of 4 MB when it is parsed there. */
const deepShapes: Readonly<Record<string, string>> = {
  brackets: `export const deep: any = ${"[".repeat(20_000)}${"]".repeat(20_000)};`,
  types: `export type Deep = ${"[".repeat(20_000)}${"]".repeat(20_000)};`,
  functions: `${"function f(){".repeat(3_500)}${"}".repeat(3_500)}`,
  operators: `export const deep = ${"!".repeat(60_000)}1;`,
  choices: `export const deep = ${"0 ? 1 : ".repeat(16_000)}2;`,
};

test.each(runtimes)("deep TypeScript in a %s loads or is refused, and the host goes on", async (runtime) => {
  const deep = aGreeter({
    id: "acme.deep",
    main: "./extension.ts",
    manifest: { runtime },
    source: `export function activate(context: any) {
  context.contribute("greeters", "deep", { greet: (shape: string) => import(\`./\${shape}.ts\`).then(() => "loaded") });
}`,
    files: Object.fromEntries(Object.entries(deepShapes).map(([shape, text]) => [`${shape}.ts`, text])),
  });
  const limits = { callMs: 60_000 };
  await using kit = await createTestHost({ extensions: [deep, aGreeter({ id: "acme.other" })], limits });

  for (const shape of Object.keys(deepShapes)) {
    const answer = await greet(kit.host, "deep", shape).catch((error: unknown) => error);
    if (answer === "loaded") continue;
    expect(answer).toMatchObject({ code: "MODULE_UNSUPPORTED" });
    expect(answer).toMatchObject({
      message: expect.stringMatching(/nests too deeply .* flatter/) as unknown,
    });
  }
  expect(await greet(kit.host, "other")).toBe("other 1.0.0: World");
  expect(info(kit.host, "acme.deep")).toMatchObject({ state: "active", generation: 1 });
});

test.each(runtimes)("a long chain, a long sum and deep data load in a %s as in Node", async (runtime) => {
  const chain = Array.from({ length: 4_000 }, (_, n) => `if (x === ${n}) return ${n};`).join(" else ");
  const generated = aGreeter({
    id: "acme.generated",
    main: "./extension.mjs",
    manifest: { runtime },
    source: `import { choose, sum, tree } from "./generated.mjs";
export function activate(context) {
  let depth = 0;
  for (let inner = tree; typeof inner === "object"; inner = inner.a) depth += 1;
  context.contribute("greeters", "generated", { greet: () => [choose(3999), sum.length, depth].join() });
}`,
    files: {
      "generated.mjs": `export function choose(x) { ${chain} return -1; }
export const sum = ${Array(12_000).fill(`"a"`).join(" + ")};
export const tree = ${"{a:".repeat(900)}"leaf"${"}".repeat(900)};`,
    },
  });
  await using kit = await createTestHost({ extensions: [generated], limits: { activateMs: 60_000 } });

  expect(await greet(kit.host, "generated")).toBe("3999,12000,900");
});

test("the application goes on while a large module is transformed", async () => {
  const functions = Array.from(
    { length: 20_000 },
    (_, n) => `function f${n}(a, b) { return [a + b * ${n}, "${n}"]; }`,
  );
  const large = aGreeter({
    id: "acme.large",
    main: "./extension.mjs",
    source: `import { f7 } from "./large.mjs";
export function activate(context) { context.contribute("greeters", "large", { greet: () => f7(1, 2).join() }); }`,
    files: { "large.mjs": `${functions.join("\n")}\nexport { f7 };\n` },
  });
  await using kit = await createTestHost({ extensions: [large], limits: { activateMs: 60_000 } });
  let turns = 0;
  let isLoading = true;
  const call = greet(kit.host, "large").finally(() => (isLoading = false));
  while (isLoading) {
    turns += 1;
    await setImmediate();
  }

  expect(await call).toBe("15,7");
  // Transformed on this thread it would take a few dozen at most.
  expect(turns).toBeGreaterThan(500);
});

test("text that is too long to be parsed is refused with what to do", async () => {
  const long = aGreeter({
    id: "acme.long",
    main: "./extension.mjs",
    source: `export const activate = () => {}; // ${"x".repeat(16 * 1024 * 1024)}`,
  });
  await using kit = await createTestHost({ extensions: [long] });

  expect(await rejection(greet(kit.host, "long"))).toMatchObject({
    code: "MODULE_UNSUPPORTED",
    message: expect.stringMatching(/16 million characters at most .*Split it/) as unknown,
  });
});
