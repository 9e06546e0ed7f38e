/** A command that changes what a running host follows ends when that host has followed. */
import { expect, test } from "vitest";
import { CommandFolder, greeterFiles } from "../support/plugboard-process.js";

test("the next command finds the host that runs with what was installed, rolled back and removed", async () => {
  const folder = await CommandFolder.create();
  const version = (version: string, greeting: string) =>
    Object.fromEntries(
      Object.entries(greeterFiles("acme.english", "English", `"${greeting}"`, { version })).map(
        ([path, text]) => [path.replace("extensions/english", `source/${version}`), text],
      ),
    );
  await folder.write({
    "extensions/README.md": "",
    ...version("1.0.0", "one"),
    ...version("2.0.0", "two"),
  });
  const host = folder.start(["start", "--json"]);
  await host.line(({ event }) => event === "ready");
  const greeting = async () => (await folder.run(["greet", "World"])).stdout;
  for (let round = 0; round < 3; round++) {
    await folder.run(["install", "./source/1.0.0"]);
    expect(await greeting()).toBe("[English] one\n");
    await folder.run(["install", "./source/2.0.0"]);
    expect(await greeting()).toBe("[English] two\n");
    await folder.run(["rollback", "acme.english"]);
    expect(await greeting()).toBe("[English] one\n");
    await folder.run(["uninstall", "acme.english"]);
    expect(await greeting()).toBe("");
  }
  host.send({ stop: true });
  expect(await host.exit).toBe(0);
});
