import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isExtensionError } from "@plugboard/extension-api";
import { expect, test } from "vitest";
import type { ExaminedContent } from "../../../../core/src/trust/decision.js";
import { emptyKeyRing } from "../../../../core/src/trust/key-ring.js";
import {
  entryOf,
  lockRefusal,
  readLockfile,
  writeLockfile,
  type Lock,
} from "../../../../core/src/trust/lockfile.js";
import { createSigningKey, readSigningKey } from "../../../../core/src/trust/signing-key.js";
import { scratchFolder } from "../archive/crafted-archive.js";

const content: ExaminedContent = {
  id: "acme.english",
  version: "1.0.0",
  digest: "sha256:one",
  rights: ["net a:1"],
  verdict: {
    state: "verified",
    message: "",
    signer: { key: "ed25519-a", signedAt: "2030-01-01T00:00:00.000Z" },
  },
};
const lock: Lock = new Map([["acme.english", entryOf(content)]]);

const place = (error: unknown) =>
  isExtensionError(error) ? { code: error.code, line: error.details.line, message: error.message } : error;
function failure(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return place(error);
  }
}

test("what the lockfile says may run, and a difference is named", () => {
  expect(lockRefusal(content, lock)).toBeUndefined();
  expect(lockRefusal({ ...content, id: "acme.other" }, lock)).toMatchObject({ code: "TRUST_LOCK_MISSING" });
  const differing: readonly (readonly [Partial<ExaminedContent>, string])[] = [
    [{ version: "2.0.0" }, "version 2.0.0, locked 1.0.0"],
    [{ digest: "sha256:two" }, "files sha256:two, locked sha256:one"],
    [{ rights: [] }, "capabilities , locked net a:1"],
    [{ verdict: { state: "unsigned", message: "" } }, "signer nobody, locked ed25519-a"],
  ];
  for (const [more, what] of differing) {
    const refusal = lockRefusal({ ...content, ...more }, lock);
    expect(refusal?.code).toBe("TRUST_LOCK_DIFFERS");
    expect(refusal?.message).toContain(what);
  }
});

test("a written lockfile reads the same, and with keys only if one of them signed it", async () => {
  const folder = await scratchFolder();
  const file = join(folder, "plugboard.lock.json");
  const { id, secretFile } = createSigningKey(join(folder, "operator"));
  const ring = { ...emptyKeyRing, trusted: new Map([[id, "operator"]]) };
  await writeLockfile(file, lock, undefined);
  expect(readLockfile(file, undefined, 0)).toEqual(lock);
  expect(failure(() => readLockfile(file, ring, 0))).toMatchObject({ code: "TRUST_LOCK_INVALID" });
  await writeLockfile(file, lock, readSigningKey(secretFile));
  expect(readLockfile(file, ring, 0)).toEqual(lock);
  expect(failure(() => readLockfile(file, emptyKeyRing, 0))).toMatchObject({
    message: expect.stringContaining("nobody here trusts the key") as string,
  });
  const revoked = { ...ring, revoked: new Map([[id, { key: id }]]) };
  expect(failure(() => readLockfile(file, revoked, 0))).toMatchObject({
    message: expect.stringContaining("revoked") as string,
  });
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace("sha256:one", "sha256:two"));
  // Without keys as well: a signature that does not fit is worse than none.
  expect(failure(() => readLockfile(file, undefined, 0))).toMatchObject({ code: "TRUST_LOCK_INVALID" });
});

test.each([
  ["is no JSON", '{\n "lockVersion": 1,\n oops', 3],
  ["has another version", '{\n "lockVersion": 2, "extensions": {} }', 2],
  ["lists nothing", '{ "lockVersion": 1 }', 1],
  ["lists an id twice", '{ "lockVersion": 1, "extensions": {\n "a": {},\n "a": {} } }', 3],
  [
    "has an entry that is not sound",
    '{ "lockVersion": 1, "extensions": {\n "a": { "version": "1.0.0" } } }',
    2,
  ],
])("a lockfile that %s is not relied on, and the place is named", async (_case, text, line) => {
  const file = join(await scratchFolder(), "plugboard.lock.json");
  await writeFile(file, text);
  expect(failure(() => readLockfile(file, undefined, 0))).toMatchObject({ code: "TRUST_LOCK_INVALID", line });
});
