/** What a reader of an extension does not see is told before anything of it runs. */
import { expect, test } from "vitest";
import { CommandFolder, greeterFiles } from "../support/plugboard-process.js";

/** An extension whose language holds a space of no width, and whose code is not in the order in which it is shown. */
async function trojan(): Promise<CommandFolder> {
  const folder = await CommandFolder.create();
  const files = greeterFiles("acme.english", "Eng\u200blish", "`Hello, ${name}!`");
  const code = "source/extension.js";
  await folder.write(
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path.replace("extensions/english", "source"), text]),
    ),
  );
  await folder.write({
    [code]: `// \u202e nimda fi \u2069\n${files["extensions/english/extension.js"] ?? ""}`,
  });
  return folder;
}

interface Found {
  readonly problems: readonly {
    code: string;
    severity: string;
    file: string;
    line: number;
    column: number;
    message: string;
  }[];
}

const places = (document: unknown) =>
  (document as Found).problems.map(({ code, severity, file, line, column, message }) => [
    `${file}:${String(line)}:${String(column)}`,
    severity,
    code,
    message,
  ]);

const inCode = (prefix: string) => [
  [
    `${prefix}extension.js:1:4`,
    "warning",
    "MODULE_HIDDEN_CHARACTER",
    "U+202E (right-to-left override) shows text in another order than it is read.",
  ],
  [
    `${prefix}extension.js:1:15`,
    "warning",
    "MODULE_HIDDEN_CHARACTER",
    "U+2069 (pop directional isolate) shows text in another order than it is read.",
  ],
];

test("validate, verify, install and trust name each hidden character, its place and its number", async () => {
  const folder = await trojan();
  const validated = await folder.runJson(["validate", "source"]);
  const inManifest = (validated.document as Found).problems.find(({ code }) => code.startsWith("MANIFEST"));
  expect(inManifest).toMatchObject({
    severity: "warning",
    message: "U+200B (zero width space) can't be seen.",
  });
  expect({ code: validated.code, places: places(validated.document).slice(1) }).toEqual({
    code: 0,
    places: inCode("source/"),
  });

  await folder.run(["pack", "source"]);
  const archive = "acme.english-1.0.0.tgz";
  expect(places((await folder.runJson(["verify", archive])).document).slice(1)).toEqual(
    inCode(`${archive}/`),
  );

  const installed = await folder.run(["install", archive]);
  expect(installed.code).toBe(0);
  expect(installed.stderr).toContain("extension.js:1:4: U+202E (right-to-left override)");
  expect(installed.stderr).toContain("plugin.json5:");

  const trusted = await folder.run(["trust", "acme.english", "--yes"]);
  expect(trusted.code).toBe(0);
  expect(trusted.stderr).toContain(
    "extensions/acme.english/extension.js:1:4 warning MODULE_HIDDEN_CHARACTER",
  );
});

test("a hidden character in an id is the one error of that id", async () => {
  const folder = await CommandFolder.create();
  const manifest = `{ manifestVersion: 1, id: "acme.eng\u200blish", version: "1.0.0", engines: { plugboard: "^1.0.0" } }`;
  await folder.write({ "source/plugin.json5": manifest });
  const { code, document } = await folder.runJson(["validate", "source"]);
  expect({ code, places: places(document) }).toEqual({
    code: 1,
    places: [
      [
        "source/plugin.json5:1:36",
        "error",
        "MANIFEST_HIDDEN_CHARACTER",
        "U+200B (zero width space) can't be seen.",
      ],
    ],
  });
});
