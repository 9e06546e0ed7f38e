/** What a disk without room costs: what was asked for, and nothing of what was there. */
import { expect, test } from "vitest";
import { noSmallDisk, runOnSmallDisk } from "../support/small-disk.js";

const core = import.meta.resolve("@plugboard/core");
const packaging = import.meta.resolve("@plugboard/core/packaging");

/** What both scripts begin with. The sources lie on a disk that has room. */
const head = `
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, openSync, writeSync, closeSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createExtensionHost, errorTable, greeters } from ${JSON.stringify(core)};
import * as packaging from ${JSON.stringify(packaging)};

const disk = process.argv[1];
const roomy = mkdtempSync(join(tmpdir(), "plugboard-roomy-"));
process.on("exit", () => rmSync(roomy, { recursive: true, force: true }));

/** Leaves so many kilobytes free, or none. */
function fill(leave = 0) {
  const file = openSync(join(disk, "ballast"), "w");
  const chunk = Buffer.alloc(4096);
  try {
    for (;;) writeSync(file, chunk);
  } catch {
    closeSync(file);
  }
  if (leave > 0) {
    const { length } = readFileSync(join(disk, "ballast"));
    writeFileSync(join(disk, "ballast"), Buffer.alloc(Math.max(0, length - leave * 1024)));
  }
}
const empty = () => rmSync(join(disk, "ballast"));
const outcome = (promise) =>
  promise.then(
    (value) => value ?? "done",
    ({ code, message }) => ({ code, message: message.replaceAll(disk, "").replace(/[0-9a-f]{12}/, "…"), advice: errorTable[code]?.advice }),
  );
const files = (folder) => readdirSync(join(disk, folder), { recursive: true }).sort();
const told = [];
const tell = async (what, value) => told.push([what, await value]);
function writeExtension(folder, version, kilobytes) {
  mkdirSync(join(roomy, folder));
  writeFileSync(join(roomy, folder, "plugin.json5"), JSON.stringify({
    manifestVersion: 1, id: "acme.shelf", version, engines: { plugboard: "^1.0.0" }, main: "./extension.js",
    contributes: { greeters: [{ id: "shelf", lang: "S" }] },
  }));
  writeFileSync(join(roomy, folder, "data"), randomBytes(kilobytes * 1024));
  writeFileSync(join(roomy, folder, "extension.js"), \`
    export function activate(context) {
      context.contribute("greeters", "shelf", { async greet(text) {
        const [kind, how, ...rest] = JSON.parse(text);
        return JSON.stringify(await context[kind][how](...rest)) ?? "done";
      } });
    }\`);
}
`;

const tail = `
console.log(JSON.stringify(told));
`;

const full = (file: string) => ({
  code: "STATE_UNWRITABLE",
  message: expect.stringContaining(`${file} can't be written: the disk is full.`) as string,
  advice: expect.stringMatching(/^Make room on the disk/) as string,
});

test("what a host keeps stands on a full disk, and what was refused can be kept when there is room", async (context) => {
  if (noSmallDisk !== undefined) context.skip(noSmallDisk);
  const told = await runOnSmallDisk(
    `${head}
writeExtension("shelf", "1.0.0", 0);
const options = { stateFolder: join(disk, "state"), developmentFolders: [join(roomy, "shelf")], points: [greeters] };
let host = createExtensionHost(options);
await host.start();
const use = (...words) => outcome(host.call("greeters", "shelf", "greet", [JSON.stringify(words)]));
await use("storage", "set", "kept", "before");
await use("secrets", "set", "kept", "secret");
fill();
await tell("storage", use("storage", "set", "more", "after"));
await tell("secret", use("secrets", "set", "more", "after"));
await tell("disable", outcome(host.disable("acme.shelf")));
await host.enable("acme.shelf").catch(() => {});
await tell("read", [await use("storage", "get", "kept"), await use("secrets", "get", "kept")]);
await tell("files", files("state").filter((file) => file.endsWith(".new")));
empty();
await tell("again", [await use("storage", "set", "more", "after"), await use("secrets", "set", "more", "hidden")]);
await host.stop();
host = createExtensionHost(options);
await host.start();
await tell("next host", [await use("storage", "get", "kept"), await use("storage", "get", "more"), await use("secrets", "get", "kept"), await use("secrets", "get", "more")]);
await host.stop();
${tail}`,
    { kilobytes: 512 },
  );
  expect(told).toEqual([
    ["storage", full("/state/storage/acme.shelf.json")],
    ["secret", full("/state/secrets/acme.shelf.json")],
    ["disable", full("/state/extensions.json")],
    ["read", ['"before"', '"secret"']],
    ["files", []],
    ["again", ["done", "done"]],
    ["next host", ['"before"', '"after"', '"secret"', '"hidden"']],
  ]);
});

