/**
 * Links in pages lead somewhere, and snippets are what they claim to be: manifests and settings fit their schemas, JavaScript and Go parse,
 * commands are run by test/behaviour/doc-sessions.test.ts, and TypeScript compiles (doc-examples.test.ts). What is not
 * run or checked says why in the page, and stands in the list below.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readHostConfig } from "@plugboard/core";
import { validateManifest } from "@plugboard/schemas";
import { parse } from "acorn";
import JSON5 from "json5";
import { afterAll, expect, test } from "vitest";
import { markOf, placeOf, readSnippets, type Snippet } from "../../core/scripts/doc-page.ts";
import { terminalPicture } from "../../core/scripts/terminal-picture.ts";
import { documentPages, inRepository, readText } from "../support/repository.ts";

const snippets = documentPages().flatMap((page) => readSnippets(page, readText(page)));
const checked = snippets.filter((snippet) => markOf(snippet, "not run") === undefined);
const inLanguage = (...languages: string[]) => checked.filter(({ language }) => languages.includes(language));

const folder = mkdtempSync(join(tmpdir(), "plugboard-snippets-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("what is neither run nor checked says why", () => {
  const reasons = snippets.flatMap((snippet) => {
    const mark = markOf(snippet, "not run");
    return mark === undefined ? [] : [`${snippet.page} ${snippet.language}: ${mark.reason}`];
  });
  expect(reasons).toMatchInlineSnapshot(`
    [
      "CONTRIBUTING.md sh: CI runs them",
      "README.md sh: every test begins after it",
      "README.md sh: test/packaging runs it, and installs what it packs into an empty project",
      "core/README.md sh: needs a registry; test/packaging installs the packages",
      "core/docs/containers.md sh: needs a container engine; npm run test:image builds and runs the image",
      "core/docs/containers.md dockerfile: npm run test:image builds such a layer",
      "core/docs/containers.md sh: needs a container engine; npm run test:image builds and runs the image",
      "core/docs/containers.md sh: needs a container engine; npm run test:image builds and runs the image",
      "core/docs/go-hosts.md go: its “…” is no Go; test/go/serve-go-plugin.test.ts runs such a host",
      "core/docs/go-hosts.md sh: it is a plugin, which a Go program starts; test/go does",
      "core/docs/go-hosts.md go: its “…” is no Go; test/go/serve-go-plugin.test.ts offers such a service",
      "core/docs/operations.md sh: it makes a user and a service; test/behaviour/service-unit.test.ts verifies the unit and runs its ExecStart as that user",
      "core/docs/packing.md sh: it asks registries and servers; test/behaviour/cli-sources.test.ts runs some on this machine",
      "core/examples/http-service/README.md sh: test/behaviour/http-service.test.ts asks the same of it",
      "extensions/runtime-go-plugin/README.md text: needs Go; test/go builds and runs programs like it",
      "extensions/runtime-go-plugin/README.md sh: needs Go and its modules; test/go builds and runs programs like it",
      "extensions/runtime-go-plugin/README.md sh: needs Go; test/go builds and runs programs like it",
      "extensions/runtime-go-plugin/README.md sh: needs the program built above",
      "extensions/runtime-go-plugin/README.md text: needs the program built above",
      "extensions/runtime-go-plugin/README.md text: test/go/plugin-life.test.ts sees what it shows",
      "extensions/runtime-go-plugin/README.md text: test/go/plugin-life.test.ts sees what it shows",
      "extensions/runtime-go-plugin/README.md sh: needs Delve, and a person",
      "extensions/runtime-go-plugin/README.md text: needs Delve, and a person",
      "extensions/runtime-go-plugin/README.md sh: needs Delve, and a person",
      "extensions/runtime-go-plugin/README.md text: needs Delve, and a person",
      "extensions/runtime-go-plugin/README.md text: needs Delve, and a person",
      "extensions/runtime-go-plugin/README.md text: test/go/go-host.test.ts runs such a host",
      "extensions/runtime-go-plugin/README.md text: test/go/go-host.test.ts offers such a service",
      "extensions/runtime-go-plugin/README.md sh: needs Go; test/go/greeters.test.ts builds such objects",
      "extensions/runtime-go-plugin/README.md text: test/go/greeters.test.ts builds such an object",
      "extensions/runtime-go-plugin/go/README.md text: needs Go; test/go builds and runs programs like it",
      "extensions/runtime-go-plugin/go/README.md text: needs Go; they are the commands of test/go",
    ]
  `);
});

test("every snippet is in a language that is run or checked", () => {
  // The one unit file is verified by test/behaviour/service-unit.test.ts, the one picture by test/architecture/layers.test.ts.
  const known = ["ts", "js", "json5", "json", "sh", "text", "go", "ini", "mermaid"];
  expect(checked.filter(({ language }) => !known.includes(language)).map(placeOf)).toEqual([]);
});

test("text follows the commands that print it", () => {
  const astray = snippets.filter((snippet, index) => {
    if (snippet.language !== "text" || markOf(snippet, "not run") || markOf(snippet, "shown there"))
      return false;
    const before = snippets[index - 1];
    return before?.page !== snippet.page || before.language !== "sh";
  });
  expect(astray.map(placeOf)).toEqual([]);
});

test("JavaScript in pages can be parsed", () => {
  const faults = inLanguage("js").flatMap((snippet) =>
    faultsOf(snippet, () => parse(snippet.text, { ecmaVersion: "latest", sourceType: "module" })),
  );
  expect(faults).toEqual([]);
});

test("JSON in pages can be parsed", () => {
  const faults = inLanguage("json").flatMap((snippet) =>
    faultsOf(snippet, () => JSON.parse(snippet.text) as unknown),
  );
  expect(faults).toEqual([]);
});

test("manifests and settings in pages are valid", async () => {
  const faults: string[] = [];
  for (const snippet of inLanguage("json5")) {
    // Some lines of a file: what stands between the braces.
    const text = /^(?:\/\/.*\n)?\{/.test(snippet.text) ? snippet.text : `{${snippet.text}}`;
    const value = JSON5.parse<Record<string, unknown>>(text);
    if (isSettings(value)) {
      const file = join(folder, "plugboard.config.json5");
      writeFileSync(file, text);
      const { problems = [] } = (await readHostConfig(file)) ?? {};
      faults.push(...problems.map(({ message }) => `${placeOf(snippet)} ${message}`));
    } else {
      const manifest = { manifestVersion: 1, id: "acme.example", version: "1.0.0", ...value };
      faults.push(...validateManifest(manifest).map(({ message }) => `${placeOf(snippet)} ${message}`));
    }
  }
  expect(faults).toEqual([]);
});

const hasGo = spawnSync("gofmt", ["-h"]).error === undefined;
test.skipIf(!hasGo)(`Go in pages can be parsed${hasGo ? "" : " (skipped: there is no gofmt)"}`, () => {
  const files = inLanguage("go").map((snippet, index) => {
    const file = join(folder, `snippet-${index}.go`);
    const isFile = /^package \w/m.test(snippet.text);
    writeFileSync(file, isFile ? snippet.text : `package snippet\n\nfunc _() {\n${snippet.text}}\n`);
    return file;
  });
  expect(files.length).toBeGreaterThan(0);
  execFileSync("gofmt", ["-e", "-l", ...files]);
});

test("links in pages lead somewhere", () => {
  const broken = documentPages().flatMap((page) =>
    linksIn(page).filter(({ file, anchor }) => {
      if (!existsSync(inRepository(file))) return true;
      return anchor !== "" && file.endsWith(".md") && !anchorsOf(file).includes(anchor);
    }),
  );
  expect(broken).toEqual([]);
});

test("the picture of the tour shows what README.md says; npm run tour draws it anew", () => {
  const tour = snippets.filter(({ page }) => page === "README.md");
  expect(readText("core/docs/tour.svg")).toBe(terminalPicture(tour));
});

interface Link {
  readonly page: string;
  /** From the top of the repository. */
  readonly file: string;
  readonly anchor: string;
}

/** The links of a page to files, its own headings included. */
function linksIn(page: string): readonly Link[] {
  return [...proseOf(page).matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].map(
    ([, path = "", anchor = ""]) => ({
      page,
      file: path === "" ? page : join(dirname(page), path),
      anchor,
    }),
  );
}

/** What the headings of a page are called in addresses, as GitHub makes it of them. */
function anchorsOf(page: string): readonly string[] {
  return [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-"),
  );
}

const proseOf = (page: string): string => readText(page).replaceAll(/^```[^]*?^```/gm, "");

/** A file of settings is told from a manifest by a key of its own. */
function isSettings(value: Readonly<Record<string, unknown>>): boolean {
  const schema = JSON.parse(readText("schemas/config.schema.json")) as { properties: object };
  return Object.keys(value).some((key) => key !== "$schema" && key in schema.properties);
}

function faultsOf(snippet: Snippet, check: () => unknown): string[] {
  try {
    check();
    return [];
  } catch (error) {
    return [`${placeOf(snippet)} ${String(error)}`];
  }
}
