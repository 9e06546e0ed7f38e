import {
  chmod,
  copyFile,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isExtensionError } from "@plugboard/extension-api";
import { expect, onTestFinished, test } from "vitest";
import { StateFolder } from "../../../../../core/src/host/state/state-folder.js";
import { diskFull, faultyDisk } from "../../common/dying-disk.js";

const canary = "canary-7f3a";

interface Place {
  readonly folder: string;
  readonly state: StateFolder;
  readonly file: string;
  readonly keyFile: string;
}

/** A folder in which an extension has stored a secret. */
async function withSecret(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-state-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const state = new StateFolder(folder);
  await state.secrets("acme.one").set("token", canary);
  return { folder, state, file: join(folder, "secrets/acme.one.json"), keyFile: join(folder, "secrets.key") };
}

const modeOf = async (file: string) => (await stat(file)).mode & 0o777;

test("secrets are on the disk in no form that can be read without the key", async () => {
  const { folder, state } = await withSecret();
  for (const name of (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) =>
    one.isFile(),
  )) {
    const text = await readFile(join(name.parentPath, name.name), "latin1");
    for (const form of ["latin1", "base64", "hex"] as const)
      expect(text).not.toContain(Buffer.from(canary).toString(form).replaceAll("=", ""));
    expect(text).not.toContain("token");
  }
  expect(await state.secrets("acme.one").get("token")).toBe(canary);
  expect(await new StateFolder(folder).secrets("acme.one").get("token")).toBe(canary);
});

test.skipIf(process.platform === "win32")(
  "the key and what it encrypts are their owner's alone",
  async () => {
    const { folder, file, keyFile } = await withSecret();
    expect([await modeOf(keyFile), await modeOf(file)]).toEqual([0o600, 0o600]);
    await chmod(keyFile, 0o640);
    await expect(new StateFolder(folder).secrets("acme.one").get("token")).rejects.toMatchObject({
      code: "STATE_KEY_EXPOSED",
      message: `Others can use ${keyFile}: its mode is 0640.`,
    });
  },
);

test.skipIf(process.platform === "win32")("the key may lie elsewhere, behind a link", async () => {
  const { folder, keyFile } = await withSecret();
  const elsewhere = await mkdtemp(join(tmpdir(), "plugboard-key-"));
  onTestFinished(() => rm(elsewhere, { recursive: true, force: true }));
  await rename(keyFile, join(elsewhere, "key"));
  await symlink(join(elsewhere, "key"), keyFile);
  const secrets = new StateFolder(folder).secrets("acme.one");
  await secrets.set("more", canary);
  expect([await secrets.get("token"), await secrets.get("more")]).toEqual([canary, canary]);
});

test("each writing has a nonce of its own", async () => {
  const { state, file } = await withSecret();
  const nonces = new Set<string>();
  for (let turn = 0; turn < 5; turn++) {
    await state.secrets("acme.one").set("token", canary);
    nonces.add((JSON.parse(await readFile(file, "utf8")) as { nonce: string }).nonce);
  }
  expect(nonces.size).toBe(5);
});

test("an extension finds nothing under the keys of another one", async () => {
  const { state } = await withSecret();
  expect(await state.secrets("acme.two").get("token")).toBeUndefined();
});

/** Changes one letter of a member. */
const altered =
  (member: string) =>
  async ({ file }: Place) => {
    const sealed = JSON.parse(await readFile(file, "utf8")) as Record<string, string>;
    const text = sealed[member] ?? "";
    sealed[member] = `${text.startsWith("A") ? "B" : "A"}${text.slice(1)}`;
    await writeFile(file, JSON.stringify(sealed));
  };

