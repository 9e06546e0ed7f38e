import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { NpmConfig } from "../../../../core/src/source/npm-config.js";
import { sourceNamed } from "../../../../core/src/source/source-words.js";
import { temporaryFolder } from "../../../support/packed-extension.js";

const registry = "https://registry.test/";
const named = (words: string, cwd: string, integrity?: string) =>
  sourceNamed({
    words,
    cwd,
    integrity,
    config: () => new NpmConfig(new Map([["registry", registry]]), { cwd, env: {} }),
  });

test.each([
  ["english", "english", "latest"],
  ["english@1.2.0", "english", "1.2.0"],
  ["npm:english@next", "english", "next"],
  ["@acme/english", "@acme/english", "latest"],
  ["@acme/english@^1.2", "@acme/english", "^1.2"],
  ["@acme/english@>=1 <3", "@acme/english", ">=1 <3"],
])("%s is a package", async (words, name, wanted) => {
  expect(await named(words, "/nowhere")).toEqual({ kind: "npm", name, wanted, registry });
});

test.each([
  "./english",
  "../english",
  "sub/english",
  "english.tgz",
  "acme.english-1.2.0.tgz",
  "/tmp/x",
  ".",
  "C:\\english",
])("%s is a path", async (words) => {
  expect(await named(words, "/nowhere")).toMatchObject({ kind: "path" });
});

test.each([
  ["ftp://example.com/a.tgz", "ftp is not https"],
  ["git+https://example.com/a", "git repository"],
  ["git@example.com:acme/a.git", "git repository"],
  ["github:acme/a", "git repository"],
  ["file:./english", "name the path itself"],
  ["@Acme/Hello", "lower case: @acme/hello"],
  ["English", "lower case: english"],
  ["english@not a range", "neither a path that exists"],
  ["@acme", "neither a path that exists"],
  ["", "names nothing"],
])("%s is nothing that can be installed", async (words, why) => {
  const refused = await named(words, "/nowhere").catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "SOURCE_WORDS", message: expect.stringContaining(why) as unknown });
});

test("a folder that is there comes before a package without a scope", async () => {
  const cwd = await temporaryFolder();
  await mkdir(join(cwd, "english"));
  await mkdir(join(cwd, "@acme/english"), { recursive: true });
  expect(await named("english", cwd)).toEqual({ kind: "path", path: join(cwd, "english") });
  expect(await named("npm:english", cwd)).toMatchObject({ kind: "npm" });
  expect(await named("@acme/english", cwd)).toMatchObject({ kind: "npm" });
});

test.each([
  ["https://example.com/a.tgz", "https://example.com/a.tgz"],
  ["http://localhost:8080/a.tgz", "http://localhost:8080/a.tgz"],
  ["http://127.0.0.1/a.tgz", "http://127.0.0.1/a.tgz"],
  ["http://[::1]:1/a.tgz", "http://[::1]:1/a.tgz"],
])("%s is an address", async (words, address) => {
  expect(await named(words, "/nowhere")).toEqual({ kind: "address", address });
});

test.each([
  ["http://example.com/a.tgz", "SOURCE_INSECURE"],
  ["http://localhost.example.com/a.tgz", "SOURCE_INSECURE"],
  ["http://127.0.0.1.example.com/a.tgz", "SOURCE_INSECURE"],
  ["https://user:secret@example.com/a.tgz", "SOURCE_WORDS"],
  ["https://", "SOURCE_WORDS"],
  ["npm:../english", "SOURCE_WORDS"],
])("%s is refused as %s", async (words, code) => {
  const refused = named(words, "/nowhere");
  await expect(refused).rejects.toMatchObject({ code });
  await expect(refused).rejects.not.toThrow(/secret/);
});

test("an integrity goes with an address, and has to be a SHA-512", async () => {
  const integrity = `sha512-${Buffer.alloc(64).toString("base64")}`;
  const address = "https://example.com/a.tgz";
  expect(await named(address, "/nowhere", integrity)).toEqual({ kind: "address", address, integrity });
  await expect(named(address, "/nowhere", "sha1-abc")).rejects.toMatchObject({ code: "SOURCE_WORDS" });
  await expect(named("./english", "/nowhere", integrity)).rejects.toMatchObject({ code: "SOURCE_WORDS" });
});
