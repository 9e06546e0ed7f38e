import { spawnSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { makeCertificate } from "../support/certificate.js";
import { integrityOf, serveFiles, type FileServer } from "../support/file-server.js";
import { packed } from "../support/packed-extension.js";
import { CommandFolder, plugboardProgram } from "../support/plugboard-process.js";
import { publish } from "../support/registry.js";

const terminalScript = fileURLToPath(new URL("../support/pseudo-terminal.py", import.meta.url));
const hasTerminal = spawnSync("python3", ["-c", "import pty, fcntl"]).status === 0;
const reason = hasTerminal ? "" : " (skipped: python3 with its pty module is not here to make a terminal)";
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
const noCertificate = hasOpenssl ? "" : " (skipped: openssl is not here to make a certificate)";
const withCertificate = test.skipIf(!hasOpenssl);
const onTerminal = test.skipIf(!hasTerminal);

/** Publishes an extension that depends on another, in the versions given. */
async function publishBoth(registry: FileServer, versions: readonly string[]): Promise<void> {
  const scripts = { preinstall: "touch ../../ran", postinstall: "touch ../../ran" };
  const all = (id: string, needs: Readonly<Record<string, string>>) =>
    Promise.all(
      versions.map(async (version) => ({
        version,
        archive: await packed({ id, version, needs, packageFile: { name: id, scripts } }),
      })),
    );
  publish(registry, "@acme/base", await all("acme.base", {}));
  publish(registry, "@acme/english", await all("acme.english", { "acme.base": "^1.0.0" }));
}

/** Lets nobody in without the token. */
function guard(server: FileServer, token: string): void {
  for (const [path, answer] of server.answers) {
    server.answers.set(path, (request, response) => {
      if (request.headers.authorization !== `Bearer ${token}`) response.writeHead(401).end();
      else response.end(answer as string | Buffer);
    });
  }
}

test("a package comes from the registry of npm's configuration, with what it depends on, and is updated", async () => {
  const registry = await serveFiles();
  await publishBoth(registry, ["1.0.0"]);
  guard(registry, "canary");
  const folder = await CommandFolder.create();
  const host = new URL(registry.address).host;
  const npmrc = `@acme:registry=${registry.address}\n`;
  await folder.write({ ".npmrc": npmrc, "package.json": "{}" });
  expect(await folder.runJson(["install", "@acme/english"])).toMatchObject({
    code: 1,
    document: { error: { code: "SOURCE_FORBIDDEN" } },
  });
  await folder.write({ ".npmrc": `${npmrc}//${host}/:_authToken=canary\n` });
  const refused = await folder.run(["install", "@acme/english@^1.0.0"]);
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toMatch(
    /error INSTALL_UNAPPROVED Nothing is installed; more would be installed: acme\.base 1\.0\.0 from @acme\/base@1\.0\.0\.\n.*--yes\.\n$/s,
  );
  expect(await readdir(folder.path)).toEqual([".npmrc", "package.json"]);
  const installed = await folder.run(["install", "@acme/english@^1.0.0", "--yes"]);
  expect(installed).toMatchObject({ code: 0 });
  expect(installed.stdout).toMatch(/^installed acme\.base 1\.0\.0 .*\ninstalled acme\.english 1\.0\.0 /);
  await publishBoth(registry, ["1.0.0", "1.1.0", "2.0.0"]);
  guard(registry, "canary");
  expect(await folder.runJson(["update", "--dry-run"])).toMatchObject({
    code: 0,
    document: {
      extensions: [
        { id: "acme.base", version: "1.0.0", state: "available", newVersion: "1.1.0" },
        { id: "acme.english", version: "1.0.0", state: "available", newVersion: "1.1.0" },
      ],
    },
  });
  const updated = await folder.run(["update"]);
  expect(updated).toMatchObject({ code: 0 });
  expect(updated.stdout).toMatch(/^acme\.english +1\.0\.0 +1\.1\.0 +updated +@acme\/english@1\.1\.0$/m);
  const again = await folder.run(["update", "acme.base"]);
  expect(again).toMatchObject({ code: 0 });
  expect(again.stderr).toContain("acme.english needs acme.base ^1.0.0");
  expect(JSON.stringify([installed, updated, again])).not.toContain("canary");
  expect(await readdir(folder.path)).toEqual([".npmrc", "extensions", "package.json"]);
}, 60_000);

withCertificate(
  `an address is fetched over https from who is trusted, as it was promised${noCertificate}`,
  async () => {
    const identity = await makeCertificate();
    const server = await serveFiles(identity);
    const archive = await packed({ id: "acme.english" });
    server.answers.set("english.tgz", archive);
    const folder = await CommandFolder.create();
    await folder.write({ "authority.pem": identity.certificate });
    const address = `${server.address}english.tgz`;
    const env = { NODE_EXTRA_CA_CERTS: join(folder.path, "authority.pem") };
    const untrusted = await folder.run(["install", address]);
    expect(untrusted).toMatchObject({ code: 1 });
    expect(untrusted.stderr).toMatch(/error SOURCE_CERTIFICATE .*NODE_EXTRA_CA_CERTS/s);
    const forged = await folder.run(["install", address, "--integrity", integrityOf("another")], { env });
    expect(forged.stderr).toContain("error SOURCE_INTEGRITY");
    const plain = await folder.run(["install", "http://example.com/english.tgz"]);
    expect(plain.stderr).toContain("error SOURCE_INSECURE");
    expect(
      await folder.run(["install", address, "--integrity", integrityOf(archive)], { env }),
    ).toMatchObject({
      code: 0,
    });
  },
);

onTerminal(
  `a slow download shows how far it is, and more than was named is asked about${reason}`,
  async () => {
    const registry = await serveFiles();
    await publishBoth(registry, ["1.0.0"]);
    const path = "@acme/base/-/1.0.0.tgz";
    const archive = registry.answers.get(path) as Buffer;
    registry.answers.set(path, (_request, response) => {
      response.writeHead(200, { "content-length": archive.length });
      response.write(archive.subarray(0, 100));
      setTimeout(() => response.end(archive.subarray(100)), 1_300);
    });
    const folder = await CommandFolder.create();
    const words = [
      terminalScript,
      "100",
      "24",
      process.execPath,
      plugboardProgram,
      "install",
      "@acme/english",
    ];
    const env = { NPM_CONFIG_REGISTRY: registry.address, TERM: "xterm" };
    const terminal = folder.startProgram("python3", words, env);
    const shown = () => stripVTControlCharacters(terminal.stdout);
    await terminal.until(() => terminal.stdout.includes("Install all 2?") || undefined);
    expect(terminal.stdout).toContain(
      `\r\u001b[2Kdownloading @acme/base@1.0.0: 100 B of ${archive.length} B`,
    );
    expect(terminal.stdout).toContain(
      "acme.base 1.0.0 from @acme/base@1.0.0 (unsigned), needed by acme.english",
    );
    expect(await readdir(folder.path)).toEqual([]);
    terminal.process.stdin.write("y\r");
    await terminal.until(() => shown().includes("installed acme.english 1.0.0") || undefined);
    terminal.process.stdin.end();
    await terminal.exit;
    expect(await readdir(join(folder.path, "extensions"))).toEqual([
      ".plugboard",
      "acme.base",
      "acme.english",
    ]);
  },
);
