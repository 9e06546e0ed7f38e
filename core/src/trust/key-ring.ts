/**
 * The keys that an operator trusts: a folder of public keys (`*.pub`, `*.pem`), endorsements
 * (`*.endorsement.json`) and `revoked.json`, or one public key's file. Names the keys by their files.
 */
import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { ExtensionError } from "@plugboard/extension-api";
import { isRecord } from "../common/is-record.js";
import { readRegularFile } from "../common/read-regular-file.js";
import type { PublicKey } from "./ed25519.js";
import { parseEndorsement, type Endorsement } from "./signature.js";
import { readPublicKey } from "./signing-key.js";

/** Name of the file that lists the keys which are no longer to be trusted. @internal */
export const revokedName = "revoked.json";
/** End of the names of files in which one key endorses another. @internal */
export const endorsementEnding = ".endorsement.json";

const largestFile = 4 * 2 ** 20;

/** A key that is no longer to be trusted. @public */
export interface RevokedKey {
  /** Names the key. */
  readonly key: string;
  /** Why. */
  readonly reason?: string | undefined;
}

/** The keys that someone trusts. @internal */
export interface KeyRing {
  /** Names of the trusted keys by their ids. */
  readonly trusted: ReadonlyMap<string, string>;
  readonly endorsements: readonly Endorsement[];
  readonly revoked: ReadonlyMap<string, RevokedKey>;
}

/** Trusts nobody. @internal */
export const emptyKeyRing: KeyRing = Object.freeze({
  trusted: new Map<string, string>() as ReadonlyMap<string, string>,
  endorsements: [],
  revoked: new Map<string, RevokedKey>() as ReadonlyMap<string, RevokedKey>,
});

/**
 * Reads the keys.
 *
 * @throws ExtensionError `TRUST_KEY_UNREADABLE`, `TRUST_KEY_INVALID`, `TRUST_RING_INVALID`: a ring of which
 *   a part can't be read is not used, for that part might revoke something
 * @internal
 */
export function readKeyRing(path: string): KeyRing {
  if (!isFolder(path)) {
    const key = readPublicKey(path);
    return { ...emptyKeyRing, trusted: new Map([[key.id, nameOf(path)]]) };
  }
  const names = readdirSync(path).sort();
  const trusted = new Map<string, string>();
  for (const name of names.filter((one) => /\.(?:pub|pem)$/.test(one))) {
    const key: PublicKey = readPublicKey(join(path, name));
    trusted.set(key.id, nameOf(name));
  }
  const endorsements = names
    .filter((name) => name.endsWith(endorsementEnding))
    .map((name) => readEndorsement(join(path, name)));
  const revoked = names.includes(revokedName) ? readRevoked(join(path, revokedName)) : [];
  return { trusted, endorsements, revoked: new Map(revoked.map((one) => [one.key, one])) };
}

/**
 * Reads a list of revoked keys.
 *
 * @throws ExtensionError `TRUST_KEY_UNREADABLE`, `TRUST_RING_INVALID`
 * @internal
 */
export function readRevoked(file: string): readonly RevokedKey[] {
  const text = readText(file);
  try {
    const { revoked } = JSON.parse(text) as { readonly revoked?: unknown };
    if (Array.isArray(revoked) && revoked.every(isRevokedKey)) return revoked;
  } catch {
    // Said below.
  }
  const message = `${file} is not a list of revoked keys: {"revoked": [{"key": "ed25519-…", "reason": "…"}]}.`;
  throw new ExtensionError("TRUST_RING_INVALID", message);
}

/**
 * Reads an endorsement.
 *
 * @throws ExtensionError `TRUST_KEY_UNREADABLE`, `TRUST_RING_INVALID`
 * @internal
 */
export function readEndorsement(file: string): Endorsement {
  const endorsement = parseEndorsement(readText(file));
  if (endorsement !== undefined) return endorsement;
  throw new ExtensionError("TRUST_RING_INVALID", `${file} is not a genuine endorsement.`);
}

function readText(file: string): string {
  try {
    return readRegularFile(file, largestFile);
  } catch (cause) {
    throw new ExtensionError("TRUST_KEY_UNREADABLE", `${file} can't be read.`, { cause });
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (cause) {
    throw new ExtensionError("TRUST_KEY_UNREADABLE", `${path} can't be read.`, { cause });
  }
}

function nameOf(file: string): string {
  return basename(file).replace(/\.(?:pub|pem)$/, "");
}

function isRevokedKey(value: unknown): value is RevokedKey {
  if (!isRecord(value)) return false;
  const { key, reason } = value;
  return typeof key === "string" && (reason === undefined || typeof reason === "string");
}
