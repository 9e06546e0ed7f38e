/**
 * What becomes of keys: one endorses its successor, one is taken out of trust. Each is a file that is always whole.
 */
import { access } from "node:fs/promises";
import { join } from "node:path";
import { ExtensionError } from "@plugboard/extension-api";
import { diskRefusal } from "../common/disk-refusal.js";
import { withLock } from "../common/file-lock.js";
import { writeWhole } from "../common/write-whole.js";
import { endorsementEnding, readRevoked, revokedName, type RevokedKey } from "./key-ring.js";
import { endorsementText } from "./signature.js";
import { readPublicKey, readSigningKey } from "./signing-key.js";

/** Longer than it takes until a process that was killed elsewhere is known to be gone. */
const longestWaitMs = 20_000;

/**
 * Lets the key in a file endorse a new one, and writes that into a file beside the new key.
 *
 * @param nextFile - the public half of the new key
 * @param options.key - file of the old key's secret half
 * @throws ExtensionError with a `TRUST_*` code
 * @public
 */
export async function endorseKey(
  nextFile: string,
  options: { readonly key: string; readonly expires?: number | undefined },
): Promise<{ readonly old: string; readonly new: string; readonly file: string }> {
  const next = readPublicKey(nextFile);
  const key = readSigningKey(options.key);
  const file = `${nextFile.replace(/\.(?:pub|pem)$/, "")}${endorsementEnding}`;
  await writeTrustFile(file, endorsementText(next, key, options.expires));
  return { old: key.public.id, new: next.id, file };
}

/**
 * Adds a key to the list of revoked keys in a folder of keys.
 *
 * @param key - its id, or a file with its public half
 * @throws ExtensionError with a `TRUST_*` code
 * @public
 */
export async function revokeKey(
  key: string,
  options: { readonly keys: string; readonly reason?: string | undefined },
): Promise<RevokedKey> {
  const id = /^ed25519-[0-9a-f]{32}$/.test(key) ? key : readPublicKey(key).id;
  const file = join(options.keys, revokedName);
  const entry = { key: id, ...(options.reason === undefined ? {} : { reason: options.reason }) };
  // A key that somebody else revokes at the same moment stays revoked.
  await whileAlone(options.keys, file, async () => {
    const others = (await isThere(file)) ? readRevoked(file).filter((one) => one.key !== id) : [];
    await writeTrustFile(file, `${JSON.stringify({ revoked: [...others, entry] }, undefined, 2)}\n`);
  });
  return entry;
}

function unwritable(file: string, why: string, cause?: unknown): ExtensionError {
  return new ExtensionError("TRUST_KEY_UNWRITABLE", `${file} can't be written: ${why}.`, { cause });
}

async function isThere(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw new ExtensionError("TRUST_KEY_UNREADABLE", `${file} can't be read.`, { cause });
  }
}

async function whileAlone(folder: string, file: string, work: () => Promise<void>): Promise<void> {
  const busy = (processId: number) => unwritable(file, `Process ${String(processId)} keeps changing it`);
  const terms = { folder: join(folder, ".claims"), name: revokedName, waitMs: longestWaitMs, busy };
  try {
    await withLock(terms, work);
  } catch (error) {
    const why = diskRefusal(error);
    throw why === undefined ? error : unwritable(file, why, error);
  }
}

async function writeTrustFile(file: string, text: string): Promise<void> {
  try {
    await writeWhole(file, text, { mode: 0o644 });
  } catch (cause) {
    throw unwritable(file, diskRefusal(cause) ?? "", cause);
  }
}
