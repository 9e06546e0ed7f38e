import {
  chmod,
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createRequire } from "node:module";
import {
  heldExtensions,
  installExtension,
  packExtension,
  rollbackExtension,
  uninstallExtension,
  updateExtensions,
  verifyExtension,
} from "@plugboard/core/packaging";
import { expect, test, vi } from "vitest";
import { serveFiles } from "../support/file-server.js";
import {
  CommandFolder,
  greeterFiles,
  plugboardProgram,
  unfinishedInstall,
} from "../support/plugboard-process.js";
import { publish } from "../support/registry.js";

// Each of many commands is a process of its own, and a machine with other work starts one in seconds.
vi.setConfig({ testTimeout: 60_000 });

/** A folder in which two versions are packed and nothing is installed. */
async function operatorFolder(): Promise<CommandFolder> {
  const folder = await CommandFolder.create();
  for (const version of ["1.0.0", "2.0.0"]) {
    await folder.write(
      greeterFiles("acme.english", "English", `\`Hello from ${version}, \${name}!\``, { version }),
    );
    await packExtension(join(folder.path, "extensions/english"), { outFolder: folder.path });
    await rename(join(folder.path, "extensions/english"), join(folder.path, `source-${version}`));
  }
  await rm(join(folder.path, "extensions"), { recursive: true });
  return folder;
}

const archive = (version: string) => `acme.english-${version}.tgz`;
const greeting = async (folder: CommandFolder) => (await folder.run(["greet", "World"])).stdout;

test("an installed archive greets, is updated, rolled back and taken out again", async () => {
  const folder = await operatorFolder();
  const first = await folder.run(["install", archive("1.0.0")]);
  expect(first).toMatchObject({ code: 0, stderr: "" });
  expect(first.stdout).toMatch(
    /^installed acme\.english 1\.0\.0 into \.\/extensions\/acme\.english\ntrust {3}unsigned: /,
  );
  expect(await greeting(folder)).toBe("[English] Hello from 1.0.0, World!\n");
  const second = await folder.run(["install", archive("2.0.0")]);
  expect(second.stdout).toContain("installed acme.english 2.0.0 in place of 1.0.0");
  expect(await greeting(folder)).toBe("[English] Hello from 2.0.0, World!\n");
  expect(await folder.run(["rollback", "acme.english"])).toEqual({
    code: 0,
    stdout: "rolled back acme.english from 2.0.0 to 1.0.0\n",
    stderr: "",
  });
  expect(await greeting(folder)).toBe("[English] Hello from 1.0.0, World!\n");
  expect(await folder.run(["uninstall", "acme.english"])).toMatchObject({ code: 0 });
  expect(await readdir(join(folder.path, "extensions"))).toEqual([".plugboard"]);
  expect(await readdir(join(folder.path, "extensions/.plugboard/versions"))).toEqual([]);
});

test("a running host has each change at once", async () => {
  const folder = await operatorFolder();
  await mkdir(join(folder.path, "extensions"));
  const host = folder.start(["start", "--json"]);
  await host.line(({ event }) => event === "ready");
  const call = { point: "greeters", id: "english", method: "greet", args: ["World"] };
  const answer = async (ref: string) => {
    host.send({ call, ref });
    return host.line((line) => line["ref"] === ref);
  };
  const contribution = (kind: string, count: number) =>
    host.until(() => {
      const lines = host.lines.filter(
        ({ event, [kind]: ids }) =>
          event === "contributions" && Array.isArray(ids) && ids.includes("english"),
      );
      return lines.length >= count ? lines : undefined;
    });
  await folder.run(["install", archive("1.0.0")]);
  await contribution("added", 1);
  expect(await answer("first")).toMatchObject({ result: "Hello from 1.0.0, World!" });
  await folder.run(["install", archive("2.0.0")]);
  await contribution("changed", 1);
  expect(await answer("second")).toMatchObject({ result: "Hello from 2.0.0, World!" });
  await folder.run(["rollback", "acme.english"]);
  await contribution("changed", 2);
  expect(await answer("third")).toMatchObject({ result: "Hello from 1.0.0, World!" });
  await folder.run(["uninstall", "acme.english"]);
  await contribution("removed", 1);
  host.send({ stop: true });
  expect(await host.exit).toBe(0);
  // It was replaced in place, never taken out in between.
  expect(host.lines.filter(({ event }) => event === "removed")).toHaveLength(1);
});