const damages: readonly (readonly [string, string, (place: Place) => Promise<unknown>])[] = [
  ["data that was changed", "STATE_MODIFIED", altered("data")],
  ["a nonce that was changed", "STATE_MODIFIED", altered("nonce")],
  ["a tag that was changed", "STATE_MODIFIED", altered("tag")],
  [
    "a tag that was cut short",
    "STATE_MODIFIED",
    async ({ file }) => {
      const sealed = JSON.parse(await readFile(file, "utf8")) as { tag: string };
      await writeFile(file, JSON.stringify({ ...sealed, tag: sealed.tag.slice(0, 8) }));
    },
  ],
  [
    "secrets that somebody wrote by hand",
    "STATE_MODIFIED",
    ({ file }) => writeFile(file, '{"token":"canary"}'),
  ],
  [
    "a file that was cut short",
    "STATE_UNREADABLE",
    async ({ file }) => writeFile(file, (await readFile(file)).subarray(0, 30)),
  ],
  ["an empty file", "STATE_UNREADABLE", ({ file }) => writeFile(file, "")],
  ["a key that is lost", "STATE_KEY_LOST", ({ keyFile }) => rm(keyFile)],
  ["a key that is cut short", "STATE_KEY_LOST", ({ keyFile }) => writeFile(keyFile, "AAAA")],
  [
    "the key of another host",
    "STATE_KEY_LOST",
    async ({ keyFile }) => {
      const { keyFile: other } = await withSecret();
      await copyFile(other, keyFile);
    },
  ],
];

test.for(damages)(
  "%s is told as %s by whatever needs it, and changed by nothing",
  async ([, code, damage]) => {
    const place = await withSecret();
    await damage(place);
    const contents = () =>
      Promise.all([place.file, place.keyFile].map((file) => readFile(file).catch(() => undefined)));
    const before = await contents();
    const secrets = new StateFolder(place.folder).secrets("acme.one");
    for (const use of [
      () => secrets.get("token"),
      () => secrets.set("other", "x"),
      () => secrets.delete("token"),
    ]) {
      const error = await use().catch((refused: unknown) => refused);
      expect(isExtensionError(error, code as "STATE_MODIFIED")).toBe(true);
      expect(`${String(error)} ${JSON.stringify(error)} ${String((error as Error).cause)}`).not.toContain(
        "canary",
      );
    }
    expect(await contents()).toEqual(before);
  },
);

test("the file of one extension is not taken for that of another", async () => {
  const { folder, file } = await withSecret();
  await copyFile(file, join(folder, "secrets/acme.two.json"));
  const theft = new StateFolder(folder).secrets("acme.two").get("token");
  await expect(theft).rejects.toMatchObject({ code: "STATE_MODIFIED" });
});

test("no new key is made while there are secrets that need the lost one", async () => {
  const { folder, keyFile } = await withSecret();
  await rm(keyFile);
  const another = new StateFolder(folder).secrets("acme.two").set("token", "x");
  await expect(another).rejects.toMatchObject({ code: "STATE_KEY_LOST" });
  await rm(join(folder, "secrets"), { recursive: true });
  await new StateFolder(folder).secrets("acme.two").set("token", "x");
  expect(await new StateFolder(folder).secrets("acme.two").get("token")).toBe("x");
});

test("hosts that store their first secrets at once make one key", async () => {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-state-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const ids = ["acme.one", "acme.two", "acme.three", "acme.four"];
  await Promise.all(ids.map((id) => new StateFolder(folder).secrets(id).set("token", id)));
  const state = new StateFolder(folder);
  expect(await Promise.all(ids.map((id) => state.secrets(id).get("token")))).toEqual(ids);
});

test("a first secret that is killed or refused at any step leaves a folder that takes it the next time", async () => {
  for (const isKill of [true, false]) {
    for (let step = 1; step < 20; step++) {
      const folder = await mkdtemp(join(tmpdir(), "plugboard-state-"));
      onTestFinished(() => rm(folder, { recursive: true, force: true }));
      const { disk } = faultyDisk({ step, bytes: 5, error: diskFull(), isKill });
      await new StateFolder(folder, { disk })
        .secrets("acme.one")
        .set("token", canary)
        .catch((error: unknown) => expect(isExtensionError(error, "STATE_UNWRITABLE")).toBe(true));
      const secrets = new StateFolder(folder).secrets("acme.one");
      expect([undefined, canary]).toContain(await secrets.get("token"));
      await secrets.set("token", canary);
      expect(await secrets.get("token")).toBe(canary);
    }
  }
});
