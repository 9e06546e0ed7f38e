/** What was trusted is what runs: at the start, long after it, and when the key behind it is revoked. */
import { mkdtemp, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createSigningKey,
  installExtension,
  packExtension,
  revokeKey,
  signArchive,
} from "@plugboard/core/packaging";
import { createTestHost, eventually, type TestHost } from "@plugboard/core/testing";
import { expect, onTestFinished, test } from "vitest";
import { aGreeter, greet, info, rejection } from "../support/extensions.js";

const kinds = ["in-process", "worker", "process"] as const;

const late = (kind: string) =>
  aGreeter({
    id: "acme.late",
    manifest: { runtime: kind },
    files: {
      "words.mjs": "export const word = 'Hello';",
      "data.json": '{ "word": "Hello" }',
      "old.cjs": "exports.word = 'Hello';",
    },
    head: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    supplies: {
      greeters: {
        late: "{ greet: async (what) => what.endsWith('.mjs') ? (await import('./' + what)).word : require('./' + what).word }",
      },
    },
  });

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-trusted-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

for (const kind of kinds) {
  for (const file of ["words.mjs", "data.json", "old.cjs"]) {
    test(`${kind}: ${file} that is loaded late and is not as it was trusted is refused, and is loaded once it is`, async () => {
      await using kit = await createTestHost({ start: "manual", extensions: [late(kind)], trust: "asked" });
      await kit.host.start();
      await kit.host.trust("acme.late");
      await kit.host.activate("acme.late");
      const path = join(kit.folder, "acme.late", file);
      const trusted = await readFile(path, "utf8");

      await writeFile(path, trusted.replace("Hello", "Hullo"));
      expect(await rejection(greet(kit.host, "late", file))).toMatchObject({
        code: "TRUST_CHANGED",
        details: { file: path },
      });
      await writeFile(path, trusted);
      expect(await greet(kit.host, "late", file)).toBe("Hello");
    });
  }

  test(`${kind}: a file that came after the extension was trusted is not loaded`, async () => {
    await using kit = await createTestHost({ start: "manual", extensions: [late(kind)], trust: "asked" });
    await kit.host.start();
    await kit.host.trust("acme.late");
    await kit.host.activate("acme.late");
    await writeFile(join(kit.folder, "acme.late", "new.mjs"), "export const word = 'evil';");
    expect(await rejection(greet(kit.host, "late", "new.mjs"))).toMatchObject({ code: "TRUST_CHANGED" });
  });
}

test("an unchanged folder is not read again by the next host, a changed one is, and code is always compared", async () => {
  const stateFolder = await scratch();
  const extensions = [aGreeter({ id: "acme.english" })];
  const options = { start: "manual", trust: "asked", stateFolder } as const;
  await using first = await createTestHost({ ...options, extensions });
  const file = join(first.folder, "acme.english", "extension.js");
  // Files are remembered once they are old enough to be told from their next change.
  await eventually(async () => expect(Date.now() - (await stat(file)).ctimeMs).toBeGreaterThan(100));
  await first.host.start();
  await first.host.trust("acme.english");
  await first.host.stop();

  const digests = join(stateFolder, "digests.json");
  const remembered = JSON.parse(await readFile(digests, "utf8")) as {
    folders: Record<string, { digest: string }>;
  };
  const entry = remembered.folders[join(first.folder, "acme.english")];
  expect(entry?.digest).toMatch(/^sha256:/);
  // Shown as it was remembered: nobody has read the files.
  if (entry) entry.digest = "sha256:remembered";
  await writeFile(digests, JSON.stringify(remembered));
  await using second = await createTestHost({ ...options, extensionFolders: [first.folder] });
  await second.host.start();
  expect(info(second.host, "acme.english").signature?.digest).toBe("sha256:remembered");
  // Who asks for code to be run gets it by what it is.
  await second.host.trust("acme.english");
  expect(await greet(second.host, "english")).toBe("english 1.0.0: World");
  await second.host.stop();

  await writeFile(file, "export function activate() {}");
  await using third = await createTestHost({ ...options, extensionFolders: [first.folder] });
  await third.host.start();
  expect(info(third.host, "acme.english")).toMatchObject({ state: "blocked", reason: { code: "UNTRUSTED" } });
});

for (const revokedKeys of ["stop", "next start"] as const) {
  test(`what a revoked key has signed is stopped: ${revokedKeys}`, async () => {
    const folder = await scratch();
    const keys = join(folder, "keys");
    await mkdir(keys);
    const key = createSigningKey(join(folder, "author"));
    await rename(key.publicFile, join(keys, "author.pub"));
    await aGreeter({ id: "acme.english" }).writeTo(folder);
    const { archive } = await packExtension(join(folder, "acme.english"), { outFolder: folder });
    await signArchive(archive, { key: key.secretFile });
    const installed = join(folder, "installed");
    await installExtension(archive, { extensionFolder: installed, keys });
    const kit: TestHost = await createTestHost({
      start: "manual",
      extensionFolders: [installed],
      trust: "asked",
      keys,
      revokedKeys,
      watch: true,
    });
    onTestFinished(() => kit.dispose());
    await kit.host.start();
    await kit.host.trust("acme.english");
    expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");

    await revokeKey(join(keys, "author.pub"), { keys });
    if (revokedKeys === "next start") {
      await eventually(() =>
        expect(kit.host.problems).toContainEqual(
          expect.objectContaining({ code: "TRUST_REVOKED", extensionId: "acme.english" }),
        ),
      );
      expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");
      await kit.host.deactivate("acme.english");
    }
    await eventually(() =>
      expect(info(kit.host, "acme.english")).toMatchObject({
        state: "blocked",
        reason: { code: "TRUST_REVOKED" },
      }),
    );
    expect(kit.host.problems.map(({ code }) => code)).not.toContain("TRUST_REVOKED");
  });
}