test("a folder is installed as it would be packed", async () => {
  const folder = await operatorFolder();
  await writeFile(join(folder.path, "source-1.0.0/.env"), "TOKEN=canary");
  const packed = await folder.runJson(["pack", "source-1.0.0"]);
  const installed = await folder.runJson(["install", "source-1.0.0"]);
  expect(installed).toMatchObject({
    code: 0,
    document: {
      id: "acme.english",
      folder: "extensions/acme.english",
      digest: (packed.document as { digest: string }).digest,
    },
  });
  expect(await readdir(join(folder.path, "extensions/acme.english"))).toEqual([
    "extension.js",
    "plugin.json5",
  ]);
});

const refusals: readonly (readonly [
  string,
  string,
  (folder: CommandFolder) => Promise<readonly string[]>,
])[] = [
  ["an older version", "INSTALL_OLDER", () => Promise.resolve([archive("1.0.0")])],
  [
    "an unsigned one where it has to be verified",
    "TRUST_UNSIGNED",
    () => Promise.resolve([archive("2.0.0"), "--verified"]),
  ],
  [
    "one of an unknown key where it has to be verified",
    "TRUST_UNKNOWN_KEY",
    async (folder) => {
      await folder.run(["keys", "create", "author"]);
      await folder.run(["sign", archive("2.0.0"), "--key", "author"]);
      return [archive("2.0.0"), "--verified"];
    },
  ],
  [
    "one of a revoked key",
    "TRUST_REVOKED",
    async (folder) => {
      await folder.run(["keys", "create", "author"]);
      await folder.run(["sign", archive("2.0.0"), "--key", "author"]);
      await folder.run(["keys", "revoke", "author.pub"]);
      return [archive("2.0.0")];
    },
  ],
  [
    "one that was changed after it was signed",
    "TRUST_MODIFIED",
    async (folder) => {
      await folder.run(["keys", "create", "author"]);
      await folder.run(["sign", archive("2.0.0"), "--key", "author"]);
      await folder.run(["install", archive("2.0.0"), "--extensions", "elsewhere"]);
      await cp(join(folder.path, "elsewhere/acme.english/"), join(folder.path, "forged"), {
        recursive: true,
      });
      await writeFile(join(folder.path, "forged/extension.js"), "export function activate() {}\n");
      return ["forged"];
    },
  ],
  [
    "one with errors",
    "MANIFEST_PATH",
    async (folder) => {
      await folder.write({
        "broken/plugin.json5":
          '{ manifestVersion: 1, id: "acme.english", version: "3.0.0", icon: "./up/../../x.png" }',
      });
      return ["broken"];
    },
  ],
  [
    "an archive cut short",
    "ARCHIVE_TRUNCATED",
    async (folder) => {
      const bytes = await readFile(join(folder.path, archive("2.0.0")));
      await writeFile(join(folder.path, "short.tgz"), bytes.subarray(0, -30));
      return ["short.tgz"];
    },
  ],
];

test.each(refusals)("%s is refused as %s, and the installed version stays", async (_what, code, prepare) => {
  const folder = await operatorFolder();
  await folder.run(["install", archive("2.0.0")]);
  const words = await prepare(folder);
  const outcome = await folder.runJson(["install", ...words]);
  expect(outcome).toMatchObject({ code: 1, document: { error: { code } } });
  expect(await greeting(folder)).toBe("[English] Hello from 2.0.0, World!\n");
  const versions = await readdir(join(folder.path, "extensions/.plugboard/versions/acme.english"));
  expect(versions).toEqual([expect.stringMatching(/^2\.0\.0-[0-9a-f]+$/)]);
});

