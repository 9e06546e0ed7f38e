import { generateKeyPairSync } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { extractArchive } from "../../../../core/src/archive/extract-archive.js";
import { packExtension } from "../../../../core/src/archive/pack-extension.js";
import { endorseKey, revokeKey } from "../../../../core/src/trust/key-succession.js";
import { signArchive } from "../../../../core/src/trust/sign-archive.js";
import { createSigningKey } from "../../../../core/src/trust/signing-key.js";
import { verifyExtension } from "../../../../core/src/trust/verify-extension.js";
import { scratchFolder } from "../archive/crafted-archive.js";

const now = Date.UTC(2030, 0, 1);
const day = 86_400_000;

/** A folder with keys of an author, an operator's folder of trusted keys, and a packed extension. */
async function world() {
  const folder = await scratchFolder();
  const keys = join(folder, "keys");
  const source = join(folder, "source");
  await mkdir(keys);
  await mkdir(source);
  await writeFile(
    join(source, "plugin.json5"),
    '{ manifestVersion: 1, id: "acme.signed", version: "1.0.0" }\n',
  );
  await writeFile(join(source, "a.js"), "export {};\n");
  await writeFile(join(source, "b.js"), "export {};\n");
  const { archive, digest } = await packExtension(source, { outFolder: folder });
  const author = createSigningKey(join(folder, "author"));
  const trust = async (name: string) =>
    writeFile(join(keys, `${name}.pub`), await readFile(join(folder, `${name}.pub`)));
  return { folder, keys, archive, digest, author, trust, source };
}

async function unpacked(archive: string): Promise<string> {
  const folder = join(await scratchFolder(), "extension");
  await extractArchive(archive, folder);
  return folder;
}

test("a signed archive of a trusted key is verified, and so is what was unpacked from it", async () => {
  const { archive, digest, keys, author, trust } = await world();
  await trust("author");
  const signed = await signArchive(archive, { key: author.secretFile, now, expires: now + day });
  expect(signed).toEqual({ id: "acme.signed", version: "1.0.0", archive, digest, key: author.id });
  const verdict = {
    id: "acme.signed",
    version: "1.0.0",
    digest,
    files: 3,
    problems: [],
    state: "verified",
    message: "Signed by author, and as it was signed.",
    signer: {
      key: author.id,
      name: "author",
      signedAt: "2030-01-01T00:00:00.000Z",
      expires: "2030-01-02T00:00:00.000Z",
    },
  };
  expect(await verifyExtension(archive, { keys, now })).toEqual(verdict);
  expect(await verifyExtension(await unpacked(archive), { keys, now })).toEqual(verdict);
  expect(await verifyExtension(archive, { keys: author.publicFile, now })).toEqual(verdict);
});

test("what nobody signed is unsigned", async () => {
  const { archive, keys } = await world();
  expect(await verifyExtension(archive, { keys })).toMatchObject({ state: "unsigned" });
});

test("a signature of a key that nobody trusts is of an unknown key", async () => {
  const { archive, keys, author } = await world();
  await signArchive(archive, { key: author.secretFile });
  expect(await verifyExtension(archive, { keys })).toMatchObject({
    state: "unknown key",
    signer: { key: author.id },
  });
  expect(await verifyExtension(archive)).toMatchObject({ state: "unknown key" });
});

test("every change of the files is found and named", async () => {
  const { archive, keys, author, trust } = await world();
  await trust("author");
  await signArchive(archive, { key: author.secretFile });
  const folder = await unpacked(archive);
  await writeFile(join(folder, "a.js"), "export { };\n");
  await rm(join(folder, "b.js"));
  await writeFile(join(folder, "c.js"), "");
  await chmod(join(folder, "plugin.json5"), 0o755);
  expect(await verifyExtension(folder, { keys })).toMatchObject({
    state: "modified",
    changes: { changed: ["a.js", "plugin.json5"], added: ["c.js"], missing: ["b.js"] },
  });
});

