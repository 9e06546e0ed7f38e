/** What the bundled extensions promise: each says exactly this, and none comes with a finding. */
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createExtensionHost, greeters, transformers, type HostOptions } from "@plugboard/core";
import { expect, onTestFinished, test } from "vitest";

const bundled = fileURLToPath(new URL("../../extensions", import.meta.url));

async function startHost(options: Partial<HostOptions> = {}) {
  const host = createExtensionHost({
    extensionFolders: [bundled],
    points: [greeters, transformers],
    ...options,
  });
  onTestFinished(() => host.stop());
  const report = await host.start();
  return { host, report };
}

async function copyOf(...names: string[]): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "plugboard-bundled-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const name of names) await cp(join(bundled, name), join(folder, name), { recursive: true });
  return folder;
}

async function transform(id: string, input: string, options: Partial<HostOptions> = {}) {
  const { host } = await startHost(options);
  return host.call("transformers", id, "transform", [input]);
}

test("the bundled extensions are listed without a finding and run nothing until they are called", async () => {
  const { host, report } = await startHost();

  expect(report.problems).toEqual([]);
  expect(Object.fromEntries(Array.from(host.extensions, ({ id, state }) => [id, state]))).toEqual({
    "plugboard.english": "ready",
    "plugboard.formal": "ready",
    "plugboard.french": "ready",
    "plugboard.glossary": "ready",
    "plugboard.glossary-web": "ready",
    "plugboard.markdown": "ready",
    "plugboard.names": "ready",
    "plugboard.outline": "ready",
    "plugboard.reverse": "ready",
    "plugboard.runtime-go-plugin": "ready",
    "plugboard.slug": "ready",
    "plugboard.spanish": "ready",
    "plugboard.title": "ready",
    "plugboard.upper": "ready",
  });
});

test("the bundled greeters greet in order of their extensions", async () => {
  const { host } = await startHost();
  const lines: string[] = [];
  for (const greeter of host.contributions(greeters))
    lines.push(`[${greeter.lang}] ${await greeter.greet("World")}`);

  expect(lines).toEqual([
    "[English] Hello, World! Nice to meet you.",
    "[English (formal)] Good day, World. How do you do?",
    "[Français] Bonjour, World\u202f! Enchanté.",
    "[Español] ¡Hola, World! Mucho gusto.",
  ]);
});

test("a greeter of two plain files runs wherever its folder is copied", async () => {
  const folder = await copyOf("english", "spanish");
  const { host } = await startHost({ extensionFolders: [folder] });

  expect([
    await host.call("greeters", "english", "greet", ["World"]),
    await host.call("greeters", "spanish", "greet", ["World"]),
  ]).toEqual(["Hello, World! Nice to meet you.", "¡Hola, World! Mucho gusto."]);
});

test("the French greeter follows its setting from one call to the next", async () => {
  const { host } = await startHost({ settings: { "plugboard.french": { familiar: true } } });
  const familiar = await host.call("greeters", "french", "greet", ["Ada"]);
  host.configure("plugboard.french", { familiar: false });

  expect([familiar, await host.call("greeters", "french", "greet", ["Ada"])]).toEqual([
    "Salut, Ada\u202f! Ça va\u202f?",
    "Bonjour, Ada\u202f! Enchanté.",
  ]);
});

test("the formal greeter addresses people as the exports of plugboard.names say", async () => {
  const { host } = await startHost();
  const greeting = await host.call("greeters", "formal", "greet", ["Dr Ada Lovelace"]);

  expect({
    greeting,
    names: host.extensions.get("plugboard.names")?.state,
    stops: host.explain("plugboard.names").stops,
  }).toEqual({
    greeting: "Good day, Dr Lovelace. How do you do?",
    names: "active",
    stops: ["plugboard.formal"],
  });
});

test("the formal greeter is blocked where plugboard.names is missing", async () => {
  const { host } = await startHost({ extensionFolders: [await copyOf("formal")] });
  const formal = host.extensions.get("plugboard.formal");

  expect([formal?.state, formal?.reason?.code]).toEqual(["blocked", "DEPENDENCY_MISSING"]);
});

test("the upper transformer follows the rules of the language that is set", async () => {
  expect([
    await transform("upper", "straße in istanbul"),
    await transform("upper", "istanbul", { settings: { "plugboard.upper": { language: "tr" } } }),
  ]).toEqual(["STRASSE IN ISTANBUL", "İSTANBUL"]);
});

