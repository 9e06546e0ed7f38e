import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CommandFolder, greeterFiles } from "../support/plugboard-process.js";

const english = greeterFiles("acme.english", "English", "`Hello, ${name}!`", { version: "1.2.0" });
const broken = { "extensions/broken/plugin.json5": '{\n  id: "acme.broken"\n  version: "1.0.0",\n}\n' };

test("list prints a row for each extension and what is wrong beneath", async () => {
  const folder = await CommandFolder.create();
  await folder.write({ ...english, ...broken });
  const { code, stdout } = await folder.run(["list"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^EXTENSION +VERSION +STATE +RUNTIME +GEN +CONTRIBUTES +PROBLEMS\n/);
  expect(stdout).toMatch(/^acme\.english +1\.2\.0 +ready +in-process +1 +greeters: english +-$/m);
  expect(stdout).toMatch(/^extensions\/broken\/plugin\.json5:3:3 error MANIFEST_SYNTAX .+\n {4}\S/m);
});

test("list for a program has an entry for each folder, without id where the manifest can't be read", async () => {
  const folder = await CommandFolder.create();
  await folder.write({ ...english, ...broken });
  const { code, document } = await folder.runJson(["list"]);
  expect(code).toBe(0);
  const { extensions } = document as { extensions: readonly { folder: string }[] };
  expect(extensions).toHaveLength(2);
  expect(extensions.find(({ folder }) => folder === "extensions/english")).toMatchObject({
    id: "acme.english",
    version: "1.2.0",
    state: "ready",
    generation: 1,
    runtime: "in-process",
    contributes: { greeters: ["english"] },
    problems: [],
  });
  expect(extensions.find(({ folder }) => folder === "extensions/broken")).toMatchObject({
    version: null,
    state: "invalid",
    problems: [
      {
        code: "MANIFEST_SYNTAX",
        severity: "error",
        file: "extensions/broken/plugin.json5",
        line: 3,
        column: 3,
        advice: expect.any(String) as unknown,
      },
    ],
  });
});

test("list ends quietly when its reader has had enough", async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  const listing = folder.start(["list"]);
  listing.process.stdout.destroy();
  expect(await listing.exit).toBe(0);
  expect(listing.stderr).toBe("");
});

test("list says so when a folder holds no extensions", async () => {
  const folder = await CommandFolder.create();
  await folder.write({ "extensions/.keep": "" });
  expect(await folder.run(["list"])).toEqual({
    code: 0,
    stdout: "No extensions in ./extensions.\n",
    stderr: "",
  });
});

test("what is wrong with the folders and the state is told with and without extensions", async () => {
  const folder = await CommandFolder.create();
  await mkdir(join(folder.path, "extensions"));
  await symlink("nowhere", join(folder.path, "extensions/gone"));
  const empty = await folder.run(["list"]);
  expect(empty.stdout).toMatch(
    /^No extensions in .\/extensions\.\n\nextensions\/gone: .* DISCOVERY_LINK_DANGLING/,
  );
  expect(empty.stderr).toBe("");
  expect(await folder.runJson(["list"])).toMatchObject({
    document: { extensions: [], problems: [{ code: "DISCOVERY_LINK_DANGLING", file: "extensions/gone" }] },
  });

  await folder.write(greeterFiles("acme.english", "English", "`Hello, ${name}!`"));
  expect((await folder.run(["list"])).stdout).toContain("DISCOVERY_LINK_DANGLING");
  for (const words of [
    ["greet", "World"],
    ["call", "greeters", "english", "greet", '"World"'],
    ["explain", "acme.english"],
  ]) {
    const { code, stderr } = await folder.run(words);
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("DISCOVERY_LINK_DANGLING") as unknown,
    });
  }

  await folder.run(["disable", "acme.english"]);
  await writeFile(join(folder.path, ".plugboard/extensions.json"), "{");
  const call = await folder.run(["call", "greeters", "english", "greet", '"World"']);
  expect(call).toMatchObject({ code: 1, stdout: "" });
  expect(call.stderr).toContain("STATE_UNREADABLE");
});