test("a link in an installed folder is refused, wherever it leads", async () => {
  const { archive, keys, author } = await world();
  await signArchive(archive, { key: author.secretFile });
  const folder = await unpacked(archive);
  await rm(join(folder, "b.js"));
  await symlink("a.js", join(folder, "b.js"));
  await expect(verifyExtension(folder, { keys })).rejects.toMatchObject({ code: "ARCHIVE_LINK" });
});

const edits: readonly [string, (document: Record<string, unknown>) => void][] = [
  ["the time", (document) => (document["signedAt"] = "2031-01-01T00:00:00.000Z")],
  ["the end", (document) => (document["expires"] = "2999-01-01T00:00:00.000Z")],
  ["no end", (document) => delete document["expires"]],
  ["the digest", (document) => (document["digest"] = `sha256:${"0".repeat(64)}`)],
  ["the list", (document) => (document["files"] = [])],
  ["a line added to the list", (document) => ((document["files"] as { path: string }[])[0]!.path += "\n")],
  ["the algorithm", (document) => (document["algorithm"] = "none")],
  ["another key", (document) => (document["publicKey"] = Buffer.alloc(32, 1).toString("base64"))],
  ["no signature", (document) => (document["signature"] = "")],
];

test.each(edits)("a signature file with %s changed is found out", async (_what, edit) => {
  const { archive, keys, author, trust } = await world();
  await trust("author");
  await signArchive(archive, { key: author.secretFile, now, expires: now + day });
  const folder = await unpacked(archive);
  const file = join(folder, "plugin.signature.json");
  const document = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
  edit(document);
  await writeFile(file, JSON.stringify(document));
  expect(await verifyExtension(folder, { keys, now })).toMatchObject({ state: "modified" });
});

test("a signature file that is no JSON is found out", async () => {
  const { archive, keys, author } = await world();
  await signArchive(archive, { key: author.secretFile });
  const folder = await unpacked(archive);
  await writeFile(join(folder, "plugin.signature.json"), "{");
  expect(await verifyExtension(folder, { keys })).toMatchObject({ state: "modified" });
});

test("a signature taken from another extension does not fit", async () => {
  const { archive, keys, author, trust, source } = await world();
  await trust("author");
  await signArchive(archive, { key: author.secretFile });
  const good = await unpacked(archive);
  await writeFile(join(source, "a.js"), "evil();\n");
  await writeFile(join(source, "plugin.signature.json"), await readFile(join(good, "plugin.signature.json")));
  expect(await verifyExtension(source, { keys })).toMatchObject({ state: "modified" });
});

test("a signature ends at its time", async () => {
  const { archive, keys, author, trust } = await world();
  await trust("author");
  await signArchive(archive, { key: author.secretFile, now, expires: now + day });
  const at = async (time: number) => (await verifyExtension(archive, { keys, now: time })).state;
  expect([await at(now + day - 1), await at(now + day)]).toEqual(["verified", "expired"]);
});

test("a revoked key signs nothing, whenever it says it did", async () => {
  const { archive, keys, author, trust } = await world();
  await trust("author");
  await signArchive(archive, { key: author.secretFile, now: 0 });
  await revokeKey(author.publicFile, { keys, reason: "stolen" });
  const verdict = await verifyExtension(archive, { keys });
  expect(verdict).toMatchObject({
    state: "revoked",
    message: `The key ${author.id} has been revoked: stolen.`,
  });
  await revokeKey(author.id, { keys });
  expect(JSON.parse(await readFile(join(keys, "revoked.json"), "utf8"))).toEqual({
    revoked: [{ key: author.id }],
  });
});

test("signing again replaces the signature and keeps the digest", async () => {
  const { folder, archive, digest, keys, author, trust } = await world();
  const other = createSigningKey(join(folder, "other"));
  await trust("other");
  await signArchive(archive, { key: author.secretFile });
  await signArchive(archive, { key: other.secretFile });
  expect(await verifyExtension(archive, { keys })).toMatchObject({
    state: "verified",
    digest,
    signer: { key: other.id, name: "other" },
  });
  expect((await readdir(folder)).filter((name) => name.startsWith("."))).toEqual([]);
});

