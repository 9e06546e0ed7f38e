import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readNpmConfig } from "../../../../core/src/source/npm-config.js";
import { temporaryFolder } from "../../../support/packed-extension.js";

/** Reads the configuration of a project below a home, each with the .npmrc given. */
async function configOf(
  files: { readonly project?: string; readonly home?: string; readonly machine?: string },
  env: Readonly<Record<string, string>> = {},
) {
  const root = await temporaryFolder();
  const cwd = join(root, "home/project/deep");
  await mkdir(cwd, { recursive: true });
  await writeFile(join(root, "home/project/package.json"), "{}");
  await writeFile(join(root, "home/project/.npmrc"), files.project ?? "");
  await writeFile(join(root, "home/.npmrc"), files.home ?? "");
  await writeFile(join(root, "npmrc"), files.machine ?? "");
  const env0 = { HOME: join(root, "home"), NPM_CONFIG_GLOBALCONFIG: join(root, "npmrc") };
  return readNpmConfig({ cwd, env: { ...env0, ...env } });
}

const registry = async (config: Awaited<ReturnType<typeof configOf>>, name: string) =>
  (await config.registryOf(name)).href;

test("an earlier place wins: environment, project, user, machine", async () => {
  const files = {
    machine: "registry=https://machine.example/",
    home: "registry=https://user.example",
    project: "; a remark\nregistry = https://project.example/npm",
  };
  const env = { npm_config_registry: "https://environment.example/" };
  expect(await registry(await configOf(files, env), "english")).toBe("https://environment.example/");
  expect(await registry(await configOf(files), "english")).toBe("https://project.example/npm/");
  const { project: _project, ...others } = files;
  expect(await registry(await configOf(others), "english")).toBe("https://user.example/");
  expect(await registry(await configOf({ machine: files.machine }), "english")).toBe(
    "https://machine.example/",
  );
});

test("a scope has its own registry", async () => {
  const config = await configOf({
    home: "@acme:registry=https://acme.example/\nregistry=https://all.example/",
  });
  expect(await registry(config, "@acme/english")).toBe("https://acme.example/");
  expect(await registry(config, "@other/english")).toBe("https://all.example/");
});

test("a registry over plain http is refused", async () => {
  const config = await configOf({ home: "registry=http://all.example/" });
  await expect(config.registryOf("english")).rejects.toMatchObject({ code: "SOURCE_INSECURE" });
});

test("a token is shown to the address that it belongs to and to what lies below", async () => {
  const config = await configOf(
    {
      home: [
        "//acme.example/npm/:_authToken=${ACME_TOKEN}",
        "//basic.example/:username=anna",
        `//basic.example/:_password=${Buffer.from("secret").toString("base64")}`,
        "//old.example/:_auth=YW5uYTpzZWNyZXQ=",
      ].join("\n"),
    },
    { ACME_TOKEN: "canary" },
  );
  const shown = (address: string) => config.authorization(new URL(address));
  expect(shown("https://acme.example/npm/@acme%2fenglish")).toBe("Bearer canary");
  expect(shown("https://acme.example/npm/english/-/1.0.0.tgz")).toBe("Bearer canary");
  expect(shown("https://acme.example/other")).toBeUndefined();
  expect(shown("https://acme.example:8443/npm/english")).toBeUndefined();
  expect(shown("https://acme.example.evil.example/npm/english")).toBeUndefined();
  const basic = `Basic ${Buffer.from("anna:secret").toString("base64")}`;
  expect(shown("https://basic.example/english")).toBe(basic);
  expect(shown("https://old.example/english")).toBe(basic);
});

test("a variable that is not set stays as it is written, unless it may be missing", async () => {
  const home = "//one.example/:_authToken=${NO_SUCH}\n//two.example/:_authToken=x${NO_SUCH?}";
  const config = await configOf({ home });
  expect(config.authorization(new URL("https://one.example/"))).toBe("Bearer ${NO_SUCH}");
  expect(config.authorization(new URL("https://two.example/"))).toBe("Bearer x");
});

test("certificates come from a file or from the settings, and proxies as the environment names them", async () => {
  const root = await temporaryFolder();
  await writeFile(join(root, "ca.pem"), "from the file");
  const home = `cafile=${join(root, "ca.pem")}\nca[]="one\\ntwo"\nhttps-proxy=http://proxy.example:3128/`;
  const config = await configOf({ home }, { NO_PROXY: "localhost" });
  expect(config.certificates()).toEqual(["one\ntwo", "from the file"]);
  expect(config.proxies()).toEqual({ HTTPS_PROXY: "http://proxy.example:3128/", NO_PROXY: "localhost" });
});

test("a file that can't be read is an error and not a default", async () => {
  const root = await temporaryFolder();
  const env = { HOME: root, NPM_CONFIG_USERCONFIG: root };
  expect(() => readNpmConfig({ cwd: root, env })).toThrow(expect.objectContaining({ code: "SOURCE_CONFIG" }));
});

const now = Date.parse("2026-03-10T00:00:00.000Z");
const limit = (config: Awaited<ReturnType<typeof configOf>>, name = "@acme/english") =>
  config.releaseLimit(name, now)?.until.toISOString();

test("how old a version has to be is read as npm does, an earlier place before a later one", async () => {
  expect(limit(await configOf({}))).toBeUndefined();
  expect(limit(await configOf({ home: "min-release-age=3" }))).toBe("2026-03-07T00:00:00.000Z");
  expect(limit(await configOf({ home: "min-release-age=0.5" }))).toBe("2026-03-09T12:00:00.000Z");
  expect(limit(await configOf({}, { npm_config_min_release_age: "1" }))).toBe("2026-03-09T00:00:00.000Z");
  // In one place the date decides; among several the place that comes first, also if it lifts the limit.
  const both = "min-release-age=3\nbefore=2026-01-01";
  expect(limit(await configOf({ home: both }))).toBe("2026-01-01T00:00:00.000Z");
  const lower = { home: "before=2026-01-01" };
  expect(limit(await configOf({ ...lower, project: "min-release-age=1" }))).toBe("2026-03-09T00:00:00.000Z");
  expect(limit(await configOf({ ...lower, project: "min-release-age=0" }))).toBeUndefined();
  expect(limit(await configOf({ ...lower, project: "before=null" }))).toBeUndefined();
});

test("packages may be exempt, by name or by pattern, and none by a slip", async () => {
  const config = await configOf({
    home: "min-release-age=3\nmin-release-age-exclude[]=@acme/*\nmin-release-age-exclude[]=one, two\nmin-release-age-exclude[]=!x",
  });
  const exempt = ["@acme/english", "one", "two"];
  for (const name of exempt) expect([name, limit(config, name)]).toEqual([name, undefined]);
  for (const name of ["@other/english", "three", "acme"])
    expect([name, limit(config, name)]).toEqual([name, "2026-03-07T00:00:00.000Z"]);
});

test.each(["min-release-age=soon", "min-release-age=-1", "before=tomorrow"])(
  "%s is refused",
  async (line) => {
    const config = await configOf({ home: line });
    expect(() => config.releaseLimit("english")).toThrow(expect.objectContaining({ code: "SOURCE_CONFIG" }));
  },
);
