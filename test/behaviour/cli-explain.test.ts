import { expect, test } from "vitest";
import { CommandFolder, greeterFiles } from "../support/plugboard-process.js";

const english = greeterFiles("acme.english", "English", "`Hello, ${name}!`");

test("explain tells what an event activates", async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  const { code, stdout } = await folder.run(["explain", "onGreeter:english"]);
  expect(code).toBe(0);
  expect(stdout).toContain("acme.english");
  expect(await folder.runJson(["explain", "onGreeter:english"])).toMatchObject({
    code: 0,
    document: { subject: "onGreeter:english", activates: ["acme.english"] },
  });
});

test("explain tells how an extension stands", async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  const { code, document } = await folder.runJson(["explain", "acme.english"]);
  expect(code).toBe(0);
  expect(document).toMatchObject({
    subject: "acme.english",
    extension: { id: "acme.english", state: "ready", folder: "extensions/english" },
    activationEvents: ["onGreeter:english"],
    dependencies: [],
    stops: [],
  });
});

test("explain of an id without its publisher names the whole id", async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  const { stderr } = await folder.run(["explain", "english"]);
  expect(stderr).toBe("Did you mean acme.english?\n");
});

test("explain of something unknown says so, suggests the nearest event and exits with 1", async () => {
  const folder = await CommandFolder.create();
  await folder.write(english);
  const { code, stdout, stderr } = await folder.run(["explain", "onGreter:english"]);
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: 'No extension has the id "onGreter:english", and none waits for an event of that name.\n',
    stderr: "Did you mean onGreeter:english?\n",
  });
});