test("a verified version is not replaced by one that nobody vouches for", async () => {
  const folder = await operatorFolder();
  await folder.run(["keys", "create", "author"]);
  await folder.run(["sign", archive("1.0.0"), "--key", "author"]);
  const keys = ["--keys", "author.pub"];
  expect(await folder.run(["install", archive("1.0.0"), "--verified", ...keys])).toMatchObject({ code: 0 });
  expect(await folder.runJson(["install", archive("2.0.0"), ...keys])).toMatchObject({
    code: 1,
    document: { error: { code: "TRUST_LESS" } },
  });
  await folder.run(["sign", archive("2.0.0"), "--key", "author"]);
  expect(await folder.run(["install", archive("2.0.0"), ...keys])).toMatchObject({ code: 0 });
  expect(await folder.run(["verify", "extensions/acme.english", ...keys])).toMatchObject({ code: 0 });
});

test("what somebody put into the folder by hand is neither replaced nor removed", async () => {
  const folder = await operatorFolder();
  const byHand = join(folder.path, "extensions/acme.english");
  await mkdir(join(folder.path, "extensions"));
  await cp(join(folder.path, "source-1.0.0"), byHand, { recursive: true });
  const occupied = { code: 1, document: { error: { code: "INSTALL_OCCUPIED" } } };
  const missing = { code: 1, document: { error: { code: "INSTALL_MISSING" } } };
  expect(await folder.runJson(["install", archive("2.0.0")])).toMatchObject(occupied);
  expect(await folder.runJson(["uninstall", "acme.english"])).toMatchObject(missing);
  expect(await folder.runJson(["rollback", "acme.english"])).toMatchObject(missing);
  await rename(byHand, join(folder.path, "extensions/other-name"));
  expect(await folder.runJson(["install", archive("2.0.0")])).toMatchObject(occupied);
  expect((await lstat(join(folder.path, "extensions/other-name"))).isDirectory()).toBe(true);
});

test.each(["acme.nothing", "../source-1.0.0", "", "."])("%j can't be taken out", async (id) => {
  const folder = await operatorFolder();
  const missing = { code: 1, document: { error: { code: "INSTALL_MISSING" } } };
  expect(await folder.runJson(["uninstall", id])).toMatchObject(missing);
  expect(await folder.runJson(["rollback", id])).toMatchObject(missing);
});

test("a first version has none before it", async () => {
  const folder = await operatorFolder();
  await folder.run(["install", archive("1.0.0")]);
  expect(await folder.runJson(["rollback", "acme.english"])).toMatchObject({
    code: 1,
    document: { error: { code: "INSTALL_NO_PREVIOUS" } },
  });
});

test("what is installed already is left alone, with the version before it", async () => {
  const folder = await operatorFolder();
  await folder.run(["install", archive("1.0.0")]);
  await folder.run(["install", archive("2.0.0")]);
  const before = await readlink(join(folder.path, "extensions/acme.english"));
  const again = await folder.run(["install", "source-2.0.0"]);
  expect(again).toMatchObject({ code: 0 });
  expect(again.stdout).toContain("acme.english 2.0.0 is installed already; nothing has changed");
  expect(await readlink(join(folder.path, "extensions/acme.english"))).toBe(before);
  expect(await folder.run(["rollback", "acme.english"])).toMatchObject({ code: 0 });
});

test("who comes second waits for the first and says for whom, and one that was killed keeps nobody out", async () => {
  const folder = await operatorFolder();
  const installer = await unfinishedInstall(folder, archive("2.0.0"));
  const second = folder.start(["install", archive("1.0.0")]);
  const stopped = folder.start(["uninstall", "acme.english"]);
  const waits = `waiting for process ${installer.process.pid}`;
  for (const each of [second, stopped])
    await each.until(() => (each.stderr.includes(waits) ? true : undefined));
  stopped.process.kill("SIGTERM");
  expect(await stopped.exit).toBe(143);
  installer.process.kill("SIGKILL");
  await installer.exit;
  expect(await second.exit).toBe(0);
  expect(second.stdout).toContain("installed acme.english 1.0.0");
  expect(await readdir(join(folder.path, "extensions/.plugboard/claims"))).toEqual([]);
});

test("a wait that a program bounds ends with the process that is waited for", async () => {
  const folder = await operatorFolder();
  const installer = await unfinishedInstall(folder, archive("2.0.0"));
  const options = { extensionFolder: join(folder.path, "extensions"), waitMs: 0 };
  await expect(installExtension(join(folder.path, archive("1.0.0")), options)).rejects.toMatchObject({
    code: "INSTALL_BUSY",
    message: expect.stringContaining(`(${installer.process.pid})`) as string,
  });
});

