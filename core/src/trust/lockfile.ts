/**
 * The lockfile: which extensions may run, down to their files, as a text that people review and keep with their
 * application. It may be signed.
 * Invariant: a lockfile that is not wholly understood locks everything; of two entries for an id neither counts.
 */
import { sign } from "node:crypto";
import { access } from "node:fs/promises";
import { dirname } from "node:path";
import { ExtensionError } from "@plugboard/extension-api";
import { isRecord } from "../common/is-record.js";
import { readRegularFile } from "../common/read-regular-file.js";
import { writeWhole } from "../common/write-whole.js";
import { isExtensionId } from "../manifest/identity.js";
import { offsetOf, TextLines } from "../manifest/locate.js";
import { readJson5 } from "../manifest/read-json5.js";
import type { ExaminedContent, Refusal } from "./decision.js";
import { publicKeyOf, signatureOf, verifyEd25519 } from "./ed25519.js";
import { wayTo } from "./judge.js";
import type { KeyRing } from "./key-ring.js";
import type { SigningKey } from "./signing-key.js";

/** The lockfile's entry for one extension. @public */
export interface LockedExtension {
  /** The version. */
  readonly version: string;
  /** Names the files. */
  readonly digest: string;
  /** What it asks for. */
  readonly capabilities: readonly string[];
  /** Names the key that signed, if anybody did. */
  readonly signer?: string | undefined;
}

/** Extensions by id. @internal */
export type Lock = ReadonlyMap<string, LockedExtension>;

const largestLockfile = 64 * 2 ** 20;

/** The lockfile's entry for content that is to run. @internal */
export function entryOf({ version, digest, rights, verdict }: ExaminedContent): LockedExtension {
  const isSound = verdict.state === "verified" || verdict.state === "unknown key";
  const signer = isSound ? verdict.signer?.key : undefined;
  return { version, digest, capabilities: rights, ...(signer === undefined ? {} : { signer }) };
}

/** The reason why the content may not run by the lockfile; names what differs. @internal */
export function lockRefusal(content: ExaminedContent, lock: Lock): Refusal | undefined {
  const { id, version } = content;
  const locked = lock.get(id);
  if (locked === undefined)
    return { code: "TRUST_LOCK_MISSING", message: `The lockfile does not list ${id} ${version}.` };
  const found = entryOf(content);
  const differences = [
    ...differing("version", locked.version, found.version),
    ...differing("capabilities", locked.capabilities.join(", "), found.capabilities.join(", ")),
    // A signature that came later, over the same files, takes nothing away.
    ...(locked.signer === undefined ? [] : differing("signer", locked.signer, found.signer ?? "nobody")),
    ...differing("files", locked.digest, found.digest),
  ];
  if (differences.length === 0) return undefined;
  return {
    code: "TRUST_LOCK_DIFFERS",
    message: `${id} ${version} is not what the lockfile says: ${differences.join("; ")}.`,
  };
}

/**
 * Reads a lockfile. With a ring of keys it has to be signed by one of them.
 *
 * @throws ExtensionError `TRUST_LOCK_INVALID`, with file, line and column in its details
 * @internal
 */
export function readLockfile(file: string, ring: KeyRing | undefined, now: number): Lock {
  let text: string;
  try {
    text = readRegularFile(file, largestLockfile);
  } catch (cause) {
    throw new ExtensionError("TRUST_LOCK_INVALID", `${file} can't be read.`, { details: { file }, cause });
  }
  const { value, failure, keyFindings, place } = readJson5(text, { places: true });
  const fault = (offset: number, what: string) => {
    const details = { file, ...new TextLines(text).at(offset) };
    return new ExtensionError("TRUST_LOCK_INVALID", `The lockfile can't be relied on: ${what}`, { details });
  };
  if (failure !== undefined) throw fault(failure.offset, `${failure.message}.`);
  const [key] = keyFindings;
  if (key !== undefined)
    throw fault(key.offset, `the key "${key.key}" stands here twice, or is not allowed.`);
  const at = (pointer: string) => offsetOf(place, pointer, "value");
  const { lockVersion, extensions, signature } = isRecord(value) ? value : {};
  if (lockVersion !== 1) throw fault(at("/lockVersion"), "lockVersion has to be 1.");
  if (!isRecord(extensions)) throw fault(at("/extensions"), "extensions has to list extensions by id.");
  const lock = new Map<string, LockedExtension>();
  for (const [id, entry] of Object.entries(extensions)) {
    const locked = isExtensionId(id) ? lockedOf(entry) : undefined;
    if (locked === undefined) throw fault(at(`/extensions/${id}`), `the entry of ${id} is not sound.`);
    lock.set(id, locked);
  }
  const wrong = signatureFault(lock, signature, ring, now);
  if (wrong !== undefined) throw fault(at("/signature"), wrong);
  return lock;
}