/** The author's key endorses a second one, which signs. */
async function rotated(options: { readonly expires?: number } = {}) {
  const before = await world();
  const next = createSigningKey(join(before.folder, "next"));
  const endorsement = await endorseKey(next.publicFile, { key: before.author.secretFile, ...options });
  await before.trust("author");
  return { ...before, next, endorsement };
}

test("a key endorsed by a trusted one is trusted, when the endorsement travels with the archive", async () => {
  const { archive, keys, author, next, endorsement } = await rotated();
  expect(endorsement).toMatchObject({ old: author.id, new: next.id });
  await signArchive(archive, { key: next.secretFile, endorsements: [endorsement.file] });
  expect(await verifyExtension(archive, { keys })).toMatchObject({
    state: "verified",
    signer: { key: next.id, name: "author", endorsedBy: author.id },
  });
});

test("a key endorsed by a trusted one is trusted, when the endorsement lies among the keys", async () => {
  const { archive, keys, next, endorsement } = await rotated();
  await signArchive(archive, { key: next.secretFile });
  expect(await verifyExtension(archive, { keys })).toMatchObject({ state: "unknown key" });
  await writeFile(join(keys, "next.endorsement.json"), await readFile(endorsement.file));
  expect(await verifyExtension(archive, { keys })).toMatchObject({ state: "verified" });
});

test("a chain of endorsements leads to a trusted key, also around a circle", async () => {
  const { folder, archive, keys, author, next, endorsement } = await rotated();
  const third = createSigningKey(join(folder, "third"));
  const back = await endorseKey(author.publicFile, { key: third.secretFile });
  const on = await endorseKey(third.publicFile, { key: next.secretFile });
  await signArchive(archive, { key: third.secretFile, endorsements: [on.file] });
  await writeFile(join(keys, "next.endorsement.json"), await readFile(endorsement.file));
  await writeFile(join(keys, "circle.endorsement.json"), await readFile(back.file));
  expect(await verifyExtension(archive, { keys })).toMatchObject({
    state: "verified",
    signer: { key: third.id, endorsedBy: author.id },
  });
});

test("the word of a revoked key counts for nothing", async () => {
  const { archive, keys, author, next, endorsement } = await rotated();
  await signArchive(archive, { key: next.secretFile, endorsements: [endorsement.file] });
  await revokeKey(author.id, { keys });
  expect(await verifyExtension(archive, { keys })).toMatchObject({ state: "unknown key" });
});

test("an endorsed key ends with its endorsement", async () => {
  const { archive, keys, next, endorsement } = await rotated({ expires: now });
  await signArchive(archive, { key: next.secretFile, endorsements: [endorsement.file] });
  expect(await verifyExtension(archive, { keys, now: now - 1 })).toMatchObject({ state: "verified" });
  expect(await verifyExtension(archive, { keys, now })).toMatchObject({ state: "expired" });
});

test("an endorsement for another key can't travel with a signature", async () => {
  const { archive, author, endorsement } = await rotated();
  const failure = signArchive(archive, { key: author.secretFile, endorsements: [endorsement.file] });
  await expect(failure).rejects.toMatchObject({ code: "TRUST_RING_INVALID" });
});

test("a forged endorsement in an archive is passed over, one among the keys stops everything", async () => {
  const { archive, keys, next, endorsement } = await rotated({ expires: now });
  await signArchive(archive, { key: next.secretFile, endorsements: [endorsement.file] });
  const folder = await unpacked(archive);
  const forged = (await readFile(endorsement.file, "utf8")).replace("2030", "2040");
  const file = join(folder, "plugin.signature.json");
  const document = JSON.parse(await readFile(file, "utf8")) as object;
  await writeFile(file, JSON.stringify({ ...document, endorsements: [JSON.parse(forged)] }));
  expect(await verifyExtension(folder, { keys, now })).toMatchObject({ state: "unknown key" });
  await writeFile(join(keys, "forged.endorsement.json"), forged);
  await expect(verifyExtension(folder, { keys })).rejects.toMatchObject({ code: "TRUST_RING_INVALID" });
});

