/** What another user put into the current directory is not obeyed, unless somebody names it. */
import { execFile } from "node:child_process";
import { chmod, chown, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test, type TestContext } from "vitest";
import { CommandFolder, greeterFiles } from "../support/plugboard-process.js";

const run = promisify(execFile);
const stranger = 54_321;
const isRoot = process.getuid?.() === 0;

function needsRoot({ skip }: TestContext): void {
  skip(!isRoot, "only root can give files to another user");
}

async function folderWithExtension(): Promise<CommandFolder> {
  const folder = await CommandFolder.create();
  await folder.write(greeterFiles("acme.english", "English", "`Hello, ${name}!`", {}));
  return folder;
}

test("a config file of another user is refused with the option that names it, and obeyed once it is named", async (context) => {
  needsRoot(context);
  const folder = await folderWithExtension();
  const config = join(folder.path, "plugboard.config.json5");
  await writeFile(config, '{ settings: { "acme.english": {} } }');
  await chown(config, stranger, stranger);
  for (const command of [["list"], ["greet", "World"], ["explain", "acme.english"], ["health"]]) {
    const { code, stderr } = await folder.run(command);
    expect({ command, code, stderr }).toMatchObject({
      command,
      code: 1,
      stderr: expect.stringMatching(/CONFIG_FOREIGN .*another user \(uid 54321\)[^]*--config/) as unknown,
    });
  }
  const named = await folder.run(["greet", "World", "--config", "plugboard.config.json5"]);
  expect(named).toMatchObject({ code: 0, stdout: expect.stringContaining("Hello, World!") as unknown });
});

test("a state folder, its socket and a link of another user are refused, root's and one's own are not", async (context) => {
  needsRoot(context);
  const folder = await folderWithExtension();
  const state = join(folder.path, ".plugboard");
  await mkdir(state);
  expect((await folder.run(["greet", "World"])).code).toBe(0);

  const socket = join(state, "host.sock");
  await writeFile(socket, "");
  await chown(socket, stranger, stranger);
  expect(await folder.run(["health"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("CONFIG_FOREIGN") as unknown,
  });
  await chown(socket, 0, 0);
  await chown(state, stranger, stranger);
  expect(await folder.run(["greet", "World"])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/CONFIG_FOREIGN[^]*--state/) as unknown,
  });
  expect((await folder.run(["greet", "World", "--state", state])).code).toBe(0);
});

test("what sudo's user owns is obeyed by root", async (context) => {
  needsRoot(context);
  const folder = await folderWithExtension();
  await chmod(folder.path, 0o755);
  const config = join(folder.path, "plugboard.config.json5");
  await writeFile(config, "{}");
  await chown(config, stranger, stranger);
  const { stdout } = await run(
    process.execPath,
    [join(import.meta.dirname, "../../core/bin/plugboard.js"), "greet", "World"],
    {
      cwd: folder.path,
      env: { ...process.env, SUDO_UID: String(stranger) },
    },
  );
  expect(stdout).toContain("Hello, World!");
});
