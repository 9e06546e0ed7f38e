/** Manifests and schemas that cost more to read, or to complain about, than to write; paths in them that lead elsewhere. */
import { execFile } from "node:child_process";
import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { eventually, type TestHost } from "@plugboard/core/testing";
import { notRefused, type Attack } from "./attack.js";

type Files = Readonly<Record<string, string>>;

const head = (id: string) => `manifestVersion:1,id:"acme.${id}",version:"1.0.0",engines:{plugboard:"^1.0.0"}`;
const list = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(",");
const one = (more: (id: string) => string) => (id: string) => ({
  "plugin.json5": `{${head(id)},${more(id)}}`,
});

const manifests: readonly (readonly [name: string, files: (id: string) => Files])[] = [
  ["256 KiB of unknown keys", one(() => list(16_000, (index) => `k${String(index)}:1`))],
  [
    "256 KiB of sections that nobody reads",
    one(() => `contributes:{${list(16_000, (index) => `s${String(index)}:[]`)}}`),
  ],
  [
    "256 KiB of wrong contributions",
    one(() => `contributes:{greeters:[${list(10_000, (index) => `{id:${String(index)}}`)}]}`),
  ],
  [
    "256 KiB of wrong methods",
    one(
      () => `contributes:{points:[{id:"p",methods:{${list(16_000, (index) => `m${String(index)}:"x"`)}}}]}`,
    ),
  ],
  [
    "256 KiB of wrong ranges",
    one(() => `extensionDependencies:{${list(8_000, (index) => `"a.b${String(index)}":"x y"`)}}`),
  ],
  ["256 KiB of wrong globs", one(() => `watch:[${list(16_000, (index) => `"../${String(index)}"`)}]`)],
  ["256 KiB of open brackets", () => ({ "plugin.json5": "[".repeat(256 * 1024) })],
  ["a text without an end", () => ({ "plugin.json5": `{id:"${"x".repeat(250 * 1024)}` })],
  ["300 KiB", () => ({ "plugin.json5": `{x:"${"x".repeat(300 * 1024)}"}` })],
  ["keys of a prototype", one(() => `__proto__:{main:"x"},constructor:1`)],
  ["keys named twice", one(() => `main:"./a.js",main:"./b.js"`)],
  ["an identifier with what nobody sees", () => ({ "plugin.json5": `{${head("one\u200b")}}` })],
  [
    "a pattern that backtracks for years",
    schema(`{type:"object",properties:{id:{},value:{pattern:"^(a+)+$"}}}`, `"${"a".repeat(60)}!"`),
  ],
  ["a schema that refers to itself", schema(`{$ref:"#"}`, "1")],
  ["a schema that refers to the same twice, sixty deep", schema(twice(60), `"text"`)],
  [
    "a schema that compares all with all",
    schema(
      `{type:"object",properties:{id:{},value:{uniqueItems:true}}}`,
      `[${list(20_000, (index) => `{a:${String(index)}}`)}]`,
    ),
  ],
  [
    "a schema of 256 KiB",
    schema(
      `{type:"object",properties:{id:{},${list(8_000, (index) => `p${String(index)}:{pattern:"x"}`)}}}`,
      "1",
    ),
  ],
];

const paths: readonly (readonly [name: string, make: (folder: string, id: string) => Promise<void>])[] = [
  ["a main above the folder", written(one(() => `main:"../../other/extension.js"`))],
  ["an absolute main", written(one(() => `main:"/etc/passwd"`))],
  ["a main with a zero byte", written(one(() => `main:"./\\0.js"`))],
  [
    "a main of 300 characters",
    written(one(() => `main:"./${"x".repeat(300)}.js",activationEvents:["onStartup"]`)),
  ],
  [
    "a main through a link that leads out",
    async (folder, id) => {
      await symlink("/etc/passwd", join(folder, "main.js"));
      await written(one(() => `main:"./main.js",activationEvents:["onStartup"]`))(folder, id);
    },
  ],
  [
    "a main that is a link to itself",
    async (folder, id) => {
      await symlink("main.js", join(folder, "main.js"));
      await written(one(() => `main:"./main.js",activationEvents:["onStartup"]`))(folder, id);
    },
  ],
  ["a manifest that is a link to itself", (folder) => symlink("plugin.json5", join(folder, "plugin.json5"))],
  [
    "a manifest that is a pipe",
    async (folder) => {
      await promisify(execFile)("mkfifo", [join(folder, "plugin.json5")]);
    },
  ],
  ["a manifest that is a folder", (folder) => mkdir(join(folder, "plugin.json5"))],
  ["a manifest that leads to another file", (folder) => symlink("/etc/passwd", join(folder, "plugin.json5"))],
];

/** Manifests, each in a folder that is dropped beside the extensions that run. */
export const manifestAttacks: readonly Attack[] = manifests.map(([name, files]) =>
  dropped(name, written(files)),
);

/** Paths that lead elsewhere, or nowhere. */
export const pathAttacks: readonly Attack[] = paths.map(([name, make]) => dropped(name, make));

function dropped(name: string, make: (folder: string, id: string) => Promise<void>): Attack {
  return {
    name,
    run: async ({ kit, name: own }) => {
      const aside = join(kit.temporaryFolder, own);
      const folder = join(kit.folder, own);
      await mkdir(aside);
      await make(aside, own);
      // Whole, so that what is found is about all of it.
      await rename(aside, folder);
      const code = await eventually(() => codeIn(kit, folder) ?? notRefused("nothing was found"), {
        timeoutMs: 15_000,
      });
      await rm(folder, { recursive: true });
      return code;
    },
  };
}

/** What the host found wrong with the folder. */
function codeIn({ host }: TestHost, folder: string): string | undefined {
  const found = [...host.extensions].find((extension) => extension.folder === folder);
  return found?.problems.find(({ code }) => code !== "RUNTIME_UNCONFINED")?.code ?? found?.reason?.code;
}

function written(files: (id: string) => Files) {
  return async (folder: string, id: string) => {
    for (const [path, text] of Object.entries(files(id))) await writeFile(join(folder, path), text);
  };
}

/** A point with the schema, and a contribution to it. */
function schema(text: string, value: string): (id: string) => Files {
  return (id) => ({
    "schema.json5": text,
    ...one(
      () =>
        `contributes:{points:[{id:"${id}",schema:"./schema.json5"}],${JSON.stringify(id)}:[{id:"first",value:${value}}]}`,
    )(id),
  });
}

function twice(depth: number): string {
  const definitions = list(depth, (level) => {
    const next = `{$ref:"#/$defs/d${String(level + 1)}"}`;
    return `d${String(level)}:{allOf:[${next},${next}]}`;
  });
  return `{type:"object",properties:{id:{},value:{$ref:"#/$defs/d0"}},$defs:{${definitions},d${String(depth)}:{type:"string"}}}`;
}
