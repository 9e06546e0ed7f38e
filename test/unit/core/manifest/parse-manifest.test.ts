import { describe, expect, test } from "vitest";
import { parseManifest, type ParsedManifest } from "../../../../core/src/manifest/parse-manifest.js";

const file = "/extensions/english/plugin.json5";
const parse = (text: string): ParsedManifest => parseManifest({ text, file }, { apiVersion: "1.2.0" });

/** A manifest with the fields that it must have and others as JSON5 text. */
const withFields = (fields: string): string =>
  `{ manifestVersion: 1, id: "acme.x", version: "1.0.0", ${fields} }`;

/** The Problems as short lines. */
const lines = (parsed: ParsedManifest): string[] =>
  parsed.problems.map(
    ({ line, column, severity, code, path, message, suggestion }) =>
      `${line}:${column} ${severity} ${code} ${path} ${message}${suggestion === undefined ? "" : ` (${suggestion})`}`,
  );

/** The Problems as codes with paths. */
const codes = (text: string): string[] => parse(text).problems.map(({ code, path }) => `${code} ${path}`);

describe("parseManifest", () => {
  test("a good manifest is given frozen at every depth, without problems", () => {
    const parsed = parse(
      withFields(`contributes: { greeters: [{ id: "x", lang: "X" }] }, engines: { plugboard: "^1.0.0" }`),
    );
    expect(parsed.problems).toEqual([]);
    expect(parsed).toMatchObject({ id: "acme.x", version: "1.0.0", manifest: { id: "acme.x" } });
    const { manifest } = parsed;
    const greeters = manifest?.contributes?.greeters as readonly object[];
    for (const part of [manifest, manifest?.engines, manifest?.contributes, greeters, greeters[0]]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  test("a manifest of any length is the same however often and in whatever part it is asked for", () => {
    const fields = `contributes: { greeters: [{ id: "x", lang: "a longer language" }] }, main: "./x.js"`;
    for (const text of [withFields(fields), `/* ${"long ".repeat(2_000)} */ ${withFields(fields)}`]) {
      const parsed = parse(text) as ReturnType<typeof parse> & { readonly json: string };
      const contributes = { greeters: [{ id: "x", lang: "a longer language" }] };
      const manifest = { manifestVersion: 1, id: "acme.x", version: "1.0.0", contributes, main: "./x.js" };
      expect(JSON.parse(parsed.json)).toEqual(manifest);
      expect(parsed.manifest).toEqual(manifest);
      expect(parsed.manifest).toBe(parsed.manifest);
      expect(parsed.outline).toMatchObject({ contributes });
      expect(Object.isFrozen((parsed.manifest?.contributes?.greeters as readonly object[])[0])).toBe(true);
      expect(JSON.parse(parsed.json)).toEqual(manifest);
    }
  });

  test("each mistake of a bad manifest is one problem at its line and column", () => {
    const text = [
      `// A manifest with nine mistakes.`,
      `{`,
      `  manifestVersion: 2,`,
      `  id: "Acme English",`,
      `  versoin: "1.0.0",`,
      `  main: "./main.txt",`,
      `  update: "besides", keywords: ["a", 7],`,
      `  displayName: "a", displayName: "b",`,
      `  contributes: {`,
      `    points: [{ id: "p", "method": { render: 1 } }],`,
      `    /* 😀 */ greeters: "english",`,
      `  },`,
      `}`,
    ].join("\n");
    expect(lines(parse(text))).toEqual([
      `3:20 error MANIFEST_INVALID /manifestVersion "manifestVersion" has to be 1, not 2.`,
      `4:7 error MANIFEST_INVALID /id "id" has to consist of lower-case letters and digits, with single dots, hyphens or underscores between them.`,
      `5:3 error MANIFEST_INVALID /versoin The manifest needs "version"; "versoin" is not known. (version)`,
      `6:9 error MANIFEST_INVALID /main "main" has to name a .js, .mjs, .cjs, .ts, .mts or .cts file.`,
      `7:11 error MANIFEST_INVALID /update "update" has to be "beside" or "replace", not "besides". (beside)`,
      `7:38 error MANIFEST_INVALID /keywords/1 "keywords[1]" has to be a string, not a number.`,
      `8:21 error MANIFEST_DUPLICATE_KEY /displayName The key "displayName" is named twice, first in line 8.`,
      `10:25 warning MANIFEST_UNKNOWN_KEY /contributes/points/0/method The key "method" in "contributes.points[0]" is not known. (methods)`,
      `11:24 error MANIFEST_INVALID /contributes/greeters "contributes.greeters" has to be an array or an object, not a string.`,
    ]);
  });

  test("a problem names the file, and the extension when its id could be read", () => {
    expect(parse(withFields("main: 1")).problems).toMatchObject([{ file, extensionId: "acme.x" }]);
    expect(parse("{ id: 'A' ").problems[0]).not.toHaveProperty("extensionId");
  });

  test("a missing field is placed at the opening of the object", () => {
    expect(lines(parse(`\n  { manifestVersion: 1, id: "a" }`))).toEqual([
      `2:3 error MANIFEST_INVALID  The manifest needs "version".`,
    ]);
    expect(lines(parse(withFields(`\nruntime: { command: "x" }`)))).toEqual([
      `2:10 error MANIFEST_INVALID /runtime "runtime" needs "kind".`,
    ]);
  });

  test("an unknown key is a warning at the key, and the manifest is given", () => {
    const parsed = parse(withFields(`\n "mian": "./x.js", engines: { node: "24" }, somethingElse: 1`));
    expect(lines(parsed)).toEqual([
      `2:2 warning MANIFEST_UNKNOWN_KEY /mian The key "mian" is not known. (main)`,
      `2:31 warning MANIFEST_UNKNOWN_KEY /engines/node The key "node" in "engines" is not known.`,
      `2:45 warning MANIFEST_UNKNOWN_KEY /somethingElse The key "somethingElse" is not known.`,
    ]);
    expect(Object.isFrozen(parsed.manifest)).toBe(true);
  });

  test("a section that no point claims is no matter of the parser", () => {
    expect(parse(withFields(`contributes: { unheard: [{}], other: {} }`)).problems).toEqual([]);
  });

  test("a syntax error is worded as json5 does and placed where reading stopped", () => {
    expect(lines(parse(`{\n  id: "acme.x",\n  main: ,\n}`))).toEqual([
      `3:9 error MANIFEST_SYNTAX undefined The manifest is not JSON5: invalid character ','.`,
    ]);
    expect(lines(parse(""))).toEqual([
      "1:1 error MANIFEST_SYNTAX undefined The manifest is not JSON5: invalid end of input.",
    ]);
  });

  test("id and version are given for a broken manifest when they could be read", () => {
    expect(parse(`{ id: "acme.x", version: "1.0.0", main: `)).toMatchObject({
      id: "acme.x",
      version: "1.0.0",
    });
    expect(parse(`{ id: "acme.x", version: "1" }`)).toMatchObject({ id: "acme.x" });
    expect(parse(`{ id: "acme.x", version: "1" }`)).not.toHaveProperty("version");
    expect(parse(`{ id: "Acme", version: "1.0.0" }`)).not.toHaveProperty("id");
    expect(parse("[]")).toMatchObject({ problems: [{ code: "MANIFEST_INVALID", path: "" }] });
    expect(parse("null")).not.toHaveProperty("manifest");
  });

  test("keys that could change a prototype are refused, also deep inside", () => {
    expect(
      codes(withFields("__proto__: { main: 1 }, contributes: { x: [{ constructor: { prototype: 1 } }] }")),
    ).toEqual([
      "MANIFEST_FORBIDDEN_KEY /__proto__",
      "MANIFEST_FORBIDDEN_KEY /contributes/x/0/constructor",
      "MANIFEST_FORBIDDEN_KEY /contributes/x/0/constructor/prototype",
    ]);
  });

  test("a manifest that nests deeper than 64 levels is refused at the bracket", () => {
    const nested = `${"[".repeat(63)}${"]".repeat(63)}`;
    expect(codes(withFields(`contributes: { x: ${nested.slice(1, -1)} }`))).toEqual([]);
    expect(lines(parse(withFields(`contributes: {\n x: ${nested} }`)))).toEqual([
      "2:67 error MANIFEST_TOO_DEEP undefined The manifest nests deeper than 64 levels.",
    ]);
  });

  test("a manifest of 256 KiB is read, a larger one is refused unread", () => {
    const text = withFields("description: '%'");
    const fill = (letter: string, bytes: number): string =>
      text.replace("%", letter.repeat((bytes - text.length + 1) / Buffer.byteLength(letter)));
    expect(codes(fill("x", 256 * 1024))).toEqual([]);
    expect(codes(fill("x", 256 * 1024 + 1))).toEqual(["MANIFEST_TOO_LARGE undefined"]);
    expect(codes(fill("é", 270_001))).toEqual(["MANIFEST_TOO_LARGE undefined"]);
  });

  test.each([
    ["an absolute path", `main: "/etc/x.js"`, "MANIFEST_PATH /main"],
    ["a path out of the folder", `main: "./a/../../x.js"`, "MANIFEST_PATH /main"],
    ["a path with backslashes", `main: ".\\\\x.js"`, "MANIFEST_PATH /main"],
    ["a path with NUL", `main: "./x\\0.js"`, "MANIFEST_PATH /main"],
    ["a path with a drive", `main: "C:x.js"`, "MANIFEST_PATH /main"],
    ["an address in place of a path", `icon: "https://example.com/x.svg"`, "MANIFEST_PATH /icon"],
    ["a glob that leaves out", `watch: ["a/**", "!b"]`, "MANIFEST_INVALID /watch/1"],
    [
      "globs that are too much",
      `watch: ["{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}"]`,
      "MANIFEST_INVALID /watch/0",
    ],
    ["a glob out of the folder", `watch: ["a/**", "../**"]`, "MANIFEST_PATH /watch/1"],
    [
      "the schema of a point out of the folder",
      `contributes: { points: [{ id: "p", schema: "../p.json" }] }`,
      "MANIFEST_PATH /contributes/points/0/schema",
    ],
    [
      "the schema of a runtime's settings out of the folder",
      `contributes: { runtimes: [{ id: "r", settings: "/r.json" }] }`,
      "MANIFEST_PATH /contributes/runtimes/0/settings",
    ],
    ["a main that is no module", `main: "./main.json"`, "MANIFEST_INVALID /main"],
    ["an engine range that is none", `engines: { plugboard: "one" }`, "MANIFEST_INVALID /engines/plugboard"],
    [
      "another major of the engine",
      `engines: { plugboard: "^2.0.0" }`,
      "MANIFEST_INCOMPATIBLE /engines/plugboard",
    ],
    [
      "a later minor of the engine",
      `engines: { plugboard: "^1.3.0" }`,
      "MANIFEST_INCOMPATIBLE /engines/plugboard",
    ],
    ["an earlier engine", `engines: { plugboard: "<1.2.0" }`, "MANIFEST_INCOMPATIBLE /engines/plugboard"],
    [
      "a dependency's range that is none",
      `extensionDependencies: { "acme.base": "one" }`,
      "MANIFEST_INVALID /extensionDependencies/acme.base",
    ],
    [
      "an optional dependency's range that is none",
      `optionalExtensionDependencies: { a: ">>1" }`,
      "MANIFEST_INVALID /optionalExtensionDependencies/a",
    ],
    [
      "a dependency whose id is no id",
      `extensionDependencies: { "A/b": "*" }`,
      "MANIFEST_INVALID /extensionDependencies/A~1b",
    ],
    ["an event with a blank", `activationEvents: ["on x"]`, "MANIFEST_INVALID /activationEvents/0"],
  ])("%s is refused", (_, fields, expected) => {
    const parsed = parse(withFields(fields));
    expect(parsed.problems.map(({ code, path }) => `${code} ${path}`)).toEqual([expected]);
    expect(parsed).not.toHaveProperty("manifest");
  });

  test.each([
    `main: "extension.mts"`,
    `main: "./a/../extension.cjs"`,
    `icon: "./a.b/..c/x.svg"`,
    `engines: { plugboard: "1.x" }`,
    `engines: { plugboard: "^1.2.0" }`,
    `engines: { plugboard: "^0.9.0 || ^1.0.0" }`,
    `engines: { plugboard: "*" }`,
    `extensionDependencies: ["acme.base"]`,
    `extensionDependencies: { "acme.base": ">=1 <3", b: "*" }`,
    `runtime: { kind: "go-plugin", command: ["./greeter"] }`,
  ])("%s is accepted", (fields) => {
    expect(parse(withFields(fields)).problems).toEqual([]);
  });

  test("a prerelease of the host fits the ranges of its version", () => {
    const text = withFields(`engines: { plugboard: ">=1.0.0" }`);
    expect(parseManifest({ text, file }, { apiVersion: "1.3.0-beta.1" }).problems).toEqual([]);
  });

  test("a version that semver can't hold is refused, one with build metadata accepted", () => {
    const text = (version: string): string => `{ manifestVersion: 1, id: "a", version: "${version}" }`;
    expect(codes(text("99999999999999999999.0.0"))).toEqual(["MANIFEST_INVALID /version"]);
    expect(parse(text("1.0.0-rc.1+build.5"))).toMatchObject({ version: "1.0.0-rc.1+build.5", problems: [] });
  });

  test("lines count at every kind of line end, and a byte order mark takes no column", () => {
    expect(lines(parse(`\uFEFF{ manifestVersion: 1, id: "a", version: 1 }`))[0]).toMatch(/^1:41 /);
    expect(lines(parse(`{\r\n manifestVersion: 1,\r id: "a",\n version: 1 }`))[0]).toMatch(/^4:11 /);
  });
});