const damages: Readonly<Record<string, (extensions: string) => Promise<unknown>>> = {
  "without its manifest": (extensions) => rm(join(extensions, "acme.english/plugin.json5")),
  "with a manifest that is no JSON5": (extensions) =>
    writeFile(join(extensions, "acme.english/plugin.json5"), "{"),
  "with another's manifest": (extensions) =>
    writeFile(join(extensions, "acme.english/plugin.json5"), '{ id: "acme.other", version: "1.0.0" }'),
  "without its code": (extensions) => rm(join(extensions, "acme.english/extension.js")),
  "with a link in a file's place": async (extensions) => {
    await rm(join(extensions, "acme.english/extension.js"));
    await symlink("/dev/null", join(extensions, "acme.english/extension.js"));
  },
  "without its files": async (extensions) =>
    rm(await realpath(join(extensions, "acme.english")), { recursive: true }),
  "without any of its versions": (extensions) =>
    rm(join(extensions, ".plugboard/versions/acme.english"), { recursive: true }),
  "without all that install keeps": (extensions) => rm(join(extensions, ".plugboard"), { recursive: true }),
  "without the notes beside it": async (extensions) => {
    const version = join(await realpath(join(extensions, "acme.english")), "..");
    for (const name of ["previous", "source.json", "digest"]) await rm(join(version, name), { force: true });
  },
  "without its link": (extensions) => rm(join(extensions, "acme.english")),
};

test.each(Object.keys(damages))(
  "an installation %s is repaired by installing again, or taken out",
  async (how) => {
    const folder = await operatorFolder();
    const extensions = join(folder.path, "extensions");
    const options = { extensionFolder: extensions };
    const install = (version: string) => installExtension(join(folder.path, archive(version)), options);
    for (const version of ["1.0.0", "2.0.0"]) await install(version);
    await damages[how]?.(extensions);
    // One that is damaged ends no update, and is told.
    const told = (await updateExtensions(undefined, options)).map(({ state, reason }) => [
      state,
      (reason as { code?: string } | undefined)?.code,
    ]);
    if (how === "without its link") expect(told).toEqual([]);
    else if (how === "without the notes beside it")
      expect(told).toEqual([["failed", "INSTALL_SOURCE_UNKNOWN"]]);
    else expect(told).toEqual([["failed", "INSTALL_DAMAGED"]]);
    expect(await install("2.0.0")).toMatchObject({ version: "2.0.0" });
    expect(await verifyExtension(join(extensions, "acme.english"))).toMatchObject({
      version: "2.0.0",
      digest: (await verifyExtension(join(folder.path, archive("2.0.0")))).digest,
    });
    await damages[how]?.(extensions);
    expect(await uninstallExtension("acme.english", options)).toEqual({
      id: "acme.english",
      version: "2.0.0",
    });
    expect(await readdir(extensions)).toEqual([".plugboard"]);
    expect(await readdir(join(extensions, ".plugboard/versions")).catch(() => [])).toEqual([]);
  },
);

test("a damaged version is left by a rollback, and is not what a rollback leads to", async () => {
  const folder = await operatorFolder();
  const extensions = join(folder.path, "extensions");
  const manifest = join(extensions, "acme.english/plugin.json5");
  for (const version of ["1.0.0", "2.0.0"]) await folder.run(["install", archive(version)]);
  await rm(manifest);
  expect(await folder.run(["rollback", "acme.english"])).toMatchObject({
    code: 0,
    stdout: "rolled back acme.english from 2.0.0 to 1.0.0\n",
  });
  // Mended, it does not lead back to what was damaged, but to what that had replaced.
  await folder.run(["install", archive("2.0.0")]);
  await rm(manifest);
  expect((await folder.run(["install", archive("2.0.0")])).stdout).toContain("repaired acme.english 2.0.0");
  const [first] = (await readdir(join(extensions, ".plugboard/versions/acme.english"))).sort();
  await rm(join(extensions, ".plugboard/versions/acme.english", first ?? "", "extension/plugin.json5"));
  expect(await folder.runJson(["rollback", "acme.english"])).toMatchObject({
    code: 1,
    document: { error: { code: "INSTALL_DAMAGED" } },
  });
  expect(await greeting(folder)).toBe("[English] Hello from 2.0.0, World!\n");
});

