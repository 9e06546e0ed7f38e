import { chmod, mkdir, readdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CommandFolder, greeterFiles } from "../support/plugboard-process.js";
import { inRepository } from "../support/repository.js";

const archive = "acme.english-1.0.0.tgz";

/** A folder with an extension that greets, and what one thinks of while writing it. */
async function authorFolder(): Promise<CommandFolder> {
  const folder = await CommandFolder.create();
  await folder.write({
    ...greeterFiles("acme.english", "English", "`Hello, ${name}!`"),
    "extensions/english/words.txt": "hello\n".repeat(500),
    "extensions/english/.env": "TOKEN=canary",
    "extensions/english/test/english.test.js": "",
  });
  return folder;
}

/** The same, packed and with a key. */
async function packedFolder(): Promise<CommandFolder> {
  const folder = await authorFolder();
  expect(await folder.run(["pack", "extensions/english"])).toMatchObject({ code: 0 });
  expect(await folder.run(["keys", "create", "author"])).toMatchObject({ code: 0 });
  return folder;
}

test("pack makes one file, and shows what is in it, biggest first", async () => {
  const folder = await authorFolder();
  const { code, stdout, stderr } = await folder.run(["pack", "extensions/english", "--out", "made"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const lines = stdout.trim().split("\n");
  expect(lines[0]).toMatch(/^ *SIZE {2}FILE$/);
  expect(lines.slice(1, 4).map((line) => line.trim().split("  ")[1])).toEqual([
    "words.txt",
    "plugin.json5",
    "extension.js",
  ]);
  expect(lines).toContainEqual(expect.stringMatching(/^packed acme\.english 1\.0\.0: 3 files, 3\.\d KB$/));
  expect(lines).toContainEqual(
    expect.stringMatching(/^archive \.\/made\/acme\.english-1\.0\.0\.tgz \(\d+ B\)$/),
  );
  expect(lines).toContainEqual(expect.stringMatching(/^digest {2}sha256:[0-9a-f]{64}$/));
  expect(await readdir(join(folder.path, "made"))).toEqual([archive]);
});

test("an extension in Go is not packed without its program, be it missing or left behind", async () => {
  const folder = await CommandFolder.create();
  const runtime = { kind: "go-plugin", command: "./greeter" };
  const manifest = {
    manifestVersion: 1,
    id: "acme.go",
    version: "1.0.0",
    engines: { plugboard: "^1.0.0" },
    runtime,
  };
  await folder.write({ "src/go/plugin.json5": JSON.stringify(manifest) });
  await mkdir(join(folder.path, "node_modules/@plugboard"), { recursive: true });
  await symlink(
    inRepository("extensions/runtime-go-plugin"),
    join(folder.path, "node_modules/@plugboard/runtime-go-plugin"),
  );
  expect(await folder.run(["pack", "src/go"])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('MANIFEST_PATH The path "./greeter" does not exist.') as string,
  });

  await folder.write({ "src/go/greeter": "#!/bin/sh\n", "src/go/.plugboardignore": "greeter\n" });
  expect(await folder.run(["pack", "src/go"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('needs "./greeter", which would be left behind') as string,
  });

  await folder.write({ "src/go/.plugboardignore": "" });
  expect(await folder.run(["pack", "src/go"])).toMatchObject({ code: 0 });
});

test("pack for a program gives the list as data, the same each time", async () => {
  const folder = await authorFolder();
  const first = await folder.runJson(["pack", "extensions/english"]);
  const bytes = await readFile(join(folder.path, archive));
  const second = await folder.runJson(["pack", "extensions/english"]);
  expect(second).toEqual(first);
  expect((await readFile(join(folder.path, archive))).equals(bytes)).toBe(true);
  expect(first).toMatchObject({
    code: 0,
    document: {
      packed: true,
      id: "acme.english",
      version: "1.0.0",
      archive,
      archiveSize: bytes.length,
      digest: expect.stringMatching(/^sha256:/) as string,
      files: [{ path: "words.txt", size: 3000 }, { path: "plugin.json5" }, { path: "extension.js" }],
      problems: [],
    },
  });
});

test("pack refuses what validate finds errors in, and leaves nothing behind", async () => {
  const folder = await authorFolder();
  await folder.write({ "extensions/english/plugin.json5": '{ manifestVersion: 1, id: "acme.english" }\n' });
  const { code, stdout } = await folder.run(["pack", "extensions/english"]);
  expect(code).toBe(1);
  expect(stdout).toContain("extensions/english/plugin.json5:1:1 error MANIFEST_INVALID");
  expect(stdout).toContain("not packed: 1 error");
  expect(await folder.runJson(["pack", "extensions/english"])).toMatchObject({
    code: 1,
    document: { packed: false, problems: [{ code: "MANIFEST_INVALID", line: 1 }] },
  });
  expect(await readdir(folder.path)).toEqual(["extensions"]);
});

test.each([
  ["a folder that is not there", "nowhere", "DISCOVERY_FOLDER_MISSING"],
  ["a folder of extensions", "extensions", "MANIFEST_MISSING"],
])("pack of %s is the input's fault", async (_what, name, code) => {
  const folder = await authorFolder();
  const outcome = await folder.run(["pack", name]);
  expect(outcome.code).toBe(1);
  expect(outcome.stdout + outcome.stderr).toContain(code);
});

test("what is packed and signed is verified by who has the public key", async () => {
  const folder = await packedFolder();
  const signed = await folder.run(["sign", archive, "--key", "author", "--expires", "2999-12-31"]);
  expect(signed).toMatchObject({ code: 0, stderr: "" });
  expect(signed.stdout).toMatch(/^signed acme\.english 1\.0\.0 with ed25519-[0-9a-f]{32}\n/);
  const { code, stdout } = await folder.run(["verify", archive, "--keys", "author.pub"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^verified: acme\.english 1\.0\.0\. Signed by author, and as it was signed\.\n/);
  expect(stdout).toContain(", until 2999-12-31T00:00:00.000Z");
  expect(await folder.runJson(["verify", archive, "--keys", "author.pub"])).toMatchObject({
    code: 0,
    document: {
      path: archive,
      state: "verified",
      id: "acme.english",
      version: "1.0.0",
      signer: { name: "author" },
    },
  });
});

test("verify tells every other state apart, each with what to do, and exits with 1", async () => {
  const folder = await packedFolder();
  const verify = async (...words: string[]) => {
    const { code, stdout } = await folder.run(["verify", ...words]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/\n {4}\S.*\.\n$/);
    return stdout.slice(0, stdout.indexOf(":"));
  };
  expect(await verify(archive)).toBe("unsigned");
  await folder.run(["sign", archive, "--key", "author", "--expires", "2001-01-01"]);
  expect(await verify(archive)).toBe("unknown key");
  expect(await verify(archive, "--keys", "author.pub")).toBe("expired");
  await folder.run(["keys", "revoke", "author.pub", "--reason", "lost"]);
  expect(await verify(archive)).toBe("revoked");
  await folder.write({ "extensions/english/plugin.signature.json": "{}" });
  expect(await verify("extensions/english")).toBe("modified");
});

test("keys that lie in .plugboard/keys are trusted without being named", async () => {
  const folder = await packedFolder();
  await folder.run(["sign", archive, "--key", "author"]);
  await mkdir(join(folder.path, ".plugboard/keys"), { recursive: true });
  await rename(join(folder.path, "author.pub"), join(folder.path, ".plugboard/keys/acme.pub"));
  const { code, stdout } = await folder.run(["verify", archive]);
  expect(code).toBe(0);
  expect(stdout).toContain("Signed by acme");
});

test("a new key is trusted by who trusts the old one that endorses it", async () => {
  const folder = await packedFolder();
  await folder.run(["keys", "create", "next"]);
  const endorsed = await folder.run(["keys", "endorse", "next.pub", "--key", "author"]);
  expect(endorsed).toMatchObject({ code: 0 });
  // The endorsement lies beside the key now, and goes along.
  await folder.run(["sign", archive, "--key", "next"]);
  const { code, stdout } = await folder.run(["verify", archive, "--keys", "author.pub"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/\nthrough ed25519-/);
});

test("sign refuses a key that others can read, and says what to do", async () => {
  const folder = await packedFolder();
  await chmod(join(folder.path, "author"), 0o644);
  const { code, stderr } = await folder.run(["sign", archive, "--key", "author"]);
  expect(code).toBe(1);
  expect(stderr).toContain("TRUST_KEY_EXPOSED");
  expect(stderr).toContain("0600");
});

test("verify of something that is no archive is the input's fault", async () => {
  const folder = await CommandFolder.create();
  await writeFile(join(folder.path, "text.tgz"), "text");
  expect(await folder.runJson(["verify", "text.tgz"])).toMatchObject({
    code: 1,
    document: { error: { code: "ARCHIVE_DAMAGED", advice: expect.any(String) as string } },
  });
  expect(await folder.runJson(["verify", "nothing.tgz"])).toMatchObject({
    code: 1,
    document: { error: { code: "ARCHIVE_UNREADABLE" } },
  });
});

test.each([
  [["pack"], "missing required argument 'folder'"],
  [["sign", archive], "required option '--key <file>' not specified"],
  [["sign", archive, "--key", "author", "--expires", "soon"], "A date looks like 2030-01-31."],
  [["verify"], "missing required argument 'path'"],
  [["keys", "lose"], "unknown command 'lose'"],
])("%j is wrong usage", async (words, message) => {
  const folder = await CommandFolder.create();
  const { code, stderr } = await folder.run(words);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
