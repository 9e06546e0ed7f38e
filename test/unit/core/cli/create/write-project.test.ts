import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { writeProject } from "../../../../../core/src/cli/create/write-project.js";
import { InputError, StoppedError } from "../../../../../core/src/cli/exit-code.js";

const files = { "plugin.json5": "{}", "test/extension.test.ts": "" };
/** No disk takes the last one. */
const unwritable = { ...files, "bad\0name": "" };

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-create-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const everythingIn = async (folder: string) => (await readdir(folder, { recursive: true })).sort();

function failure(promise: Promise<void>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable("it was written"),
    (error: unknown) => error,
  );
}

test("a new folder is written with the folders above it", async () => {
  const home = await aFolder();
  await writeProject(join(home, "a/b/hello"), files, new AbortController().signal);
  expect(await everythingIn(join(home, "a/b"))).toEqual([
    "hello",
    "hello/plugin.json5",
    "hello/test",
    "hello/test/extension.test.ts",
  ]);
});

test("an empty folder is filled and stays the same folder", async () => {
  const home = await aFolder();
  await writeProject(home, files, new AbortController().signal);
  expect(await everythingIn(home)).toEqual(["plugin.json5", "test", "test/extension.test.ts"]);
});

test("a stop leaves nothing of a new folder, nor of an empty one", async () => {
  const home = await aFolder();
  await mkdir(join(home, "empty"));
  const signal = AbortSignal.abort("SIGINT");
  expect(await failure(writeProject(join(home, "a/b/hello"), files, signal))).toBeInstanceOf(StoppedError);
  expect(await failure(writeProject(join(home, "empty"), files, signal))).toBeInstanceOf(StoppedError);
  expect(await everythingIn(home)).toEqual(["empty"]);
});

test("a failure leaves nothing of a new folder, nor of an empty one", async () => {
  const home = await aFolder();
  await mkdir(join(home, "empty"));
  const { signal } = new AbortController();
  for (const folder of ["a/b/hello", "empty"]) {
    const error = await failure(writeProject(join(home, folder), unwritable, signal));
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ code: "CREATE_UNWRITABLE" });
  }
  expect(await everythingIn(home)).toEqual(["empty"]);
});

test("what holds something is refused and left as it is", async () => {
  const home = await aFolder();
  await writeFile(join(home, "file"), "");
  const { signal } = new AbortController();
  for (const folder of [home, join(home, "file")]) {
    expect(await failure(writeProject(folder, files, signal))).toMatchObject({ code: "CREATE_OCCUPIED" });
  }
  expect(await everythingIn(home)).toEqual(["file"]);
});