/**
 * Writes a lockfile whole, into a folder that is there.
 *
 * @throws ExtensionError `TRUST_LOCK_UNWRITABLE`
 * @internal
 */
export async function writeLockfile(file: string, lock: Lock, key: SigningKey | undefined): Promise<void> {
  const text = `${JSON.stringify(documentOf(lock, key), undefined, 2)}\n`;
  try {
    // A folder that is not there is misspelt rather than wanted.
    await access(dirname(file));
    await writeWhole(file, text, { mode: 0o644 });
  } catch (cause) {
    throw new ExtensionError("TRUST_LOCK_UNWRITABLE", `${file} can't be written.`, { cause });
  }
}

function documentOf(lock: Lock, key: SigningKey | undefined): object {
  const extensions = Object.fromEntries(inOrder(lock));
  if (key === undefined) return { lockVersion: 1, extensions };
  const value = sign(undefined, statement(lock), key.secret).toString("base64");
  return { lockVersion: 1, extensions, signature: { key: key.public.base64, value } };
}

/** What is wrong with the signature; undefined if nothing is. */
function signatureFault(
  lock: Lock,
  signature: unknown,
  ring: KeyRing | undefined,
  now: number,
): string | undefined {
  if (signature === undefined) {
    return ring === undefined ? undefined : "it is not signed, and this host has keys to check it with.";
  }
  const { key: keyText, value } = isRecord(signature) ? signature : {};
  const key = typeof keyText === "string" ? publicKeyOf(keyText) : undefined;
  const bytes = typeof value === "string" ? signatureOf(value) : undefined;
  if (key === undefined || bytes === undefined || !verifyEd25519(key, statement(lock), bytes))
    return "it is not as it was signed.";
  if (ring === undefined) return undefined;
  if (ring.revoked.has(key.id)) return `the key ${key.id} that signed it has been revoked.`;
  const way = wayTo(key.id, ring.endorsements, ring, now);
  return way === undefined || way.hasExpired
    ? `nobody here trusts the key ${key.id} that signed it.`
    : undefined;
}

/** The first line keeps the signature from being taken for one of another kind. */
function statement(lock: Lock): Buffer {
  const entries = inOrder(lock).map(([id, { version, digest, capabilities, signer }]) =>
    JSON.stringify([id, version, digest, capabilities, signer ?? null]),
  );
  return Buffer.from(["plugboard lockfile 1", ...entries, ""].join("\n"));
}

function inOrder(lock: Lock): readonly (readonly [string, LockedExtension])[] {
  return [...lock].sort(([one], [other]) => (one < other ? -1 : 1));
}

function differing(what: string, locked: string, found: string): readonly string[] {
  return locked === found ? [] : [`${what} ${found}, locked ${locked}`];
}

function lockedOf(value: unknown): LockedExtension | undefined {
  if (!isRecord(value)) return undefined;
  const { version, digest, capabilities, signer } = value;
  if (typeof version !== "string" || typeof digest !== "string" || !isTextList(capabilities))
    return undefined;
  if (signer !== undefined && typeof signer !== "string") return undefined;
  return { version, digest, capabilities, ...(signer === undefined ? {} : { signer }) };
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
