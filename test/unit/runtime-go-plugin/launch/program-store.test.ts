import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, readFile, rename, symlink, utimes, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { isExtensionError, type FileStamp } from "@plugboard/extension-api";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  ProgramStore,
  type Program,
  type ProgramRequest,
} from "../../../../extensions/runtime-go-plugin/src/launch/program-store.js";
import { PrivateFolders } from "../../../../core/src/runtime/child/private-folders.js";
import { FileComparer } from "../../../../core/src/guest/loader/file-stamp.js";
import { freshFolder } from "./plugin-folder.js";

interface Setup {
  readonly folder: string;
  readonly program: string;
  readonly files: Map<string, FileStamp>;
  readonly prepare: (request?: Partial<ProgramRequest>) => Promise<Program>;
  readonly faultOf: (request?: Partial<ProgramRequest>) => Promise<readonly [string, string]>;
}

/** A folder with a real program in it. */
async function setUp(source = "/bin/true"): Promise<Setup> {
  const folder = await freshFolder();
  const program = join(folder, "plugin");
  await copyFile(source, program);
  await chmod(program, 0o755);
  const folders = new PrivateFolders(await freshFolder());
  const store = new ProgramStore();
  onTestFinished(() => store.dispose());
  const files = new Map<string, FileStamp>();
  const prepare: Setup["prepare"] = (request) =>
    store.prepare({
      extension: { id: "acme.x", version: "1.0.0", path: folder },
      command: "plugin",
      sha256: undefined,
      inPlace: false,
      reuse: undefined,
      onFile: (path, stamp) => files.set(path, stamp),
      createFolder: () => folders.create(),
      ...request,
    });
  return {
    folder,
    program,
    files,
    prepare,
    faultOf: async (request) => {
      const outcome: unknown = await prepare(request).catch((error: unknown) => error);
      if (isExtensionError(outcome)) return [outcome.code, outcome.message];
      throw new Error("the program was not refused", { cause: outcome });
    },
  };
}

const aWhileAgo = new Date(Date.now() - 60_000);

describe("the store of programs", () => {
  it("runs a private copy of the same name, which stays what it is when the file is written over", async () => {
    const { program, prepare, files } = await setUp();
    const before = await readFile(program);
    const prepared = await prepare();
    expect(prepared.path).not.toBe(program);
    expect(basename(prepared.path)).toBe("plugin");
    await writeFile(program, "something else");
    expect((await readFile(prepared.path)).equals(before)).toBe(true);
    expect(await new FileComparer().changedFiles(files)).toEqual([program]);
  });

  it("tells the file as the host compares it, also in place and of a script", async () => {
    const { program, prepare, files } = await setUp();
    await prepare();
    expect(await new FileComparer().changedFiles(files)).toEqual([]);
    expect((await prepare({ inPlace: true })).path).toBe(program);
    expect(await new FileComparer().changedFiles(files)).toEqual([]);
    await writeFile(program, "#!/bin/sh\n");
    expect((await prepare()).path).toBe(program);
    expect(await new FileComparer().changedFiles(files)).toEqual([]);
  });

  it("checks the bytes that are run", async () => {
    const { program, prepare, faultOf } = await setUp();
    const sha256 = createHash("sha256")
      .update(await readFile(program))
      .digest("hex");
    expect((await prepare({ sha256 })).path).not.toBe(program);
    const [code, message] = await faultOf({ sha256: "0".repeat(64) });
    expect([code, message]).toEqual(["MODULE_CHECKSUM", expect.stringContaining(sha256)]);
    await writeFile(program, "#!/bin/sh\n");
    expect((await faultOf({ sha256 }))[0]).toBe("MODULE_CHECKSUM");
    const script = createHash("sha256").update("#!/bin/sh\n").digest("hex");
    expect((await prepare({ sha256: script })).path).not.toBe(program);
  });

  it("runs only what was trusted, also where it lies", async () => {
    const { program, prepare, faultOf } = await setUp();
    await writeFile(program, "#!/bin/sh\n");
    const sha256 = createHash("sha256").update("#!/bin/sh\n").digest("hex");
    for (const inPlace of [false, true]) {
      await expect(prepare({ inPlace, trusted: new Map([["plugin", sha256]]) })).resolves.toBeDefined();
      for (const digests of [[["plugin", "0".repeat(64)]], [["other", sha256]]] as const)
        expect((await faultOf({ inPlace, trusted: new Map(digests) }))[0]).toBe("TRUST_CHANGED");
    }
  });

  it("uses a program again for a session that is restored, though its file has changed", async () => {
    const { program, prepare, files } = await setUp();
    const old = await prepare();
    old.release();
    const replacement = `${program}~`;
    await copyFile("/bin/false", replacement);
    await rename(replacement, program);
    expect((await prepare()).path).not.toBe(old.path);
    expect((await prepare({ reuse: old })).path).toBe(old.path);
    expect(await new FileComparer().changedFiles(files)).toEqual([program]);
  });

  it("keeps no more idle copies than it needs", async () => {
    const { program, prepare } = await setUp();
    const paths: string[] = [];
    for (let round = 0; round < 12; round++) {
      await utimes(program, aWhileAgo, new Date(aWhileAgo.getTime() + round * 1_000));
      const prepared = await prepare();
      paths.push(prepared.path);
      prepared.release();
    }
    const kept = async () =>
      (
        await Promise.all(
          paths.map((path) =>
            readFile(path).then(
              () => true,
              () => false,
            ),
          ),
        )
      ).filter(Boolean).length;
    await expect.poll(kept).toBe(8);
  });

  it("says of a program what keeps it from running", async () => {
    const { program, faultOf, files } = await setUp();
    await chmod(program, 0o644);
    expect(await faultOf()).toEqual(["MODULE_UNFIT", expect.stringContaining("chmod +x plugin")]);
    await chmod(program, 0o755);
    const bytes = await readFile(program);
    await writeFile(program, bytes.subarray(0, bytes.length / 2));
    expect(await faultOf()).toEqual(["MODULE_UNFIT", expect.stringContaining("ends early")]);
    await writeFile(program, "no program");
    expect(await faultOf()).toEqual(["MODULE_UNFIT", expect.stringContaining("neither a program")]);
    await writeFile(program, "#!/no/such/interpreter -x\n");
    expect(await faultOf()).toEqual(["MODULE_UNFIT", expect.stringContaining("/no/such/interpreter")]);
    expect(files.get(program)?.hash).toMatch(/^[0-9a-f]{40}$/);
  });

  it("refuses what is not a file of the extension's own, and waits for one that is missing", async () => {
    const { folder, faultOf, files } = await setUp();
    await mkdir(join(folder, "dir"));
    await symlink("/bin/true", join(folder, "out"));
    expect(await faultOf({ command: "out" })).toEqual([
      "MANIFEST_PATH",
      expect.stringContaining("leads out"),
    ]);
    expect(await faultOf({ command: "dir" })).toEqual([
      "MANIFEST_PATH",
      expect.stringContaining("not a file"),
    ]);
    expect(await faultOf({ command: "gone" })).toEqual([
      "MANIFEST_PATH",
      expect.stringContaining("does not exist"),
    ]);
    expect(files.get(join(folder, "gone"))?.hash).toBeUndefined();
    expect([...files.keys()]).toEqual([join(folder, "gone")]);
  });
});
