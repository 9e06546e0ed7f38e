/** Who may run where trust is asked for is up to the operator, whether a host runs or not. */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createSigningKey, packExtension } from "@plugboard/core/packaging";
import { expect, test } from "vitest";
import { CommandFolder, greeterFiles, type RunningCommand } from "../support/plugboard-process.js";

const call = { point: "greeters", id: "english", method: "greet", args: ["World"] };

async function askingFolder(): Promise<CommandFolder> {
  const folder = await CommandFolder.create();
  await folder.write(greeterFiles("acme.english", "English", "`Hello, ${name}!`"));
  await folder.write({ "plugboard.config.json5": '{ trust: "asked" }' });
  return folder;
}

async function listed(folder: CommandFolder): Promise<unknown> {
  const { document } = await folder.runJson(["list"]);
  return (document as { readonly extensions: readonly unknown[] }).extensions;
}

async function answer(host: RunningCommand, ref: string): Promise<unknown> {
  host.send({ call, ref });
  return host.line((line) => line["ref"] === ref);
}

const contributions = (host: RunningCommand, kind: string, count: number) =>
  host.until(() => {
    const ids = host.lines.filter(
      ({ event, [kind]: list }) => event === "contributions" && String(list) === "english",
    );
    return ids.length >= count ? ids : undefined;
  });

test("a running host runs what is trusted beside it and stops what no longer is", async () => {
  const folder = await askingFolder();
  const host = folder.start(["start", "--json"]);
  await host.line(({ event }) => event === "ready");
  expect(await answer(host, "before")).toMatchObject({ error: { code: "CALL_UNKNOWN_TARGET" } });
  expect((await folder.run(["list"])).stdout).toContain("UNTRUSTED Nobody has trusted acme.english 1.0.0.");

  const refused = await folder.run(["trust", "acme.english"]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("TRUST_CONSENT");
  expect(refused.stderr).toContain("full rights");
  expect(await folder.run(["trust", "acme.english", "--yes"])).toEqual({
    code: 0,
    stdout: "trusted acme.english 1.0.0\n",
    stderr: "",
  });
  await contributions(host, "added", 1);
  expect(await answer(host, "trusted")).toMatchObject({ result: "Hello, World!" });
  // Nothing is new about it.
  expect((await folder.run(["trust", "acme.english"])).stdout).toContain("trusted already");

  expect((await folder.run(["untrust", "acme.english"])).stdout).toBe("untrusted acme.english\n");
  await contributions(host, "removed", 1);
  expect(await answer(host, "untrusted")).toMatchObject({ error: { code: "CALL_UNKNOWN_TARGET" } });
  host.send({ stop: true });
  expect(await host.exit).toBe(0);
  expect(await listed(folder)).toMatchObject([
    { id: "acme.english", state: "blocked", reason: { code: "UNTRUSTED" }, signature: { state: "unsigned" } },
  ]);
});

test("what is installed waits until somebody agrees to what it asks for, and so does a version that asks for more", async () => {
  const folder = await askingFolder();
  const source = join(folder.path, "extensions/english");
  const manifest = await readFile(join(source, "plugin.json5"), "utf8");
  const pack = async (version: string, more: string) => {
    await writeFile(
      join(source, "plugin.json5"),
      manifest.replace('"1.0.0"', `"${version}"`).replace("main:", `runtime: "process", ${more} main:`),
    );
    await packExtension(source, { outFolder: folder.path });
  };
  await pack("1.0.0", "");
  await pack("1.1.0", "");
  await pack("1.2.0", 'capabilities: { net: ["api.example.com:443"] },');
  await rm(join(folder.path, "extensions"), { recursive: true });
  const archive = (version: string) => `acme.english-${version}.tgz`;

  expect(await folder.run(["install", archive("1.0.0")])).toMatchObject({ code: 0 });
  // A process without capabilities asks for nothing that somebody would have to agree to.
  expect((await folder.run(["greet", "World"])).stdout).toBe("[English] Hello, World!\n");
  expect(await folder.runJson(["install", archive("1.1.0")])).toMatchObject({ document: { trusted: true } });

  const wider = await folder.run(["install", archive("1.2.0")]);
  expect(wider).toMatchObject({ code: 0, stderr: "" });
  expect(wider.stdout).toContain("waits   until somebody agrees to it: plugboard trust acme.english");
  expect(await listed(folder)).toMatchObject([{ reason: { code: "TRUST_WIDER" } }]);
  const asked = await folder.run(["trust", "acme.english"]);
  expect(asked.stderr).toContain("since 1.1.0: net api.example.com:443");
  expect((await folder.run(["trust", "acme.english", "--yes"])).code).toBe(0);
  expect(await listed(folder)).toMatchObject([{ version: "1.2.0", state: "ready" }]);

  // Who rolls back means it.
  expect(await folder.runJson(["rollback", "acme.english"])).toMatchObject({ document: { trusted: true } });
  expect(await listed(folder)).toMatchObject([{ version: "1.1.0", state: "ready" }]);
});

test("a lockfile lets run what it lists and nothing else, and has to be signed where keys are trusted", async () => {
  const folder = await askingFolder();
  await folder.write({ "plugboard.config.json5": '{ lockfile: "./plugboard.lock.json" }' });
  const lockfile = join(folder.path, "plugboard.lock.json");
  expect((await folder.run(["list"])).stdout).toContain("TRUST_LOCK_INVALID");
  expect((await folder.run(["lock"])).stdout).toBe(
    "acme.english 1.0.0\nlocked 1 extension in plugboard.lock.json\n",
  );
  expect((await folder.run(["greet", "World"])).stdout).toBe("[English] Hello, World!\n");

  await folder.write(greeterFiles("acme.spanish", "Spanish", "`Hola, ${name}!`"));
  expect((await folder.run(["greet", "World"])).stdout).toBe("[English] Hello, World!\n");
  expect(JSON.stringify(await listed(folder))).toContain("TRUST_LOCK_MISSING");
  await rm(join(folder.path, "extensions/spanish"), { recursive: true });

  const text = await readFile(lockfile, "utf8");
  await writeFile(lockfile, text.replace('"version": "1.0.0"', '"version": "9.0.0"'));
  expect((await folder.run(["list"])).stdout).toContain(
    "TRUST_LOCK_DIFFERS acme.english 1.0.0 is not what the lockfile says: version 1.0.0, locked 9.0.0.",
  );
  await writeFile(lockfile, text.replace('"digest"', "digest!"));
  expect((await folder.run(["list"])).stdout).toMatch(
    /plugboard\.lock\.json:\d+:\d+ error TRUST_LOCK_INVALID/,
  );

  await mkdir(join(folder.path, ".plugboard/keys"), { recursive: true });
  createSigningKey(join(folder.path, "operator"));
  await rename(join(folder.path, "operator.pub"), join(folder.path, ".plugboard/keys/operator.pub"));
  expect(await folder.run(["lock"])).toMatchObject({ code: 1 });
  expect((await folder.run(["lock", "--key", "operator"])).code).toBe(0);
  expect((await folder.run(["greet", "World"])).stdout).toBe("[English] Hello, World!\n");
  const signed = await readFile(lockfile, "utf8");
  await writeFile(lockfile, signed.replace('"capabilities": [', '"capabilities": ["net all", '));
  expect((await folder.run(["list"])).stdout).toContain("it is not as it was signed");
});
