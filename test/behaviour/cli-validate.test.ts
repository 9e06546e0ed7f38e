import { rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CommandFolder, greeterFiles } from "../support/plugboard-process.js";

const english = greeterFiles("acme.english", "English", "`Hello, ${name}!`");
const broken = {
  "extensions/broken/plugin.json5": `{
  manifestVersion: 1,
  id: "acme.broken",
  version: "1.0",
  dispalyName: "Broken",
  main: "./extension.js",
}
`,
  "extensions/broken/extension.js": "throw new Error('validate ran the extension');\n",
};
const misled = {
  "extensions/misled/plugin.json5": `{
  manifestVersion: 1,
  id: "acme.misled",
  version: "1.0.0",
  main: "./missing.js",
  contributes: {
    greeters: [{ id: "misled", lang: 5 }],
    commands: [{ id: "acme.misled", title: "" }],
    gadgets: [{ id: "one" }],
  },
}
`,
};

test("validate finds nothing wrong with a good extension, nor with a folder of them", async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  const directories = ["extensions/english", "extensions", "./extensions/"];
  const validations = await Promise.all(directories.map((directory) => folder.run(["validate", directory])));
  const nothing = { code: 0, stdout: "valid: no problems\n", stderr: "" };
  expect(validations).toEqual(directories.map(() => nothing));
  expect(await folder.runJson(["validate", "extensions"])).toEqual({
    code: 0,
    document: { valid: true, problems: [] },
  });
});

const places = (stdout: string) =>
  stdout
    .split("\n")
    .filter((line) => line.startsWith("extensions/"))
    .map((line) => line.split(" ").slice(0, 3).join(" "))
    .sort();