test("an update passes over what was rolled back, until there is a newer one or it is wanted again", async () => {
  const folder = await operatorFolder();
  const options = { extensionFolder: join(folder.path, "extensions") };
  const update = async (more: object = {}) => {
    const [outcome] = await updateExtensions(undefined, { ...options, ...more });
    return [outcome?.state, outcome?.newVersion];
  };
  await installExtension(join(folder.path, archive("1.0.0")), options);
  expect(await update()).toEqual(["updated", "2.0.0"]);
  await rollbackExtension("acme.english", options);
  const held = await folder.run(["update"]);
  expect(held).toMatchObject({ code: 0 });
  expect(held.stdout).toMatch(/1\.0\.0 +2\.0\.0 +held/);
  expect(held.stderr).toContain("rolled back");
  expect(await greeting(folder)).toBe("[English] Hello from 1.0.0, World!\n");
  // Whoever looks is told, without anybody being asked.
  const sentence = "acme.english 1.0.0: update passes over 2.0.0, which was rolled back";
  expect((await folder.run(["list"])).stdout).toContain(sentence);
  expect(await heldExtensions(options.extensionFolder)).toMatchObject([
    { id: "acme.english", version: "1.0.0", rolledBack: "2.0.0" },
  ]);
  expect((await folder.run(["doctor"])).stdout).toContain(sentence);
  expect((await folder.run(["update", "--again", "--dry-run"])).stdout).toMatch(/2\.0\.0 +available/);
  await folder.write(greeterFiles("acme.english", "English", '"newer"', { version: "2.0.1" }));
  await rename(join(folder.path, "extensions/english"), join(folder.path, "source-2.0.1"));
  await packExtension(join(folder.path, "source-2.0.1"), { outFolder: folder.path });
  expect(await update()).toEqual(["updated", "2.0.1"]);
  await rollbackExtension("acme.english", options);
  expect(await update()).toEqual(["held", "2.0.1"]);
  expect(await update({ again: true })).toEqual(["updated", "2.0.1"]);
});

test("what is installed can be read by everybody, whatever the mask it was installed with", async () => {
  const folder = await operatorFolder();
  const program = `process.umask(0o077); process.argv.splice(1, 0, ""); await import(${JSON.stringify(pathToFileURL(plugboardProgram).href)});`;
  const installer = folder.startProgram(
    process.execPath,
    ["--input-type=module", "-e", program, "--", "install", archive("1.0.0")],
    {},
  );
  expect(await installer.exit).toBe(0);
  const closed: string[] = [];
  const look = async (path: string): Promise<void> => {
    const found = await lstat(path);
    const wanted = found.isDirectory() ? 0o755 : 0o644;
    const isPrivate = path.endsWith("source.json");
    if (!found.isSymbolicLink() && !isPrivate && (found.mode & wanted) !== wanted) closed.push(path);
    if (found.isDirectory()) for (const name of await readdir(path)) await look(join(path, name));
  };
  const extensions = join(folder.path, "extensions");
  await look(extensions);
  expect(closed).toEqual([]);
  // What was closed later is opened by installing it once more.
  const parts = [".plugboard", ".plugboard/versions/acme.english", "acme.english/."];
  for (const part of parts.toReversed()) await chmod(join(extensions, part), 0o700);
  expect((await folder.run(["install", archive("1.0.0")])).stdout).toContain("installed already");
  await look(extensions);
  expect(closed).toEqual([]);
});

test("a host loads nothing of what packs and installs", async () => {
  const folder = await operatorFolder();
  await folder.write({
    "told.mjs": `import { registerHooks } from "node:module";
registerHooks({
  load(url, context, next) {
    process.stderr.write(url + "\\n");
    return next(url, context);
  },
});
`,
  });
  const env = { NODE_OPTIONS: `--import=${pathToFileURL(join(folder.path, "told.mjs")).href}` };
  const wanted = /\/(?:chunks\/(?:tar|ignore)|entries\/packaging)\.js$/;
  const modules = async (words: readonly string[]) =>
    (await folder.run(words, { env })).stderr.split("\n").filter((url) => wanted.test(url));
  expect(await modules(["install", archive("1.0.0")])).toContainEqual(expect.stringContaining("/tar.js"));
  expect(await modules(["greet", "World"])).toEqual([]);
});

