import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkPaths } from "../../../../core/src/discovery/check-paths.js";
import { ExtensionDiscovery } from "../../../../core/src/discovery/extension-discovery.js";
import { parseManifest } from "../../../../core/src/manifest/parse-manifest.js";
import { temporaryFolder, write } from "./discovery-harness.js";

/** Checks the paths of an extension with these lines in its manifest, after something was done to its folder. */
function findings(lines: string, prepare: (folder: string, outside: string) => void): unknown[] {
  const root = temporaryFolder();
  const outside = temporaryFolder();
  const folder = join(root, "english");
  write(
    join(folder, "plugin.json5"),
    `{\n  manifestVersion: 1, id: "acme.english", version: "1.0.0",\n  ${lines}\n}\n`,
  );
  write(join(outside, "secret.js"), "");
  prepare(folder, outside);
  const discovery = new ExtensionDiscovery({
    folders: [root],
    parse: (source) => parseManifest(source, { apiVersion: "1.0.0" }),
  });
  const [description] = discovery.scan().delta.added;
  if (!description) throw new Error("the manifest is broken");
  return checkPaths(description).map(({ code, line, column, path, message }) => ({
    code,
    line,
    column,
    path,
    message: message.replace(outside, "OUTSIDE"),
  }));
}

test("paths that exist inside the folder are in order, through links too", () => {
  const found = findings(`main: "./extension.js", icon: "img/icon.svg"`, (folder) => {
    write(join(folder, "src", "extension.js"), "");
    symlinkSync("src/extension.js", join(folder, "extension.js"));
    write(join(folder, "img", "icon.svg"), "");
  });
  expect(found).toEqual([]);
});

test("a main that does not exist is told with its place", () => {
  expect(findings(`main: "./extension.js"`, () => undefined)).toEqual([
    {
      code: "MANIFEST_PATH",
      line: 3,
      column: 9,
      path: "/main",
      message: `The path "./extension.js" does not exist.`,
    },
  ]);
});

test("a main that leads out of the folder through a link is refused", () => {
  const found = findings(`main: "./lib/secret.js"`, (folder, outside) =>
    symlinkSync(outside, join(folder, "lib")),
  );
  expect(found).toMatchObject([
    { message: `The path "./lib/secret.js" leads out of the extension's folder, to OUTSIDE/secret.js.` },
  ]);
});

test("a main that is a folder is refused", () => {
  const found = findings(`main: "./extension.js"`, (folder) => mkdirSync(join(folder, "extension.js")));
  expect(found).toMatchObject([{ message: `The path "./extension.js" is not a file.` }]);
});

test("a link that leads to itself is refused", () => {
  const found = findings(`main: "./extension.js"`, (folder) =>
    symlinkSync("extension.js", join(folder, "extension.js")),
  );
  expect(found).toMatchObject([
    { message: `The path "./extension.js" is a symbolic link that leads to itself.` },
  ]);
});

test("the schema of a point has to exist", () => {
  const found = findings(
    `contributes: { points: [{ id: "panels", schema: "./panel.schema.json" }] }`,
    () => undefined,
  );
  expect(found).toMatchObject([{ path: "/contributes/points/0/schema", code: "MANIFEST_PATH" }]);
});

test("a folder that may be written need not exist, but must not lead out", () => {
  const lines = `capabilities: { fs: { read: ["./data"], write: ["./cache/files", "./out/files"] } }`;
  const found = findings(lines, (folder, outside) => symlinkSync(outside, join(folder, "out")));
  expect(found).toMatchObject([
    {
      path: "/capabilities/fs/write/1",
      message: `The path "./out/files" leads out of the extension's folder, to OUTSIDE/files.`,
    },
  ]);
});

test("a path outside the folder that a manifest asks for openly is left to the application to grant", () => {
  const lines = `capabilities: { fs: { read: ["/data", "../shared"] } }`;
  expect(findings(lines, () => undefined)).toEqual([]);
});

test("a manifest that went since it was read gives findings without a place", () => {
  const root = temporaryFolder();
  const folder = join(root, "english");
  write(
    join(folder, "plugin.json5"),
    `{ manifestVersion: 1, id: "acme.english", version: "1.0.0", main: "./x.js" }`,
  );
  const discovery = new ExtensionDiscovery({
    folders: [root],
    parse: (source) => parseManifest(source, { apiVersion: "1.0.0" }),
  });
  const [description] = discovery.scan().delta.added;
  rmSync(folder, { recursive: true });
  expect(description && checkPaths(description)).toMatchObject([{ code: "MANIFEST_PATH", path: "/main" }]);
});
