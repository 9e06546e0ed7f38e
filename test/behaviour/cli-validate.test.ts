import { expect, test } from "vitest";
import { CommandFolder, greeterFiles } from "../support/plugboard-process.js";

const english = greeterFiles("acme.english", "English", "`Hello, ${name}!`");
const broken = {
  "extensions/broken/plugin.json5": `{
  manifestVersion: 1,
  id: "acme.broken",
  version: "1.0",
  dispalyName: "Broken",
  main: "./missing.js",
  contributes: {
    greeters: [{ id: "broken", lang: 5 }],
  },
}
`,
};

test("validate finds nothing wrong with a good extension, nor with a folder of them", async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  for (const directory of ["extensions/english", "extensions", "./extensions/"]) {
    expect(await folder.run(["validate", directory])).toEqual({
      code: 0,
      stdout: "valid: no problems\n",
      stderr: "",
    });
  }
  expect(await folder.runJson(["validate", "extensions"])).toEqual({
    code: 0,
    document: { valid: true, problems: [] },
  });
});

test("validate shows the place of every mistake and what to do, without running the extension", async () => {
  const folder = await CommandFolder.create();
  await folder.write(broken);
  const { code, stdout, stderr } = await folder.run(["validate", "extensions/broken"]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  const findings = stdout.split("\n").filter((line) => line.startsWith("extensions/"));
  expect(findings.map((line) => line.split(" ").slice(0, 3).join(" ")).sort()).toEqual([
    "extensions/broken/plugin.json5:4:12 error MANIFEST_INVALID",
    "extensions/broken/plugin.json5:5:3 warning MANIFEST_UNKNOWN_KEY",
    "extensions/broken/plugin.json5:6:9 error MANIFEST_PATH",
    "extensions/broken/plugin.json5:8:36 error CONTRIBUTION_INVALID",
  ]);
  expect(stdout).toContain("Did you mean displayName?");
  expect(stdout).toContain("not valid: 3 errors, 1 warning");
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

test("validate of a folder that is not there is at fault", async () => {
  const folder = await CommandFolder.create();
  const { code, stdout } = await folder.run(["validate", "nowhere"]);
  expect(code).toBe(1);
  expect(stdout).toContain("nowhere");
});
