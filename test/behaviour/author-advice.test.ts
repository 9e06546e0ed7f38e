/** What an author is told about errors of the engine and of Node that say too little. */
import { createTestHost } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, rejection } from "../support/extensions.js";

const runtimes = ["in-process", "worker", "process"] as const;

const missingNames = [
  ["require", "require('node:fs')", /write import .* createRequire .* \.cjs/],
  ["module", "module.exports = {}", /write export instead/],
  ["exports", "exports.x = 1", /write export instead/],
  ["__dirname", "__dirname", /write import\.meta\.dirname instead, or context\.extension\.path/],
  ["__filename", "__filename", /write import\.meta\.filename instead/],
] as const;

test.each(
  runtimes.flatMap((runtime) => missingNames.map(([name, ...rest]) => [name, runtime, ...rest] as const)),
)("an ES module that uses %s in a %s is told what to write instead", async (name, runtime, code, advice) => {
  const manifest = { runtime };
  const loading = aGreeter({
    id: "acme.loading",
    manifest,
    source: `${code};\nexport function activate() {}`,
  });
  const activating = aGreeter({
    id: "acme.activating",
    manifest,
    source: `export function activate() { ${code}; }`,
  });
  const calling = aGreeter({
    id: "acme.calling",
    manifest,
    supplies: { greeters: { calling: `{ greet() { ${code}; } }` } },
  });
  await using kit = await createTestHost({ extensions: [loading, activating, calling] });

  for (const id of ["loading", "activating", "calling"]) {
    const error = (await rejection(greet(kit.host, id))) as Error;
    const told = `${error.message} ${String((error.cause as Error | undefined)?.message)}`;
    expect(told).toContain(`${name} is not defined`);
    expect(told).toMatch(advice);
  }
});

const refusals = [
  ["a file", `(await import("node:fs")).readFileSync("/etc/hostname")`, `fs: { read: ["/etc/hostname"] }`],
  [
    "a file by promise",
    `await (await import("node:fs/promises")).readFile("/etc/hostname")`,
    `fs: { read: ["/etc/hostname"] }`,
  ],
  [
    "a file to write",
    `(await import("node:fs")).writeFileSync("/tmp/refused", "")`,
    `fs: { write: ["/tmp/refused"] }`,
  ],
  ["a program", `(await import("node:child_process")).spawnSync("ls")`, "childProcess: true"],
  ["a thread", `new (await import("node:worker_threads")).Worker("1", { eval: true })`, "workers: true"],
] as const;

test.each(refusals)(
  "%s that a process may not use is named with what to declare and to grant",
  async (_, code, capability) => {
    const manifest = { runtime: "process" };
    const activating = aGreeter({
      id: "acme.activating",
      manifest,
      source: `export async function activate() { ${code}; }`,
    });
    const calling = aGreeter({
      id: "acme.calling",
      manifest,
      source: `export function activate(context) { context.contribute("greeters", "calling", { greet: async () => { ${code}; } }); }`,
    });
    await using kit = await createTestHost({ extensions: [activating, calling] });

    for (const id of ["activating", "calling"]) {
      const error = (await rejection(greet(kit.host, id))) as Error;
      const told = `${error.message} ${String((error.cause as Error | undefined)?.message)}`;
      expect(told).toContain(`declare capabilities: { ${capability} } in plugin.json5`);
      expect(told).toContain('under "grants" of the host');
    }
  },
);

test.each([
  ["@/lib/words.js", {}],
  ["~/words.js", {}],
  ["#/words.js", {}],
  [
    "app/words.js",
    { "tsconfig.json": `{ "compilerOptions": { "paths": { "app/*": ["./src/*"] } } } // as written` },
  ],
])("the path alias %s is told as one, with what to do", async (specifier, files) => {
  const alias = aGreeter({
    id: "acme.alias",
    main: "./extension.ts",
    source: `import { word } from "${specifier}";\nexport function activate() { return { word }; }`,
    files,
  });
  await using kit = await createTestHost({ extensions: [alias] });

  expect(await rejection(greet(kit.host, "alias"))).toMatchObject({
    code: "MODULE_NOT_FOUND",
    message: expect.stringMatching(/path alias.*tsconfig\.json.*relative path.*"imports"/) as unknown,
    details: { line: 1 },
  });
});

test("a path that a package does not export is told with what it exports", async () => {
  const asking = aGreeter({
    id: "acme.asking",
    source: `import "pack/lib/inner.js";\nexport function activate() {}`,
    files: {
      "node_modules/pack/package.json": `{ "name": "pack", "exports": { ".": "./main.js", "./words": "./words.js" } }`,
      "node_modules/pack/lib/inner.js": "",
    },
  });
  await using kit = await createTestHost({ extensions: [asking] });

  const error = (await rejection(greet(kit.host, "asking"))) as Error;
  expect(error).toMatchObject({ code: "MODULE_NOT_FOUND", details: { line: 1 } });
  expect(error.message).toMatch(/exports \., \.\/words and nothing else\. Use one of those/);
});
