/** What the operator says about trust, and what comes of it in the files that hosts follow. */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { packExtension } from "../../../../core/src/archive/pack-extension.js";
import { run } from "../../../../core/src/cli/run.js";
import { createExtensionHost, validateExtensions } from "../../../../core/src/index.js";
import { createSigningKey } from "../../../../core/src/trust/signing-key.js";
import { greeterFiles } from "../../../support/plugboard-process.js";
import { scratchFolder } from "../archive/crafted-archive.js";
import { commandWorld } from "./command-world.js";

/** A folder with a config file, in which commands run. */
async function commandFolder(config: string) {
  const path = await scratchFolder();
  const write = async (files: Readonly<Record<string, string>>) => {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(join(path, name, ".."), { recursive: true });
      await writeFile(join(path, name), content);
    }
  };
  await write({ "plugboard.config.json5": config });
  /** With an answer, a person sits at a terminal and types it. */
  const command = async (words: readonly string[], answer?: string) => {
    const world = commandWorld({ cwd: path, ...(answer === undefined ? {} : { columns: 200 }) });
    const stdin = Object.assign(Readable.from([answer ?? ""]), {
      isTTY: answer !== undefined,
      setRawMode: () => undefined,
    });
    const services = () => ({ createHost: createExtensionHost, validateExtensions });
    const code = await run(words, { io: { ...world.io, stdin }, services, version: "1.0.0" });
    return { code, stdout: world.stdout.text, stderr: world.stderr.text };
  };
  const json = async (words: readonly string[]) =>
    JSON.parse((await command([...words, "--json"])).stdout) as Readonly<Record<string, unknown>>;
  const listed = async () => (await json(["list"]))["extensions"];
  return { path, write, command, json, listed };
}

const english = greeterFiles("acme.english", "English", "`Hello, ${name}!`");

test("a person is shown what an extension asks for and trusts it with a word", async () => {
  const { write, command, listed } = await commandFolder('{ trust: "asked" }');
  await write(english);
  const list = await command(["list"]);
  expect(list.stdout).toContain("acme.english is blocked: UNTRUSTED Nobody has trusted acme.english 1.0.0.");
  expect(list.stdout).toContain("plugboard trust <id>");

  const refused = await command(["trust", "acme.english"]);
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toContain(
    "TRUST_CONSENT acme.english 1.0.0 asks for what nobody has agreed to: full rights.",
  );
  const no = await command(["trust", "acme.english"], "n");
  expect(no.code).toBe(1);
  expect(no.stdout).toContain("acme.english is not trusted; nothing has changed");
  const yes = await command(["trust", "acme.english"], "y");
  expect(yes.code).toBe(0);
  expect(yes.stdout).toContain("Trust acme.english 1.0.0?");
  expect(yes.stdout).toContain("trusted\u001b[39m acme.english 1.0.0");
  expect(yes.stderr).toMatch(
    /^acme\.english 1\.0\.0 in \.\/extensions\/english\nsignature {2}unsigned: Nobody has signed it\.\ndigest {5}sha256:\w+\nasks for {3}full rights\n$/,
  );
  expect((await command(["trust", "acme.english"])).stdout).toContain("trusted already");
  expect(await listed()).toMatchObject([{ state: "ready", signature: { state: "unsigned" } }]);
  expect((await command(["trust", "acme.englisch", "--yes"])).stderr).toContain(
    'Did you mean "acme.english"?',
  );

  expect((await command(["untrust", "acme.english"])).stdout).toBe("untrusted acme.english\n");
  expect((await command(["untrust", "acme.english"])).stdout).toContain("nothing has changed");
  expect(await listed()).toMatchObject([{ state: "blocked", reason: { code: "UNTRUSTED" } }]);
});

