/** What an extension may be written in, and what it finds when it imports. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTestHost, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info, rejection } from "../support/extensions.js";
import { journal } from "../support/shared.js";

const typescript = `
import { greeters, type ExtensionContext } from "@plugboard/extension-api";
enum Word { Hello = "Hello" }
interface Named { readonly name: string }
class Phrase {
  constructor(private readonly word: Word) {}
  of(named: Named): string { return \`\${this.word} \${named.name}\`; }
}
export function activate(context: ExtensionContext): void {
  const phrase: Phrase = new Phrase(Word.Hello);
  context.contribute(greeters, "english", { greet: (name: string) => phrase.of({ name } satisfies Named) });
}
`;
const commonJs = `
const { greeters } = require("@plugboard/extension-api");
exports.activate = (context) => {
  context.contribute(greeters, "english", { greet: (name) => "Hello " + name });
};
`;
/** What a compiler makes of `export default class`. */
const compiledClass = `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
class English {
  activate(context) {
    context.contribute("greeters", "english", { greet: (name) => "Hello " + name });
  }
}
exports.default = English;
`;
const javascript = `
import { greeters } from "@plugboard/extension-api";
export const activate = (context) => {
  context.contribute(greeters, "english", { greet: (name) => "Hello " + name });
};
`;

test.each([
  ["./extension.js", javascript, {}],
  ["./extension.js", commonJs, { "package.json": `{ "type": "commonjs" }` }],
  ["./src/deep/extension.mjs", javascript, {}],
  ["./extension.cjs", commonJs, {}],
  ["./extension.cjs", compiledClass, {}],
  ["./extension.ts", typescript, {}],
  ["./extension.mts", typescript, {}],
] as const)("an extension may be written as %s (%#)", async (main, source, files) => {
  await using kit = await createTestHost({
    extensions: [aGreeter({ id: "acme.english", main, source, files })],
  });

  expect(await greet(kit.host, "english")).toBe("Hello World");
});

test("two extensions use two majors of one package, each from its own node_modules", async () => {
  const using = (id: string, major: number) =>
    aGreeter({
      id,
      head: `import { word } from "phrases"; import lower from "phrases/lower";`,
      supplies: { greeters: { [id.slice(5)]: "{ greet: (name) => word + ' ' + lower(name) }" } },
      files: {
        "node_modules/phrases/package.json": JSON.stringify({
          name: "phrases",
          version: `${major}.0.0`,
          type: "module",
          exports: {
            ".": { import: "./index.js" },
            "./lower": { require: "./wrong.js", default: "./lower.cjs" },
          },
        }),
        "node_modules/phrases/index.js": `export const word = "major ${major}";`,
        "node_modules/phrases/lower.cjs": `module.exports = (text) => text.toLowerCase();`,
      },
    });
  await using kit = await createTestHost({ extensions: [using("acme.one", 1), using("acme.two", 2)] });

  expect(await greet(kit.host, "one")).toBe("major 1 world");
  expect(await greet(kit.host, "two")).toBe("major 2 world");
});

const nested = aGreeter({
  id: "acme.english",
  main: "./extension.ts",
  source: `
    import { word } from "./lib/word.ts";
    import type { ExtensionContext } from "@plugboard/extension-api";
    export function activate(context: ExtensionContext) {
      context.contribute("greeters", "english", { greet: (name: string) => word() + " " + name });
    }`,
  files: {
    "lib/word.ts": `import { punctuation } from "./punctuation.cjs";
      export const word = (): string => "Hello" + punctuation;`,
    "lib/punctuation.cjs": `exports.punctuation = ",";`,
  },
});

test("files that an extension imports are reloaded with it", async () => {
  await using kit = await createTestHost({ watch: true, extensions: [nested] });
  expect(await greet(kit.host, "english")).toBe("Hello, World");

  await writeFile(join(kit.folder, "acme.english/lib/punctuation.cjs"), `exports.punctuation = ";";`);
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("Hello; World"));
});

test("a package of an extension is loaded anew when its package.json changes", async () => {
  const using = (version: string) =>
    aGreeter({
      id: "acme.english",
      source: `import { word } from "phrases";
        export function activate(context) {
          context.contribute("greeters", "english", { greet: (name) => word + " " + name });
        }`,
      files: {
        "node_modules/phrases/index.js": `export const word = "phrases ${version}";`,
        "node_modules/phrases/package.json": JSON.stringify({
          name: "phrases",
          version,
          type: "module",
          main: "./index.js",
        }),
      },
    });
  await using kit = await createTestHost({ watch: true, extensions: [using("1.0.0")] });
  expect(await greet(kit.host, "english")).toBe("phrases 1.0.0 World");

  await using("1.0.1").writeTo(kit.folder);
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("phrases 1.0.1 World"));
});