test("the reverse transformer keeps accents, flags and families whole", async () => {
  expect(await transform("reverse", "re\u0301sume\u0301 🇫🇷 👩‍👧!")).toBe("!👩‍👧 🇫🇷 e\u0301muse\u0301r");
});

test("the slug transformer writes any title in plain letters", async () => {
  expect(await transform("slug", "Crème Brûlée & Übermaß on GitHub")).toBe(
    "creme-brulee-and-uebermass-on-github",
  );
});

test("the title transformer leaves small words small", async () => {
  expect(await transform("title", "the lord of the rings")).toBe("The Lord of the Rings");
});

test("two bundled extensions work on two majors of one package in one host", async () => {
  const { host } = await startHost();
  const text = "# Why *plugs*?\n\nSome `code`.\n\n## How\n\n## How\n";
  const html = await host.call("transformers", "markdown", "transform", [text]);
  const outline = await host.call("transformers", "outline", "transform", [text]);

  expect({
    html,
    outline,
    majors: [await majorOfMarked("markdown"), await majorOfMarked("outline")],
  }).toEqual({
    html: "<h1>Why <em>plugs</em>?</h1>\n<p>Some <code>code</code>.</p>\n<h2>How</h2>\n<h2>How</h2>\n",
    outline: "- [Why plugs?](#why-plugs)\n  - [How](#how)\n  - [How](#how-1)\n",
    majors: ["18", "4"],
  });
});

async function majorOfMarked(name: string): Promise<string | undefined> {
  const file = createRequire(join(bundled, name, "extension.js")).resolve("marked/package.json");
  return (JSON.parse(await readFile(file, "utf8")) as { version: string }).version.split(".")[0];
}

test("the glossary explains each abbreviation once, where the text first uses it", async () => {
  expect(await transform("glossary", "HTML travels over HTTP; HTTP knows XHTML not.")).toBe(
    "HTML (HyperText Markup Language) travels over HTTP (Hypertext Transfer Protocol); HTTP knows XHTML not.",
  );
});

test("the glossary opens a point that a manifest without code contributes to", async () => {
  const { host } = await startHost();
  const entries = host
    .contributions("glossaries")
    .entries()
    .map(({ id, extensionId }) => ({ id, extensionId }));
  const state = () => host.extensions.get("plugboard.glossary")?.state;

  expect({ point: host.points.includes("glossaries"), entries, state: state() }).toEqual({
    point: true,
    entries: [{ id: "web", extensionId: "plugboard.glossary-web" }],
    state: "ready",
  });
});

test("a glossary that is dropped in is used at once and forgotten when it is taken out", async () => {
  const folder = await copyOf("glossary");
  const { host } = await startHost({ extensionFolders: [folder], watch: true });
  const explain = () => host.call("transformers", "glossary", "transform", ["Ask NASA."]);
  const seen = [await explain()];

  await dropGlossary(folder, { title: "Space", terms: { NASA: "an American agency" } });
  await expect.poll(explain, { timeout: 10_000 }).not.toBe(seen[0]);
  seen.push(await explain());
  await rm(join(folder, "space"), { recursive: true });
  await expect.poll(explain, { timeout: 10_000 }).toBe(seen[0]);

  expect(seen).toEqual(["Ask NASA.", "Ask NASA (an American agency)."]);
});

test("a glossary that does not fit the schema of its point is reported where it errs", async () => {
  const folder = await copyOf("glossary");
  await dropGlossary(folder, { title: "Space", terms: { NASA: 1958 } });
  const { host } = await startHost({ extensionFolders: [folder] });

  expect(
    host.extensions
      .get("acme.space")
      ?.problems.map(({ code, path, line, column }) => ({ code, path, line, column })),
  ).toEqual([
    { code: "CONTRIBUTION_INVALID", path: "/contributes/glossaries/0/terms/NASA", line: 1, column: 133 },
  ]);
});

async function dropGlossary(folder: string, glossary: object): Promise<void> {
  const manifest = {
    manifestVersion: 1,
    id: "acme.space",
    version: "1.0.0",
    contributes: { glossaries: [{ id: "space", ...glossary }] },
  };
  await mkdir(join(folder, "space"));
  await writeFile(join(folder, "space", "plugin.json5"), JSON.stringify(manifest));
}
