/** Folders that hold what no author would put there, on purpose or by accident. */
import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { createTestHost, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info } from "../support/extensions.js";

const run = promisify(execFile);
const isUnix = process.platform !== "win32";

/** An extension that opens a point with this schema and contributes to it itself. */
function opener(schema: string) {
  return aGreeter({
    id: "acme.opener",
    contributes: { points: [{ id: "panels", schema: "./panel.schema.json" }], panels: [{ id: "first" }] },
    main: false,
    files: { "panel.schema.json": schema },
  });
}

const english = aGreeter({ id: "acme.english" });

test.runIf(isUnix)("a pipe in the place of a point's schema holds nothing up", async () => {
  await using kit = await createTestHost({ extensions: [english], start: "manual" });
  const folder = await opener("{}").writeTo(kit.folder);
  await rm(join(folder, "panel.schema.json"));
  await run("mkfifo", [join(folder, "panel.schema.json")]);

  await kit.host.start();
  expect(info(kit.host, "acme.opener").problems[0]).toMatchObject({ code: "CONTRIBUTION_INVALID" });
  expect(await greet(kit.host, "english")).toContain("World");
});

test("a point's schema that only refers to itself is a Problem of those who contribute to it", async () => {
  await using kit = await createTestHost({ extensions: [english, opener(`{ $ref: "#" }`)] });

  expect(info(kit.host, "acme.opener").problems).toMatchObject([{ code: "CONTRIBUTION_INVALID" }]);
  expect(await greet(kit.host, "english")).toContain("World");
});

test("a pattern that would take years holds nothing up, and fair texts of others still fit", async () => {
  const schema = `{ type: "object", properties: { name: { type: "string", pattern: "^(a+)+$" } } }`;
  const patient = opener(schema).with({
    contributes: {
      points: [{ id: "panels", schema: "./panel.schema.json" }],
      panels: [{ id: "first", name: "aaa" }],
    },
  });
  const hostile = aGreeter({
    id: "acme.zealot",
    main: false,
    contributes: { panels: [{ id: "second", name: `${"a".repeat(60)}!` }] },
  });
  await using kit = await createTestHost({ extensions: [patient, hostile, english] });

  expect(info(kit.host, "acme.opener").problems).toEqual([]);
  expect(info(kit.host, "acme.zealot").problems).toMatchObject([{ code: "CONTRIBUTION_INVALID" }]);
  expect(await greet(kit.host, "english")).toContain("World");
});

test.runIf(isUnix).for(["index.json", "extensions.json"])(
  "a pipe in the place of %s in the state folder holds nothing up, and what may be disabled does not run",
  async (name) => {
    await using kit = await createTestHost({ start: "manual", extensions: [english] });
    const stateFolder = join(kit.temporaryFolder, "state");
    await mkdir(stateFolder);
    await run("mkfifo", [join(stateFolder, name)]);

    await using other = await createTestHost({ stateFolder, extensions: [english] });
    if (name === "index.json") expect(await greet(other.host, "english")).toContain("World");
    else expect(info(other.host, "acme.english").reason?.code).toBe("DISABLED");
  },
);

test("the call that finds a copy under way waits for the rest of it, as later calls do", async () => {
  await using kit = await createTestHost({ watch: true, limits: { incompleteMs: 2_000 } });
  const split = english.with({
    head: `import { word } from "./word.js";`,
    supplies: { greeters: { english: "{ greet: (name) => `${word} ${name}` }" } },
  });
  const folder = await split.writeTo(kit.folder);
  await eventually(() => expect(info(kit.host, "acme.english").state).toBe("ready"));

  const first = greet(kit.host, "english", "first");
  await eventually(() => expect(info(kit.host, "acme.english").reason?.code).toBe("INCOMPLETE"));
  const second = greet(kit.host, "english", "second");
  await writeFile(join(folder, "word.js"), `export const word = "Hello";`);

  expect(await Promise.all([first, second])).toEqual(["Hello first", "Hello second"]);
});