test("what is installed waits until somebody agrees to what it asks for, and so does a version that asks for more", async () => {
  const { path, write, command, json, listed } = await commandFolder('{ trust: "asked" }');
  await write(english);
  const source = join(path, "extensions/english");
  const manifest = await readFile(join(source, "plugin.json5"), "utf8");
  const pack = async (version: string, more = "") => {
    const text = manifest
      .replace('"1.0.0"', `"${version}"`)
      .replace("main:", `runtime: "process", ${more} main:`);
    await writeFile(join(source, "plugin.json5"), text);
    return (await packExtension(source, { outFolder: path })).archive;
  };
  const first = await pack("1.0.0");
  const second = await pack("1.1.0");
  const wider = await pack("1.2.0", 'capabilities: { net: ["api.example.com:443"] },');
  await rm(join(path, "extensions"), { recursive: true });

  // A process without capabilities asks for nothing that somebody would have to agree to.
  expect(await json(["install", first])).toMatchObject({ trusted: true });
  expect(await json(["install", second])).toMatchObject({ trusted: true });
  expect((await command(["install", wider])).stdout).toContain(
    "waits   until somebody agrees to it: plugboard trust acme.english",
  );
  expect(await listed()).toMatchObject([{ reason: { code: "TRUST_WIDER" } }]);
  const asked = await command(["trust", "acme.english"], "n");
  expect(asked.stderr).toContain("asks for   net api.example.com:443 (new since 1.1.0)");
  expect(await json(["install", wider, "--yes"])).toMatchObject({ trusted: true, wasInstalled: true });
  expect(await listed()).toMatchObject([{ version: "1.2.0", state: "ready" }]);

  // Who rolls back means it.
  expect(await json(["rollback", "acme.english"])).toMatchObject({ trusted: true });
  expect(await listed()).toMatchObject([{ version: "1.1.0", state: "ready" }]);
});

test("a lockfile lets run what it lists and nothing else, and has to be signed where keys are trusted", async () => {
  const { path, write, command, listed } = await commandFolder('{ lockfile: "./plugboard.lock.json" }');
  await write(english);
  const lockfile = join(path, "plugboard.lock.json");
  expect(await listed()).toMatchObject([{ reason: { code: "TRUST_LOCK_INVALID" } }]);
  expect((await command(["lock"])).stdout).toBe(
    "acme.english 1.0.0\nlocked 1 extension in plugboard.lock.json\n",
  );
  await write(greeterFiles("acme.spanish", "Spanish", "`Hola, ${name}!`"));
  expect(await listed()).toMatchObject([
    { id: "acme.english", state: "ready" },
    { id: "acme.spanish", reason: { code: "TRUST_LOCK_MISSING" } },
  ]);
  await rm(join(path, "extensions/spanish"), { recursive: true });

  const text = await readFile(lockfile, "utf8");
  await writeFile(lockfile, text.replace('"version": "1.0.0"', '"version": "9.0.0"'));
  expect((await command(["list"])).stdout).toContain(
    "TRUST_LOCK_DIFFERS acme.english 1.0.0 is not what the lockfile says: version 1.0.0, locked 9.0.0.",
  );
  await writeFile(lockfile, text.replace('"digest"', "digest!"));
  expect((await command(["list"])).stdout).toMatch(/plugboard\.lock\.json:6:13 error TRUST_LOCK_INVALID/);

  await mkdir(join(path, ".plugboard/keys"), { recursive: true });
  createSigningKey(join(path, "operator"));
  await rename(join(path, "operator.pub"), join(path, ".plugboard/keys/operator.pub"));
  expect((await command(["lock"])).stderr).toContain("--key <file>");
  expect((await command(["lock", "--key", "operator"])).code).toBe(0);
  expect(await listed()).toMatchObject([{ state: "ready" }]);
  const signed = await readFile(lockfile, "utf8");
  await writeFile(lockfile, signed.replace('"capabilities": [', '"capabilities": ["net all", '));
  expect((await command(["list"])).stdout).toContain("it is not as it was signed");
});
