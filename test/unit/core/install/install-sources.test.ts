import { lstat, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { installExtension } from "../../../../core/src/install/install-extension.js";
import type { InstallOptions, InstallPlan } from "../../../../core/src/install/installer.js";
import { updateExtensions } from "../../../../core/src/install/update-extensions.js";
import { integrityOf, serveFiles, type FileServer } from "../../../support/file-server.js";
import {
  packed,
  packInto,
  temporaryFolder,
  writeExtension,
  type DeclaredExtension,
} from "../../../support/packed-extension.js";
import { publish } from "../../../support/registry.js";

interface Place {
  readonly options: InstallOptions;
  /** What was asked. */
  readonly plans: InstallPlan[];
  /** Ids and versions of what is installed. */
  readonly versions: () => Promise<Readonly<Record<string, string>>>;
}

/** A folder to install into, and npm's configuration for a registry; whatever is asked is agreed to. */
async function place(registry?: FileServer): Promise<Place> {
  const cwd = await temporaryFolder();
  const extensionFolder = join(cwd, "extensions");
  const plans: InstallPlan[] = [];
  const env = { HOME: cwd, NPM_CONFIG_GLOBALCONFIG: join(cwd, "none") };
  return {
    plans,
    options: {
      extensionFolder,
      cwd,
      env: registry === undefined ? env : { ...env, NPM_CONFIG_REGISTRY: registry.address },
      approve: (plan) => {
        plans.push(plan);
        return true;
      },
    },
    versions: async () => {
      const names = (await readdir(extensionFolder).catch(() => [])).filter((name) => !name.startsWith("."));
      const texts = names.map((name) => readFile(join(extensionFolder, name, "plugin.json5"), "utf8"));
      const manifests = (await Promise.all(texts)).map((text) => JSON.parse(text) as DeclaredExtension);
      return Object.fromEntries(manifests.map(({ id, version = "" }) => [id, version]));
    },
  };
}

/** Publishes versions of an extension under the name that its id stands for. */
async function publishAll(server: FileServer, name: string, extensions: readonly DeclaredExtension[]) {
  const versions = extensions.map(async (extension) => ({
    version: extension.version ?? "1.0.0",
    archive: await packed(extension),
  }));
  publish(server, name, await Promise.all(versions));
}

const base = (version: string): DeclaredExtension => ({ id: "acme.base", version });
const english = (version: string, range: string): DeclaredExtension => ({
  id: "acme.english",
  version,
  needs: { "acme.base": range },
});

test("a package is installed in the version asked for", async () => {
  const server = await serveFiles();
  await publishAll(server, "@acme/base", [base("1.0.0"), base("1.2.0"), base("2.0.0")]);
  for (const [words, version] of [
    ["@acme/base@1.0.0", "1.0.0"],
    ["@acme/base@^1.0", "1.2.0"],
    ["@acme/base", "2.0.0"],
  ] as const) {
    const { options, versions } = await place(server);
    const outcome = await installExtension(words, options);
    expect(outcome).toMatchObject({
      id: "acme.base",
      version,
      from: `@acme/base@${version}`,
      dependencies: [],
    });
    expect(await versions()).toEqual({ "acme.base": version });
  }
});

test.each([
  ["@acme/base@^3", "SOURCE_MISSING"],
  ["@acme/base@beta", "SOURCE_MISSING"],
  ["@acme/nothing", "SOURCE_MISSING"],
  ["@acme/forged", "SOURCE_INTEGRITY"],
  ["@acme/weak", "SOURCE_INTEGRITY"],
  ["@acme/other", "ARCHIVE_DAMAGED"],
  ["@acme/strange", "SOURCE_INVALID"],
])("%s is refused as %s and leaves nothing", async (words, code) => {
  const server = await serveFiles();
  const archive = await packed(base("1.0.0"));
  publish(server, "@acme/base", [{ version: "1.0.0", archive }]);
  publish(server, "@acme/forged", [{ version: "1.0.0", archive, integrity: integrityOf("another") }]);
  publish(server, "@acme/weak", [
    { version: "1.0.0", archive, integrity: "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=" },
  ]);
  publish(server, "@acme/other", [{ version: "1.0.0", archive: Buffer.from("no archive") }]);
  server.answers.set("@acme/strange", "<html>");
  const { options, versions } = await place(server);
  await expect(installExtension(words, options)).rejects.toMatchObject({ code });
  expect(await versions()).toEqual({});
});

test("a package that does not bring what its package.json names is refused by name", async () => {
  const server = await serveFiles();
  const folder = await temporaryFolder();
  // As npm packs it, which takes dependencies along only if they are named as bundled.
  const archive = await packInto(folder, { ...base("1.0.0"), packageFile: { name: "@acme/base" } });
  const { crafted } = await import("../archive/crafted-archive.js").then(({ archiveOf, manifest }) => ({
    crafted: archiveOf([
      manifest,
      { path: "package/package.json", content: '{"dependencies": {"slug": "^9.0.0"}}' },
    ]),
  }));
  publish(server, "@acme/base", [{ version: "1.0.0", archive: await readFile(archive) }]);
  publish(server, "@acme/crafted", [{ version: "1.0.0", archive: await readFile(await crafted) }]);
  const { options, versions } = await place(server);
  const refused = installExtension("@acme/crafted", options);
  await expect(refused).rejects.toMatchObject({ code: "INSTALL_NOT_BUNDLED" });
  await expect(refused).rejects.toThrow(/slug/);
  await installExtension("@acme/base", options);
  expect(await versions()).toEqual({ "acme.base": "1.0.0" });
});

test("what an extension depends on comes from the same registry, and is shown before", async () => {
  const server = await serveFiles();
  await publishAll(server, "@acme/base", [base("1.0.0"), base("1.3.0"), base("2.0.0")]);
  await publishAll(server, "@acme/english", [english("1.0.0", "^1.0.0")]);
  const { options, plans, versions } = await place(server);
  await expect(installExtension("@acme/english", { ...options, approve: undefined })).rejects.toMatchObject({
    code: "INSTALL_UNAPPROVED",
  });
  await expect(installExtension("@acme/english", { ...options, approve: () => false })).rejects.toMatchObject(
    { code: "INSTALL_UNAPPROVED" },
  );
  expect(await versions()).toEqual({});
  await installExtension("@acme/english", options);
  expect(await versions()).toEqual({ "acme.base": "1.3.0", "acme.english": "1.0.0" });
  expect(plans).toMatchObject([
    {
      extensions: [
        { id: "acme.base", version: "1.3.0", from: "@acme/base@1.3.0", neededBy: ["acme.english"] },
        { id: "acme.english", version: "1.0.0", neededBy: [] },
      ],
      leavesBehind: [],
    },
  ]);
});

test("the package of a dependency may be named by who needs it", async () => {
  const server = await serveFiles();
  await publishAll(server, "plain-base", [{ id: "base", version: "1.0.0" }]);
  const needing = { id: "acme.english", version: "1.0.0", needs: { base: "*" } };
  await publishAll(server, "@acme/unnamed", [needing]);
  await publishAll(server, "@acme/english", [
    { ...needing, packageFile: { name: "@acme/english", plugboard: { packages: { base: "plain-base" } } } },
  ]);
  const { options, versions } = await place(server);
  await expect(installExtension("@acme/unnamed", options)).rejects.toMatchObject({
    code: "INSTALL_DEPENDENCY",
  });
  await installExtension("@acme/english", options);
  expect(await versions()).toEqual({ "acme.english": "1.0.0", base: "1.0.0" });
});

test("what is installed and fits is used, wherever the host finds it", async () => {
  const server = await serveFiles();
  await publishAll(server, "@acme/base", [base("1.3.0")]);
  await publishAll(server, "@acme/english", [english("1.0.0", "^1.0.0")]);
  const { options, plans, versions } = await place(server);
  const bundled = await temporaryFolder();
  await writeExtension(bundled, base("1.1.0"));
  await installExtension("@acme/english", { ...options, otherFolders: [bundled] });
  expect(await versions()).toEqual({ "acme.english": "1.0.0" });
  expect(plans).toEqual([]);
});

test("versions are chosen so that all who ask can use them, those installed included", async () => {
  const server = await serveFiles();
  await publishAll(server, "@acme/base", ["1.0.0", "1.1.0", "1.2.0", "2.0.0"].map(base));
  await publishAll(server, "@acme/words", [
    { id: "acme.words", version: "1.0.0", needs: { "acme.base": "<1.2.0" } },
  ]);
  await publishAll(server, "@acme/english", [
    { id: "acme.english", version: "1.0.0", needs: { "acme.base": "^1.0.0", "acme.words": "*" } },
  ]);
  const fresh = await place(server);
  await installExtension("@acme/english", fresh.options);
  expect(await fresh.versions()).toMatchObject({ "acme.base": "1.1.0", "acme.words": "1.0.0" });

  const { options, versions } = await place(server);
  await installExtension("@acme/base@1.0.0", options);
  const dependent = await writeExtension(await temporaryFolder(), {
    id: "acme.old",
    needs: { "acme.base": "~1.0.0" },
  });
  await installExtension(dependent, options);
  await publishAll(server, "@acme/newer", [{ id: "acme.newer", needs: { "acme.base": "^1.1.0" } }]);
  await expect(installExtension("@acme/newer", options)).rejects.toMatchObject({
    code: "INSTALL_DEPENDENCY",
  });
  expect(await versions()).toEqual({ "acme.base": "1.0.0", "acme.old": "1.0.0" });
});

test("a dependency that fails leaves nothing of the others", async () => {
  const server = await serveFiles();
  await publishAll(server, "@acme/english", [english("1.0.0", "*")]);
  await publishAll(server, "@acme/base", [base("1.0.0")]);
  const { options, versions } = await place(server);
  const examine = async (folder: string) => {
    const { id } = JSON.parse(await readFile(join(folder, "plugin.json5"), "utf8")) as DeclaredExtension;
    if (id === "acme.english") throw new Error("faulty");
  };
  await expect(installExtension("@acme/english", { ...options, examine })).rejects.toThrow("faulty");
  await expect(
    installExtension("@acme/english", { ...options, requireVerified: true }),
  ).rejects.toMatchObject({ code: "TRUST_UNSIGNED" });
  expect(await versions()).toEqual({});
  expect(await readdir(join(options.extensionFolder, ".plugboard/versions"))).toEqual([]);
});

test("dependencies lie beside a folder or an archive on the disk", async () => {
  const folder = await temporaryFolder();
  await packInto(folder, base("1.0.0"));
  await packInto(folder, base("1.1.0"));
  const archive = await packInto(folder, english("1.0.0", "^1.0.0"));
  const fromArchives = await place();
  await installExtension(archive, fromArchives.options);
  expect(await fromArchives.versions()).toEqual({ "acme.base": "1.1.0", "acme.english": "1.0.0" });

  const parent = await temporaryFolder();
  await writeExtension(parent, base("1.4.0"));
  const source = await writeExtension(parent, english("1.0.0", "^1.0.0"));
  const fromFolders = await place();
  await installExtension(source, fromFolders.options);
  expect(await fromFolders.versions()).toEqual({ "acme.base": "1.4.0", "acme.english": "1.0.0" });

  const alone = await writeExtension(await temporaryFolder(), english("1.0.0", "^1.0.0"));
  await expect(installExtension(alone, (await place()).options)).rejects.toMatchObject({
    code: "INSTALL_DEPENDENCY",
  });
});

test("at an address lies one archive, and index.json beside it tells of others", async () => {
  const temporary = await temporaryFolder();
  const server = await serveFiles();
  const archive = await packed(english("1.0.0", "^1.0.0"));
  const dependency = await packed(base("1.0.0"));
  server.answers.set("x/english.tgz", archive);
  server.answers.set("x/base.tgz", dependency);
  const address = `${server.address}x/english.tgz`;
  const entry = { id: "acme.base", version: "1.0.0", file: "base.tgz", integrity: integrityOf(dependency) };
  const { options, versions } = await place();
  // Only now: the archives above were packed among the temporary files too.
  vi.stubEnv("TMPDIR", temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(installExtension(address, options)).rejects.toMatchObject({ code: "INSTALL_DEPENDENCY" });
  const index = (extensions: readonly unknown[]) =>
    server.answers.set("x/index.json", JSON.stringify({ extensions }));
  for (const [extensions, code] of [
    [[{ ...entry, integrity: integrityOf("another") }], "SOURCE_INTEGRITY"],
    [[{ ...entry, file: "https://example.com/base.tgz" }], "SOURCE_INVALID"],
    [[{ ...entry, version: "1.1.0" }], "SOURCE_INVALID"],
    ["none", "SOURCE_INVALID"],
  ] as const) {
    index(extensions as readonly unknown[]);
    await expect(installExtension(address, options)).rejects.toMatchObject({ code });
  }
  index([entry]);
  await expect(
    installExtension(address, { ...options, integrity: integrityOf("another") }),
  ).rejects.toMatchObject({ code: "SOURCE_INTEGRITY" });
  expect(await versions()).toEqual({});
  await installExtension(address, { ...options, integrity: integrityOf(archive) });
  expect(await versions()).toEqual({ "acme.base": "1.0.0", "acme.english": "1.0.0" });
  expect(await readdir(temporary)).toEqual([]);
});

test("an installed extension that would be left behind is shown first", async () => {
  const folder = await temporaryFolder();
  const { options, plans } = await place();
  await packInto(folder, base("1.0.0"));
  await installExtension(await packInto(folder, english("1.0.0", "^1.0.0")), options);
  plans.length = 0;
  await installExtension(await packInto(folder, base("2.0.0")), options);
  expect(plans).toMatchObject([
    {
      extensions: [{ id: "acme.base", version: "2.0.0", replaces: "1.0.0" }],
      leavesBehind: [{ id: "acme.english", range: "^1.0.0" }],
    },
  ]);
});

test("each extension is updated from where it came, as far as its words and its dependents allow", async () => {
  const server = await serveFiles();
  await publishAll(server, "@acme/base", [base("1.0.0")]);
  await publishAll(server, "@acme/english", [english("1.0.0", "^1.0.0")]);
  await publishAll(server, "@acme/pinned", [{ id: "acme.pinned" }]);
  server.answers.set("one.tgz", await packed({ id: "acme.one" }));
  const folder = await temporaryFolder();
  const byPath = await writeExtension(folder, { id: "acme.path" });
  const { options, versions } = await place(server);
  for (const source of ["@acme/english@^1.0.0", "@acme/pinned@1.0.0", `${server.address}one.tgz`, byPath]) {
    await installExtension(source, options);
  }
  const update = async (dryRun: boolean) =>
    (await updateExtensions(undefined, { ...options, dryRun })).map(({ id, state, newVersion }) =>
      [id, state, newVersion ?? ""].join(" ").trim(),
    );
  expect(await update(false)).toEqual(
    ["base", "english", "one", "path", "pinned"].map((name) => `acme.${name} current`),
  );
  await publishAll(server, "@acme/base", ["1.0.0", "1.1.0", "2.0.0"].map(base));
  await publishAll(server, "@acme/pinned", [{ id: "acme.pinned" }, { id: "acme.pinned", version: "1.1.0" }]);
  server.answers.set("one.tgz", await packed({ id: "acme.one", version: "1.1.0" }));
  await packInto(folder, { id: "acme.path", version: "1.1.0" });
  const before = await versions();
  const expected = (state: string) => [
    `acme.base ${state} 1.1.0`,
    "acme.english current",
    `acme.one ${state} 1.1.0`,
    `acme.path ${state} 1.1.0`,
    "acme.pinned current",
  ];
  expect(await update(true)).toEqual(expected("available"));
  expect(await versions()).toEqual(before);
  expect(await update(false)).toEqual(expected("updated"));
  expect(await versions()).toEqual({
    "acme.base": "1.1.0",
    "acme.english": "1.0.0",
    "acme.one": "1.1.0",
    "acme.path": "1.1.0",
    "acme.pinned": "1.0.0",
  });
  expect(await update(false)).toContain("acme.base held 2.0.0");
});

test("an update of a dependent brings along what was held for its sake", async () => {
  const server = await serveFiles();
  await publishAll(server, "@acme/base", [base("1.0.0")]);
  await publishAll(server, "@acme/english", [english("1.0.0", "^1.0.0")]);
  const { options, versions } = await place(server);
  await installExtension("@acme/english", options);
  await publishAll(server, "@acme/base", [base("1.0.0"), base("2.0.0")]);
  await publishAll(server, "@acme/english", [english("1.0.0", "^1.0.0"), english("2.0.0", "^2.0.0")]);
  const told = { "acme.base": "2.0.0", "acme.english": "2.0.0" };
  for (const [dryRun, state] of [
    [true, "available"],
    [false, "updated"],
  ] as const) {
    const outcomes = await updateExtensions(undefined, { ...options, approve: undefined, dryRun });
    expect(outcomes).toMatchObject(
      Object.entries(told).map(([id, newVersion]) => ({ id, version: "1.0.0", state, newVersion })),
    );
  }
  expect(await versions()).toEqual(told);
});

test("an update that depends on more is asked about, and tells what came along", async () => {
  const server = await serveFiles();
  await publishAll(server, "@acme/base", [base("1.0.0")]);
  const { options, versions } = await place(server);
  await installExtension("@acme/base", options);
  await publishAll(server, "@acme/base", [{ ...base("2.0.0"), needs: { "acme.words": "*" } }]);
  await publishAll(server, "@acme/words", [{ id: "acme.words" }]);
  const unasked = await updateExtensions(undefined, { ...options, approve: undefined });
  expect(unasked).toMatchObject([{ state: "failed", reason: { code: "INSTALL_UNAPPROVED" } }]);
  expect(await versions()).toEqual({ "acme.base": "1.0.0" });
  expect(await updateExtensions(undefined, options)).toEqual([
    { id: "acme.base", version: "1.0.0", state: "updated", newVersion: "2.0.0", from: "@acme/base@2.0.0" },
    { id: "acme.words", state: "updated", newVersion: "1.0.0", from: "@acme/words@1.0.0" },
  ]);
});

test("an update that fails leaves the old version, and the others are updated all the same", async () => {
  const folder = await temporaryFolder();
  const { options, versions } = await place();
  for (const id of ["acme.one", "acme.two", "acme.three"]) {
    await installExtension(await packInto(folder, { id }), options);
    await packInto(folder, { id, version: "1.1.0" });
  }
  await writeFile(join(folder, "acme.one-1.1.0.tgz"), "no archive");
  const store = join(options.extensionFolder, ".plugboard/versions/acme.two");
  for (const name of await readdir(store)) await rm(join(store, name, "source.json"));
  const outcomes = await updateExtensions(undefined, options);
  expect(outcomes).toMatchObject([
    { id: "acme.one", state: "failed", newVersion: "1.1.0", reason: { code: "ARCHIVE_DAMAGED" } },
    { id: "acme.three", state: "updated", newVersion: "1.1.0" },
    { id: "acme.two", state: "failed", reason: { code: "INSTALL_SOURCE_UNKNOWN" } },
  ]);
  expect(await versions()).toEqual({ "acme.one": "1.0.0", "acme.three": "1.1.0", "acme.two": "1.0.0" });
  await expect(updateExtensions(["acme.four"], options)).rejects.toMatchObject({ code: "INSTALL_MISSING" });
});

test("what a run was killed in the middle of switching is taken back by the next", async () => {
  const folder = await temporaryFolder();
  const { options, versions } = await place();
  await packInto(folder, base("1.0.0"));
  await installExtension(await packInto(folder, english("1.0.0", "^1.0.0")), options);
  const link = join(options.extensionFolder, "acme.base");
  const own = join(options.extensionFolder, ".plugboard");
  const [before] = await readdir(join(own, "versions/acme.base"));
  await installExtension(await packInto(folder, base("1.1.0")), options);
  await installExtension(await packInto(folder, { id: "acme.new" }), options);
  // As if that had been one run, and it had been killed after its second link.
  await writeFile(join(own, "switching.json"), JSON.stringify({ "acme.base": before, "acme.new": null }));
  await mkdir(join(own, "versions/acme.none"), { recursive: true });
  await expect(updateExtensions(["acme.none"], options)).rejects.toMatchObject({ code: "INSTALL_MISSING" });
  await installExtension(await packInto(folder, { id: "acme.other" }), options);
  expect(await versions()).toEqual({ "acme.base": "1.0.0", "acme.english": "1.0.0", "acme.other": "1.0.0" });
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(await readdir(own)).not.toContain("switching.json");
});

const day = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * day);

/** A registry with versions of these ages in days; of one without nobody is told. */
async function aged(ages: Readonly<Record<string, number | undefined>>, needs?: DeclaredExtension["needs"]) {
  const server = await serveFiles();
  const versions = Object.entries(ages).map(async ([version, age]) => ({
    version,
    archive: await packed({ id: "acme.base", version, ...(needs && { needs }) }),
    publishedAt: age === undefined ? undefined : daysAgo(age),
  }));
  publish(server, "@acme/base", await Promise.all(versions));
  return server;
}

test("a version younger than npm's min-release-age is passed over, and taken with allowNew", async () => {
  const { options, versions } = await place(await aged({ "1.0.0": 30, "1.1.0": 10, "1.2.0": 2 }));
  await writeFile(join(options.cwd ?? "", ".npmrc"), "min-release-age=7\n");
  const { passedOver } = await installExtension("@acme/base@^1", options);
  expect(passedOver).toMatchObject({
    version: "1.2.0",
    why: expect.stringContaining("min-release-age=7") as string,
  });
  expect(Date.parse(passedOver?.until ?? "")).toBeCloseTo(daysAgo(-5).getTime(), -5);
  expect(await versions()).toEqual({ "acme.base": "1.1.0" });
  // It is remembered, for whoever asks without a network.
  const [name = ""] = await readdir(join(options.extensionFolder, ".plugboard/versions/acme.base"));
  const notes = join(options.extensionFolder, ".plugboard/versions/acme.base", name, "too-new.json");
  expect(JSON.parse(await readFile(notes, "utf8"))).toMatchObject({ version: "1.2.0" });
  expect(await updateExtensions(undefined, options)).toMatchObject([
    { state: "held", newVersion: "1.2.0", reason: { code: "SOURCE_TOO_NEW" } },
  ]);
  for (const words of ["@acme/base@1.2.0", "@acme/base@~1.2"])
    await expect(installExtension(words, options)).rejects.toMatchObject({ code: "SOURCE_TOO_NEW" });
  expect(await updateExtensions(undefined, { ...options, allowNew: true })).toMatchObject([
    { state: "updated", newVersion: "1.2.0" },
  ]);
});

test("an update takes the newest that is old enough, and remembers the newer one", async () => {
  const server = await aged({ "1.0.0": 30 });
  const { options, versions } = await place(server);
  await installExtension("@acme/base@^1", options);
  const published = await Promise.all(
    [
      ["1.0.0", 30],
      ["1.1.0", 8],
      ["1.2.0", 1],
    ].map(async ([version, age]) => ({
      version: String(version),
      archive: await packed(base(String(version))),
      publishedAt: daysAgo(Number(age)),
    })),
  );
  publish(server, "@acme/base", published);
  const limited = { ...options, env: { ...options.env, npm_config_min_release_age: "7" } };
  expect(await updateExtensions(undefined, limited)).toMatchObject([
    { state: "updated", newVersion: "1.1.0" },
  ]);
  expect(await versions()).toEqual({ "acme.base": "1.1.0" });
});

test("what an extension depends on has to be old enough as well", async () => {
  const server = await aged({ "1.0.0": 30, "1.1.0": 1 });
  const archive = await packed({ id: "acme.english", needs: { "acme.base": "^1.1.0" } });
  publish(server, "@acme/english", [{ version: "1.0.0", archive, publishedAt: daysAgo(20) }]);
  const { options, versions } = await place(server);
  const limited = { ...options, env: { ...options.env, npm_config_min_release_age: "7" } };
  await expect(installExtension("@acme/english", limited)).rejects.toMatchObject({ code: "SOURCE_TOO_NEW" });
  expect(await versions()).toEqual({});
  await installExtension("@acme/english", { ...limited, allowNew: true });
  expect(await versions()).toEqual({ "acme.base": "1.1.0", "acme.english": "1.0.0" });
});

test("of a version of which the registry tells no time nobody knows that it is old enough", async () => {
  const { options } = await place(await aged({ "1.0.0": undefined }));
  const limited = { ...options, env: { ...options.env, npm_config_min_release_age: "7" } };
  await expect(installExtension("@acme/base", limited)).rejects.toMatchObject({
    code: "SOURCE_TOO_NEW",
    message: expect.stringContaining("does not tell") as string,
  });
  await installExtension("@acme/base", options);
});
