import { expect, test } from "vitest";
import { CommandFolder, transformerFiles } from "../support/plugboard-process.js";

const texts = transformerFiles("acme.texts", {
  upper: "text.toUpperCase()",
  reverse: "[...text].reverse().join('')",
  broken: "text.missing.member",
});

test("transform sends a text through transformers in order", async () => {
  const folder = await CommandFolder.create();
  await folder.write(texts);
  expect(await folder.run(["transform", "some text", "--with", "upper,reverse"])).toEqual({
    code: 0,
    stdout: "TXET EMOS\n",
    stderr: "",
  });
});

test("transform reads the text from standard input, without the line break at its end", async () => {
  const folder = await CommandFolder.create();
  await folder.write(texts);
  const { stdout } = await folder.run(["transform", "-", "--with", "reverse"], { stdin: "one\ntwo\n" });
  expect(stdout).toBe("owt\neno\n");
});

test("transform for a program gives the text after each step", async () => {
  const folder = await CommandFolder.create();
  await folder.write(texts);
  expect(await folder.runJson(["transform", "ab", "--with", "upper,reverse"])).toEqual({
    code: 0,
    document: {
      text: "BA",
      steps: [
        { id: "upper", text: "AB" },
        { id: "reverse", text: "BA" },
      ],
    },
  });
});

test("transform names the nearest transformer when one is not there", async () => {
  const folder = await CommandFolder.create();
  await folder.write(texts);
  const { code, stdout, stderr } = await folder.run(["transform", "ab", "--with", "uper"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain('There is no transformer "uper".');
  expect(stderr).toContain("Did you mean upper?");
});

test("a transformer that fails is at fault", async () => {
  const folder = await CommandFolder.create();
  await folder.write(texts);
  const { code, stdout, stderr } = await folder.run(["transform", "ab", "--with", "upper,broken"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("CALL_FAILED");
});
