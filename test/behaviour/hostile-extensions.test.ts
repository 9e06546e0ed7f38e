/** What people with bad intentions bring to a running host: each is refused, and what runs answers all the while. */
import { mkdir, readFile, readlink, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { errorTable, isExtensionError, type ErrorCode } from "@plugboard/core";
import {
  createSigningKey,
  installExtension,
  lockExtensions,
  packExtension,
  revokeKey,
  signArchive,
} from "@plugboard/core/packaging";
import { createTestHost, eventually, type TestHost } from "@plugboard/core/testing";
import { expect, onTestFinished, test } from "vitest";
import { aGreeter, greet, info } from "../support/extensions.js";
import { archiveOf, manifest, scratchFolder } from "../unit/core/archive/crafted-archive.js";

interface World {
  readonly folder: string;
  readonly keys: string;
  readonly key: string;
  /** Packs and signs a version of the extension; gives the archive. */
  archive(
    this: void,
    version: string,
    more?: { readonly manifest?: object; readonly key?: string },
  ): Promise<string>;
}

async function world(): Promise<World> {
  const folder = await scratchFolder();
  const keys = join(folder, "keys");
  await mkdir(keys);
  const key = createSigningKey(join(folder, "author"));
  await rename(key.publicFile, join(keys, "author.pub"));
  return {
    folder,
    keys,
    key: key.secretFile,
    archive: async (version, more = {}) => {
      const source = join(folder, `source-${version}-${Math.random()}`);
      await mkdir(source);
      await aGreeter({ id: "acme.english", version, manifest: { ...more.manifest } }).writeTo(source);
      const outFolder = join(source, "out");
      await mkdir(outFolder);
      const { archive } = await packExtension(join(source, "acme.english"), { outFolder });
      await signArchive(archive, { key: more.key ?? key.secretFile });
      return archive;
    },
  };
}

/** Calls the greeter again and again until the test is over; every answer has to be one of the version. */
function callsOf(kit: TestHost, version: string): { stop(): Promise<number> } {
  let isOver = false;
  let count = 0;
  const calling = (async () => {
    while (!isOver) {
      expect(await greet(kit.host, "english")).toBe(`english ${version}: World`);
      count += 1;
      await sleep(1);
    }
  })();
  // Whoever stops it hears of the failure.
  calling.catch(() => undefined);
  const stop = async () => {
    isOver = true;
    await calling;
    return count;
  };
  onTestFinished(() => {
    isOver = true;
  });
  return { stop };
}

/** The update waits with the code, for which there is advice, and what serves is untouched. */
async function refused(
  kit: TestHost,
  { code, message }: { code: ErrorCode; message: RegExp },
): Promise<void> {
  await eventually(() => expect(info(kit.host, "acme.english").candidate?.reason?.code).toBe(code));
  const found = info(kit.host, "acme.english");
  expect(found).toMatchObject({ state: "active", version: "1.1.0" });
  expect(found.candidate?.reason?.message).toMatch(message);
  expect(errorTable[code].advice).not.toBe("");
}

const untouched = (kit: TestHost) =>
  eventually(() => expect(info(kit.host, "acme.english").candidate).toBeUndefined());

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: unknown) => (isExtensionError(error) ? error.code : error),
  );

