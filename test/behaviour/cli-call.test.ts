import { expect, test } from "vitest";
import { CommandFolder, greeterFiles } from "../support/plugboard-process.js";

const files = {
  ...greeterFiles("acme.english", "English", "`Hello, ${name}!`"),
  "extensions/tools/plugin.json5": `{
  manifestVersion: 1, id: "acme.tools", version: "1.0.0", main: "./extension.js",
  contributes: { commands: [{ id: "acme.sum", title: "Sum" }] },
}`,
  "extensions/tools/extension.js": `export function activate(context) {
  context.contribute("commands", "acme.sum", {
    execute: (...numbers) => ({ sum: numbers.reduce((total, number) => total + number, 0) }),
  });
}`,
};

test("call prints a text as it is", async () => {
  const folder = await CommandFolder.create();
  await folder.write(files);
  expect(await folder.run(["call", "greeters", "english", "greet", '"World"'])).toEqual({
    code: 0,
    stdout: "Hello, World!\n",
    stderr: "",
  });
});

test("call prints everything else as JSON", async () => {
  const folder = await CommandFolder.create();
  await folder.write(files);
  const { code, stdout } = await folder.run(["call", "commands", "acme.sum", "execute", "1", "-3"]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '{\n  "sum": -2\n}\n' });
  expect(await folder.runJson(["call", "commands", "acme.sum", "execute"])).toEqual({
    code: 0,
    document: { result: { sum: 0 } },
  });
});

test.each([
  ["point", ["greters", "english", "greet", '"World"'], "Did you mean greeters?"],
  ["contribution", ["greeters", "englsh", "greet", '"World"'], "Did you mean english?"],
  ["method", ["greeters", "english", "great", '"World"'], "CALL_UNKNOWN_TARGET"],
])("call of an unknown %s is at fault and says what is there", async (_part, target, said) => {
  const folder = await CommandFolder.create();
  await folder.write(files);
  const { code, stdout, stderr } = await folder.run(["call", ...target]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain(said);
});