test("a stack names file and line of the source as it was written", async () => {
  const source = `import type { ExtensionContext } from "@plugboard/extension-api";

interface Removed {
  readonly entirely: string;
}

enum Kept {
  One = 1,
}

export function activate(context: ExtensionContext): void {
  context.contribute("greeters", "english", {
    greet(name: string): string {
      const unused: Removed = { entirely: name };
      throw new Error("line fifteen " + unused.entirely + String(Kept.One));
    },
  });
}
`;
  await using kit = await createTestHost({
    extensions: [aGreeter({ id: "acme.english", main: "./extension.ts", source })],
  });
  const file = join(kit.folder, "acme.english/extension.ts");

  const first = await rejection(greet(kit.host, "english"));
  await kit.host.reload("acme.english");
  const second = await rejection(greet(kit.host, "english"));
  for (const error of [first, second]) {
    const frame = ((error as Error).cause as Error).stack?.split("\n")[1] ?? "";
    expect(frame.replace("file://", "")).toContain(`${file}:15:`);
  }
});

test("a syntax error is a Problem at its place in the file", async () => {
  await using kit = await createTestHost({
    limits: { incompleteMs: 10 },
    extensions: [
      aGreeter({
        id: "acme.english",
        head: `import "./broken.js";`,
        files: { "broken.js": "const fine = 1;\nconst = 2;\n" },
      }),
    ],
  });

  await eventually(async () =>
    expect(await rejection(greet(kit.host, "english"))).toMatchObject({ code: "MODULE_SYNTAX" }),
  );
  const text = JSON.stringify(info(kit.host, "acme.english").reason?.message);
  expect(text).toContain("broken.js");
  expect(text).toMatch(/2/);
});

test("an import that leads nowhere is MODULE_NOT_FOUND and names what was asked for, by whom", async () => {
  await using kit = await createTestHost({
    limits: { incompleteMs: 10 },
    extensions: [aGreeter({ id: "acme.english", head: `import "no-such-package";` })],
  });

  await eventually(async () =>
    expect(await rejection(greet(kit.host, "english"))).toMatchObject({ code: "MODULE_NOT_FOUND" }),
  );
  expect(info(kit.host, "acme.english").reason?.message).toContain("no-such-package");
  expect(info(kit.host, "acme.english").reason?.message).toContain("extension.js");
});

test("a name that a module does not export is MODULE_EXPORT_MISSING", async () => {
  await using kit = await createTestHost({
    limits: { incompleteMs: 10 },
    extensions: [
      aGreeter({
        id: "acme.english",
        head: `import { nothing } from "./word.js";`,
        files: { "word.js": "export const word = 1;" },
      }),
    ],
  });

  await eventually(async () =>
    expect(await rejection(greet(kit.host, "english"))).toMatchObject({ code: "MODULE_EXPORT_MISSING" }),
  );
});

test("import.meta, import(), JSON and top-level await are what Node gives", async () => {
  const log = journal();
  await using kit = await createTestHost({
    extensions: [
      aGreeter({
        id: "acme.english",
        head: `
          import data from "./data.json" with { type: "json" };
          const { late } = await import("./late.js");
          ${log.tells("data.word")}
          ${log.tells("late")}
          ${log.tells("import.meta.filename")}
          ${log.tells("import.meta.url.endsWith('/acme.english/extension.js')")}
        `,
        files: { "data.json": `{ "word": "json" }`, "late.js": `export const late = "late";` },
      }),
    ],
  });

  expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");
  expect(log.lines).toEqual(["json", "late", join(kit.folder, "acme.english/extension.js"), "true"]);
});

test("the host's copies of the API, the container and the application's packages win", async () => {
  const shop = { price: () => 7 };
  await using kit = await createTestHost({
    packages: { "@shop/api": shop },
    extensions: [
      aGreeter({
        id: "acme.english",
        head: `
          import { price } from "@shop/api";
          import * as api from "@plugboard/extension-api";
          import "reflect-metadata";
          import { Container } from "inversify";
        `,
        supplies: {
          greeters: {
            english: "{ greet: () => [price(), typeof api.contributionPoint, typeof Container].join(' ') }",
          },
        },
        files: {
          "node_modules/@plugboard/extension-api/package.json": `{ "type": "module", "main": "./index.js" }`,
          "node_modules/@plugboard/extension-api/index.js": `export const contributionPoint = 0;`,
        },
      }),
    ],
  });

  expect(await greet(kit.host, "english")).toBe("7 function function");
});

test("a main file that leads out of the folder is refused", async () => {
  await using kit = await createTestHost({
    extensions: [aGreeter({ id: "acme.english", main: false, manifest: { main: "../outside.js" } })],
  });

  expect([...kit.host.extensions].map(({ state, problems }) => [state, problems[0]?.code])).toEqual([
    ["invalid", "MANIFEST_PATH"],
  ]);
});