test("each of the hostile set is refused with its code while the running extension goes on answering", async () => {
  const { folder, keys, archive } = await world();
  const stateFolder = join(folder, "state");
  await using kit = await createTestHost({ watch: true, trust: "asked", keys, stateFolder });
  const extensionFolder = kit.folder;
  const install = (file: string, options: object = {}) =>
    installExtension(file, { extensionFolder, keys, ...options });
  const link = join(extensionFolder, "acme.english");
  const pointTo = async (target: string) => {
    await symlink(target, `${link}.new`);
    await rename(`${link}.new`, link);
  };

  const good = await archive("1.1.0");
  await install(good);
  await eventually(() => expect(info(kit.host, "acme.english").signature?.state).toBe("verified"));
  await kit.host.trust("acme.english");
  expect(await greet(kit.host, "english")).toBe("english 1.1.0: World");
  const target = await readlink(link);
  const code = join(link, "extension.js");
  const text = await readFile(code, "utf8");
  const calls = callsOf(kit, "1.1.0");

  const slip = await archiveOf([manifest, { path: "package/../../slipped.js", content: "" }]);
  expect(await codeOf(install(slip))).toBe("ARCHIVE_PATH");
  expect(kit.host.extensions.get("acme.crafted")).toBeUndefined();

  await writeFile(code, `${text}\nglobalThis.wasTampered = true;`);
  await refused(kit, { code: "TRUST_MODIFIED", message: /not those that were signed/ });
  await writeFile(code, text);
  await untouched(kit);

  const elsewhere = join(folder, "elsewhere.js");
  await writeFile(elsewhere, `${text}\nglobalThis.wasTampered = true;`);
  await unlink(code);
  await symlink(elsewhere, code);
  await refused(kit, { code: "TRUST_CONTENT", message: /extension\.js is a link/ });
  await unlink(code);
  await writeFile(code, text);
  await untouched(kit);

  expect(await codeOf(install(await archive("1.0.0")))).toBe("INSTALL_OLDER");
  await install(await archive("1.0.0"), { allowOlder: true });
  await refused(kit, { code: "TRUST_OLDER", message: /1\.0\.0 is older than 1\.1\.0/ });
  await pointTo(target);
  await untouched(kit);

  const wider = {
    manifest: { capabilities: { net: ["evil.example.com:443"] }, activationEvents: ["onStartup"] },
  };
  await install(await archive("1.2.0", wider));
  await refused(kit, {
    code: "TRUST_WIDER",
    message: /event onStartup, net evil\.example\.com:443/,
  });
  await pointTo(target);
  await untouched(kit);

  const stranger = createSigningKey(join(folder, "stranger")).secretFile;
  const strange = await archive("1.3.0", { key: stranger });
  expect(await codeOf(install(strange))).toBe("TRUST_LESS");
  await install(strange, { keys: undefined });
  await refused(kit, { code: "TRUST_UNKNOWN_KEY", message: /Nobody here trusts the key/ });

  expect(await calls.stop()).toBeGreaterThan(10);
  expect("wasTampered" in globalThis).toBe(false);
  // A version that the same author signed and that asks for nothing more comes through by itself.
  await install(await archive("1.4.0"), { allowOlder: true });
  await eventually(() => expect(info(kit.host, "acme.english").version).toBe("1.4.0"));
  // Once its key is revoked it is stopped.
  await revokeKey(join(keys, "author.pub"), { keys });
  await eventually(() =>
    expect(info(kit.host, "acme.english")).toMatchObject({
      state: "blocked",
      reason: { code: "TRUST_REVOKED" },
      signature: { state: "revoked" },
    }),
  );
});

test("a forged lockfile lets nothing run, and stops nothing that does", async () => {
  const { folder, keys, key, archive } = await world();
  const lockfile = join(folder, "plugboard.lock.json");
  await using kit = await createTestHost({ start: "manual", watch: true, keys, lockfile });
  const extensionFolders = [kit.folder];
  await installExtension(await archive("1.1.0"), { extensionFolder: kit.folder, keys });
  await lockExtensions({ extensionFolders, lockfile, keys, key });
  await kit.host.start();
  expect(await greet(kit.host, "english")).toBe("english 1.1.0: World");
  const calls = callsOf(kit, "1.1.0");

  const genuine = await readFile(lockfile, "utf8");
  await kit.write(aGreeter({ id: "acme.evil" }));
  await eventually(() => expect(info(kit.host, "acme.evil").reason?.code).toBe("TRUST_LOCK_MISSING"));
  const digest = info(kit.host, "acme.evil").signature?.digest;
  const forged = JSON.parse(genuine) as { extensions: Record<string, object> };
  forged.extensions["acme.evil"] = { version: "1.0.0", digest, capabilities: ["full rights"] };
  await writeFile(lockfile, JSON.stringify(forged));
  await eventually(() => expect(info(kit.host, "acme.evil").reason?.code).toBe("TRUST_LOCK_INVALID"));
  expect(kit.host.problems).toMatchObject([{ code: "TRUST_LOCK_INVALID", file: lockfile, line: 1 }]);
  const own = { ...forged, signature: undefined };
  await writeFile(lockfile, JSON.stringify(own));
  await eventually(() => expect(kit.host.problems[0]?.message).toContain("not signed"));
  await rm(lockfile);
  await eventually(() => expect(kit.host.problems[0]?.message).toContain("can't be read"));
  expect(info(kit.host, "acme.english")).toMatchObject({ state: "active", generation: 1 });

  await writeFile(lockfile, genuine);
  await eventually(() => expect(info(kit.host, "acme.evil").reason?.code).toBe("TRUST_LOCK_MISSING"));
  expect(kit.host.problems).toEqual([]);
  expect(await calls.stop()).toBeGreaterThan(10);
});