/**
 * Installs two versions in turn for ever, one from a folder and one from a registry, each with the version of another
 * extension that only it can use. Says each time when it begins, and first whether the two that it finds belong together.
 */
const restless = (packaging: string) => `
import { existsSync, readFileSync } from "node:fs";
import { installExtension, rollbackExtension } from ${JSON.stringify(packaging)};
const options = { extensionFolder: "extensions", allowOlder: true, approve: () => true };
await rollbackExtension("acme.nobody", options).catch(() => {});
const version = (id) => {
  const file = "extensions/" + id + "/plugin.json5";
  return existsSync(file) && /version: "(\\d)/.exec(readFileSync(file, "utf8"))[1];
};
if (version("acme.many") !== version("acme.base")) console.error("torn");
for (let turn = 0; ; turn++) {
  console.log("turn");
  await installExtension(turn % 2 === 0 ? "./many-0" : "@acme/many", options);
}
`;

test("a kill at any moment leaves one version, whole, and with it what belongs to it", async () => {
  const folder = await CommandFolder.create();
  const entry = createRequire(import.meta.url).resolve("@plugboard/core/packaging");
  await folder.write({ "restless.mjs": restless(pathToFileURL(entry).href) });
  const registry = await serveFiles();
  for (const which of ["0", "1"]) {
    const files = Array.from({ length: 20 }, (_, index) => [
      `many-${which}/file-${index}.txt`,
      which.repeat(2_000),
    ]);
    const manifest = (name: string) => `{ manifestVersion: 1, id: "acme.${name}", version: "${which}.0.0"`;
    await folder.write({
      ...(Object.fromEntries(files) as Record<string, string>),
      [`many-${which}/plugin.json5`]: `${manifest("many")}, extensionDependencies: { "acme.base": "${which}.0.0" } }`,
      [`base-${which}/plugin.json5`]: `${manifest("base")} }`,
    });
  }
  for (const name of ["many", "base"]) {
    const source = join(folder.path, `${name}-1`);
    const { archive: file } = await packExtension(source, { outFolder: join(folder.path, "packed") });
    publish(registry, `@acme/${name}`, [{ version: "1.0.0", archive: await readFile(file) }]);
    await rename(source, join(folder.path, "packed", name));
  }
  const env = { NPM_CONFIG_REGISTRY: registry.address, TMPDIR: join(folder.path, "temporary") };
  await mkdir(env.TMPDIR);
  const seen = new Set<string>();
  for (let kill = 0; kill < 12; kill++) {
    const installer = folder.startProgram(process.execPath, ["restless.mjs"], env);
    // On a slow machine, too, now the one and now the other has been installed before.
    const turns = 2 + (kill % 2);
    await installer.until(() => (installer.stdout.split("turn").length > turns ? true : undefined));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
    installer.process.kill("SIGKILL");
    await installer.exit;
    expect(installer.stderr).toBe("");
    const installed = join(folder.path, "extensions/acme.many");
    const names = (await readdir(installed)).filter((name) => name.startsWith("file-"));
    const texts = await Promise.all(names.map((name) => readFile(join(installed, name), "utf8")));
    const manifest = await readFile(join(installed, "plugin.json5"), "utf8");
    const which = /version: "(\d)/.exec(manifest)?.[1] ?? "none";
    expect(texts).toEqual(Array.from({ length: 20 }, () => which.repeat(2_000)));
    seen.add(which);
  }
  // Whoever comes next finds nothing in the way and clears up.
  const last = ["install", "@acme/many", "--allow-older", "--yes"];
  expect(await folder.run(last, { env })).toMatchObject({ code: 0 });
  expect(await readdir(env.TMPDIR)).toEqual([]);
  const own = join(folder.path, "extensions/.plugboard");
  expect(await readdir(own)).toEqual(["claims", "versions"]);
  expect(await readdir(join(own, "claims"))).toEqual([]);
  expect((await readdir(join(own, "versions/acme.many"))).length).toBeLessThanOrEqual(2);
  expect([...seen].sort()).toEqual(["0", "1"]);
}, 120_000);