test("a new key's secret half is its owner's alone, and no key is overwritten", async () => {
  const folder = await scratchFolder();
  const files = createSigningKey(join(folder, "mine"));
  expect((await stat(files.secretFile)).mode & 0o777).toBe(0o600);
  const before = await readFile(files.secretFile, "utf8");
  expect(() => createSigningKey(join(folder, "mine"))).toThrow(
    expect.objectContaining({ code: "TRUST_KEY_UNWRITABLE" }),
  );
  expect(await readFile(files.secretFile, "utf8")).toBe(before);
  expect(await readFile(files.publicFile, "utf8")).toContain("BEGIN PUBLIC KEY");
});

test.each([0o640, 0o604, 0o620, 0o601, 0o644])("a secret key of mode %o is not used", async (mode) => {
  const { archive, author } = await world();
  await chmod(author.secretFile, mode);
  const before = await readFile(archive);
  await expect(signArchive(archive, { key: author.secretFile })).rejects.toMatchObject({
    code: "TRUST_KEY_EXPOSED",
  });
  expect((await readFile(archive)).equals(before)).toBe(true);
});

test("no error says anything of a secret key", async () => {
  const { folder, archive, author, keys } = await world();
  const secret = (await readFile(author.secretFile, "utf8")).split("\n")[1] ?? "";
  expect(secret.length).toBeGreaterThan(40);
  await writeFile(join(folder, "broken"), (await readFile(author.secretFile, "utf8")).replace("END", "DNE"), {
    mode: 0o600,
  });
  await writeFile(join(keys, "mistaken.pub"), await readFile(author.secretFile));
  const failures: unknown[] = await Promise.all([
    signArchive(archive, { key: join(folder, "broken") }).catch((error: unknown) => error),
    verifyExtension(archive, { keys }).catch((error: unknown) => error),
  ]);
  for (const failure of failures) {
    expect(failure).toMatchObject({ code: "TRUST_KEY_INVALID" });
    const { message, stack, cause } = failure as Error;
    expect(JSON.stringify([message, stack, cause])).not.toContain(secret.slice(8, 24));
  }
});

test("a key of another kind is refused", async () => {
  const { folder, archive } = await world();
  const { privateKey, publicKey } = generateKeyPairSync("x25519");
  const secret = privateKey.export({ type: "pkcs8", format: "pem" });
  await writeFile(join(folder, "other"), secret, { mode: 0o600 });
  await writeFile(join(folder, "other.pub"), publicKey.export({ type: "spki", format: "pem" }));
  const refused = { code: "TRUST_KEY_INVALID" };
  await expect(signArchive(archive, { key: join(folder, "other") })).rejects.toMatchObject(refused);
  await expect(verifyExtension(archive, { keys: join(folder, "other.pub") })).rejects.toMatchObject(refused);
});

test.each([["{"], ["[]"], ['{"revoked": [1]}'], ['{"revoked": [{"id": "x"}]}']])(
  "a list of revoked keys like %s lets nobody be trusted",
  async (text) => {
    const { archive, keys, author, trust } = await world();
    await trust("author");
    await signArchive(archive, { key: author.secretFile });
    await writeFile(join(keys, "revoked.json"), text);
    await expect(verifyExtension(archive, { keys })).rejects.toMatchObject({ code: "TRUST_RING_INVALID" });
  },
);

test("keys that are not there are an error, not an empty list", async () => {
  const { archive, folder } = await world();
  const failure = verifyExtension(archive, { keys: join(folder, "nowhere") });
  await expect(failure).rejects.toMatchObject({ code: "TRUST_KEY_UNREADABLE" });
});
