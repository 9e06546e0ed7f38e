/**
 * What becomes of keys: one endorses its successor, one is taken out of trust. Each is a file, written aside and
 * renamed.
 */
import { access, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ExtensionError } from "@plugboard/extension-api";
import { endorsementEnding, readRevoked, revokedName, type RevokedKey } from "./key-ring.js";
import { endorsementText } from "./signature.js";
import { readPublicKey, readSigningKey } from "./signing-key.js";

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
  const others = (await isThere(file)) ? readRevoked(file).filter((one) => one.key !== id) : [];
  const entry = { key: id, ...(options.reason === undefined ? {} : { reason: options.reason }) };
  await writeTrustFile(file, `${JSON.stringify({ revoked: [...others, entry] }, undefined, 2)}\n`);
  return entry;
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

async function writeTrustFile(file: string, text: string): Promise<void> {
  const aside = `${file}.${process.pid}.new`;
  try {
    await writeFile(aside, text, { flush: true });
    await rename(aside, file);
  } catch (cause) {
    throw new ExtensionError("TRUST_KEY_UNWRITABLE", `${file} can't be written.`, { cause });
  }
}