test("validate shows the place of every mistake and what to do, without running the extension", async () => {
  const folder = await CommandFolder.create();
  await folder.write(broken);
  const { code, stdout, stderr } = await folder.run(["validate", "extensions/broken"]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  expect(places(stdout)).toEqual([
    "extensions/broken/plugin.json5:4:12 error MANIFEST_INVALID",
    "extensions/broken/plugin.json5:5:3 warning MANIFEST_UNKNOWN_KEY",
  ]);
  expect(stdout).toContain("Did you mean displayName?");
  expect(stdout).toContain("not valid: 1 error, 1 warning");
});

test("validate checks contributions by the schemas of their points, and where paths lead", async () => {
  const folder = await CommandFolder.create();
  await folder.write(misled);
  const { code, stdout } = await folder.run(["validate", "extensions"]);
  expect(code).toBe(1);
  expect(places(stdout)).toEqual([
    "extensions/misled/plugin.json5:5:9 error MANIFEST_PATH",
    "extensions/misled/plugin.json5:7:38 error CONTRIBUTION_INVALID",
    "extensions/misled/plugin.json5:8:44 error CONTRIBUTION_INVALID",
    "extensions/misled/plugin.json5:9:5 warning MANIFEST_UNKNOWN_POINT",
  ]);
});

test("validate knows the points that the extensions beside open", async () => {
  const folder = await CommandFolder.create();
  await folder.write({
    "extensions/opener/plugin.json5": `{
  manifestVersion: 1, id: "acme.opener", version: "1.0.0",
  contributes: { points: [{ id: "gadgets", schema: "./gadget.schema.json" }] },
}`,
    "extensions/opener/gadget.schema.json": JSON.stringify({
      type: "object",
      properties: { size: { type: "number" } },
      required: ["size"],
    }),
    "extensions/user/plugin.json5": `{
  manifestVersion: 1, id: "acme.user", version: "1.0.0",
  contributes: { gadgets: [{ id: "one", size: "large" }] },
}`,
  });
  const { code, stdout } = await folder.run(["validate", "extensions"]);
  expect(code).toBe(1);
  expect(places(stdout)).toEqual(["extensions/user/plugin.json5:3:47 error CONTRIBUTION_INVALID"]);
});

test("validate finds a path that leaves the folder through a link", async () => {
  const folder = await CommandFolder.create();
  await folder.write({ ...english, "outside.js": "" });
  await rm(join(folder.path, "extensions/english/extension.js"));
  await symlink(join(folder.path, "outside.js"), join(folder.path, "extensions/english/extension.js"));
  const { code, stdout } = await folder.run(["validate", "extensions/english"]);
  expect(code).toBe(1);
  expect(places(stdout)).toEqual(["extensions/english/plugin.json5:6:9 error MANIFEST_PATH"]);
});

test("validate for a program gives the problems as data", async () => {
  const folder = await CommandFolder.create();
  await folder.write({ ...english, ...broken });
  const { code, document } = await folder.runJson(["validate", "extensions"]);
  expect(code).toBe(1);
  expect(document).toMatchObject({ valid: false });
  expect((document as { problems: unknown[] }).problems).toContainEqual(
    expect.objectContaining({
      code: "MANIFEST_UNKNOWN_KEY",
      severity: "warning",
      file: "extensions/broken/plugin.json5",
      line: 5,
      column: 3,
      path: "/dispalyName",
      suggestion: "displayName",
    }),
  );
});

test.each([
  ["is not there", "nowhere", "DISCOVERY_FOLDER_MISSING"],
  ["is a file", "file.txt", "DISCOVERY_UNREADABLE"],
  ["holds no extension", "empty", "MANIFEST_MISSING The folder holds no plugin.json5, and no folder"],
])("what is to be validated and %s is not valid", async (_what, name, code) => {
  const folder = await CommandFolder.create();
  await folder.write({ "file.txt": "", "empty/readme.md": "" });
  const outcome = await folder.run(["validate", name]);
  expect(outcome.code).toBe(1);
  expect(outcome.stdout).toContain(`${name}: error ${code} `);
  expect(outcome.stdout).toContain("\nnothing to validate: 1 error\n");
});

test("validate and pack say of a folder that is not there only that, as nothing waits for it", async () => {
  const folder = await CommandFolder.create();
  for (const command of ["validate", "pack"]) {
    const { code, stdout } = await folder.run([command, "nowhere"]);
    expect({ code, waits: stdout.includes("waits") }).toEqual({ code: 1, waits: false });
    expect(stdout).toContain("nowhere: error DISCOVERY_FOLDER_MISSING");
  }
});

test("validate of a manifest checks the folder it lies in", async () => {
  const folder = await CommandFolder.create();
  await folder.write(misled);
  const { code, stdout } = await folder.run(["validate", "extensions/misled/plugin.json5"]);
  expect(code).toBe(1);
  expect(places(stdout)).toContain("extensions/misled/plugin.json5:5:9 error MANIFEST_PATH");
});

test("a folder whose folders are no extensions is not valid", async () => {
  const folder = await CommandFolder.create();
  await folder.write({
    "some/a/README.md": "",
    "some/b/index.js": "",
    "some/node_modules/x/plugin.json5": "{}",
  });
  const { code, stdout } = await folder.run(["validate", "some"]);
  expect({ code, first: stdout.split("\n")[0] }).toEqual({
    code: 1,
    first:
      "some: error MANIFEST_MISSING The folder holds no extension, and neither do the folders in it: a, b.",
  });
  await folder.write({ "some/c/plugin.json5": `{ manifestVersion: 1, id: "acme.c", version: "1.0.0" }` });
  expect((await folder.run(["validate", "some"])).code).toBe(0);
});

test("validate tells what would come to nothing, and as a note what others may still bring", async () => {
  const folder = await CommandFolder.create();
  await folder.write({
    "extensions/idle/plugin.json5": `{
  manifestVersion: 1,
  id: "acme.idle",
  version: "1.0.0",
  runtime: "procces",
  activationEvents: ["*", "onStartUp", "onLanguage:python"],
  contributes: {
    commands: [{ id: "acme.idle" }],
    configuration: [{ id: "size", type: "number", default: "large" }],
  },
}
`,
    "extensions/bare/plugin.json5": `{
  manifestVersion: 1,
  id: "acme.bare",
  version: "1.0.0",
  contributes: { commands: [{ id: "acme.bare" }] },
}
`,
  });
  const { code, stdout } = await folder.run(["validate", "extensions"]);
  expect(code).toBe(1);
  expect(places(stdout)).toEqual([
    "extensions/bare/plugin.json5:5:18 error MANIFEST_MAIN_MISSING",
    "extensions/idle/plugin.json5:5:12 warning RUNTIME_UNKNOWN",
    "extensions/idle/plugin.json5:6:27 warning ACTIVATION_EVENT_UNKNOWN",
    "extensions/idle/plugin.json5:6:40 info ACTIVATION_EVENT_UNKNOWN",
    "extensions/idle/plugin.json5:9:60 error CONTRIBUTION_INVALID",
  ]);
  expect(stdout).toContain("    Did you mean onStartup? ");
  expect(stdout).toContain("    Did you mean process? ");
});