test("installing, packing and signing on a full disk leave what was there, and no half of anything", async (context) => {
  if (noSmallDisk !== undefined) context.skip(noSmallDisk);
  const told = await runOnSmallDisk(
    `${head}
const { createSigningKey, installExtension, packExtension, rollbackExtension, signArchive, uninstallExtension } = packaging;
for (const [version, kilobytes] of [["0.9.0", 4], ["1.0.0", 4], ["2.0.0", 400]]) writeExtension(version, version, kilobytes);
const source = (version) => join(roomy, version);
const { archive: large } = await packExtension(source("2.0.0"), { outFolder: roomy });
const options = { extensionFolder: join(disk, "extensions") };
const install = (from) => outcome(installExtension(from, options).then(({ version }) => version));
const host = createExtensionHost({ extensionFolders: [options.extensionFolder], points: [greeters] });
const served = async () => {
  await host.rescan();
  return [host.extensions.get("acme.shelf")?.version, files("extensions/.plugboard").filter((file) => /^versions.acme.shelf.[^/]+$/.test(file)).length];
};
await tell("install", outcome(install(source("0.9.0")).then(() => install(source("1.0.0")))));
await host.start();
const { archive } = await packExtension(source("1.0.0"), { outFolder: disk });
const before = readFileSync(archive);
const key = createSigningKey(join(roomy, "key")).secretFile;
fill(100);
await tell("folder", install(source("2.0.0")));
await tell("archive", install(large));
await tell("served", served());
fill();
await tell("pack", outcome(packExtension(source("1.0.0"), { outFolder: join(disk, "packed") })));
await tell("pack over", outcome(packExtension(source("1.0.0"), { outFolder: disk })));
await tell("sign", outcome(signArchive(archive, { key })));
await tell("untouched", readFileSync(archive).equals(before));
await tell("left", [...readdirSync(disk), ...files("packed")].sort());
await tell("rollback", outcome(rollbackExtension("acme.shelf", options).then(({ version }) => version)));
await tell("served", served());
await tell("uninstall", outcome(uninstallExtension("acme.shelf", options).then(({ version }) => version)));
empty();
await tell("room", [await install(large), await outcome(signArchive(archive, { key }).then(() => "signed"))]);
await tell("served", served());
await host.stop();
${tail}`,
    { kilobytes: 1024 },
  );
  const refused = (code: string) => ({
    code,
    message: expect.stringContaining("the disk is full") as string,
    advice: expect.stringContaining("Check free space") as string,
  });
  expect(told).toEqual([
    ["install", "1.0.0"],
    ["folder", refused("INSTALL_UNWRITABLE")],
    ["archive", refused("ARCHIVE_UNWRITABLE")],
    ["served", ["1.0.0", 2]],
    ["pack", refused("ARCHIVE_UNWRITABLE")],
    ["pack over", refused("ARCHIVE_UNWRITABLE")],
    ["sign", refused("ARCHIVE_UNWRITABLE")],
    ["untouched", true],
    ["left", ["acme.shelf-1.0.0.tgz", "ballast", "extensions", "packed"]],
    ["rollback", "0.9.0"],
    ["served", ["0.9.0", 2]],
    ["uninstall", "0.9.0"],
    ["room", ["2.0.0", "signed"]],
    ["served", ["2.0.0", 1]],
  ]);
});
