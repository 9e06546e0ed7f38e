/** Trap 19 where it counts: what was granted is held to by the process that runs the extension, not by a check. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { anExtension, createTestHost, type TestHost } from "@plugboard/core/testing";
import { expect, test } from "vitest";

/** Runs what it is told, and tells the value or the code of the error. */
const reader = anExtension({
  id: "acme.reader",
  contributes: { commands: [{ id: "acme.try" }] },
  head: `import * as fs from "node:fs"; import { Worker } from "node:worker_threads";`,
  supplies: {
    commands: {
      "acme.try": `{ execute: async (source) => {
        try { return await new Function("fs", "Worker", source)(fs, Worker); } catch (error) { return error.code ?? error.message; }
      } }`,
    },
  },
});

const attempt = (kit: TestHost, source: string) => kit.host.executeCommand("acme.try", source);

test("trap 19: a path that is granted can be read and one that is not is denied in fact", async () => {
  await using kit = await createTestHost({
    extensions: [
      reader.with({
        manifest: { runtime: "process", capabilities: { fs: { read: ["../../data"], write: ["./cache"] } } },
      }),
    ],
    grants: { "acme.reader": { fs: { read: ["../../data"], write: ["./cache"] } } },
  });
  const data = join(kit.temporaryFolder, "data");
  for (const folder of [data, `${data}-2`]) {
    await mkdir(folder);
    await writeFile(join(folder, "words.txt"), "words");
  }
  await mkdir(join(kit.folder, "acme.reader", "cache"));
  const read = (file: string) => attempt(kit, `return fs.readFileSync(${JSON.stringify(file)}, "utf8")`);
  const write = (file: string) =>
    attempt(kit, `fs.writeFileSync(${JSON.stringify(file)}, ""); return "written"`);

  expect(await read(join(data, "words.txt"))).toBe("words");
  expect(await read(join(`${data}-2`, "words.txt"))).toBe("ERR_ACCESS_DENIED");
  expect(await read(`${data}/../data-2/words.txt`)).toBe("ERR_ACCESS_DENIED");
  expect(await write(join(data, "words.txt"))).toBe("ERR_ACCESS_DENIED");
  expect(await write(join(kit.folder, "acme.reader", "cache", "a.txt"))).toBe("written");
  expect(await write(join(kit.folder, "acme.reader", "b.txt"))).toBe("ERR_ACCESS_DENIED");
});

test("trap 19: what is declared and not granted is denied in fact", async () => {
  await using kit = await createTestHost({
    extensions: [
      reader.with({
        manifest: {
          runtime: "process",
          capabilities: { fs: { read: ["../../data"] }, env: ["PATH"], workers: true },
        },
      }),
    ],
    grants: { "acme.other": { fs: { read: ["/"] }, env: true, workers: true } },
  });
  await mkdir(join(kit.temporaryFolder, "data"));

  expect(
    await attempt(kit, `return fs.readdirSync(${JSON.stringify(join(kit.temporaryFolder, "data"))})`),
  ).toBe("ERR_ACCESS_DENIED");
  expect(await attempt(kit, `return process.env.PATH ?? "nothing"`)).toBe("nothing");
  expect(await attempt(kit, `new Worker("", { eval: true })`)).toBe("ERR_ACCESS_DENIED");
});

test("a grant of threads is a grant of everything, as SECURITY.md says", async () => {
  await using kit = await createTestHost({
    extensions: [reader.with({ manifest: { runtime: "process", capabilities: { workers: true } } })],
    grants: { "acme.reader": { workers: true } },
  });
  const source = (options: string) =>
    `return new Promise((resolve, reject) => {
      const thread = new Worker('const fs = require("fs"); require("worker_threads").parentPort.postMessage(fs.readdirSync("/").length > 0)', { eval: true, ${options} });
      thread.on("message", resolve).on("error", reject);
    })`;

  expect(await attempt(kit, source(""))).toBe("ERR_ACCESS_DENIED");
  expect(await attempt(kit, source("execArgv: []"))).toBe(true);
});
