import { spawn } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { identify } from "../../../../core/src/runtime/child/process-identity.js";
import { sweepLeftovers } from "../../../../core/src/runtime/child/sweep.js";
import { inRepository } from "../../../support/repository.js";
import { aLauncher, freshFolder, idle, isAlive, writeProgram } from "./plugin-folder.js";

test("a plugin ends with a host that is killed, and the next host removes its folder", async () => {
  const [folder, temporary] = [await freshFolder(), await freshFolder()];
  await writeProgram(folder, idle);
  const built = (path: string) => pathToFileURL(inRepository(path)).href;
  const dist = (name: string) => built(`extensions/runtime-go-plugin/dist/${name}.js`);
  const host = spawn(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `const { Launcher } = await import(${JSON.stringify(dist("launch/launcher"))});
       const { readSettings } = await import(${JSON.stringify(dist("settings/settings"))});
       const { Children } = await import(${JSON.stringify(built("core/dist/runtime/child/children.js"))});
       const { PrivateFolders } = await import(${JSON.stringify(built("core/dist/runtime/child/private-folders.js"))});
       const children = new Children(2 ** 30);
       const folders = new PrivateFolders(${JSON.stringify(temporary)});
       const place = { platform: process.platform, arch: process.arch, environment: {} };
       const launcher = new Launcher({ environment: process.env });
       const { process: plugin } = await launcher.launch({
         extension: { id: "acme.x", version: "1.0.0", path: ${JSON.stringify(folder)} },
         settings: readSettings("acme.x", { kind: "go-plugin", command: "./plugin" }, place),
         granted: [], reuse: undefined, onFile() {}, onLine() {},
         createFolder: () => folders.create(),
         startChild: ({ program, args, argv0, environment, onLine }) =>
           children.start({ program, args, argv0, folder: ${JSON.stringify(folder)}, environment, pipes: 0, onLine }),
       }, new AbortController().signal);
       console.log(plugin.processId);`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const id = await new Promise<number>((resolve) => {
    host.stdout.once("data", (text: Buffer) => resolve(Number(text.toString())));
  });
  expect(isAlive(id)).toBe(true);
  host.kill("SIGKILL");
  // Whoever adopts it may take its time to collect what is left of it.
  await expect.poll(async () => (await identify(id)) === undefined, { timeout: 5_000 }).toBe(true);

  const { folders } = await aLauncher();
  const root = join(temporary, (await readdir(temporary))[0] ?? "");
  expect(await readdir(root)).not.toEqual([]);
  await sweepLeftovers(root);
  expect(await readdir(root)).toEqual([]);
  expect((await stat(await folders.root())).mode & 0o777).toBe(0o700);
});
