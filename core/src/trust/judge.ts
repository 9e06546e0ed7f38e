/**
 * What a signature is worth to someone who trusts certain keys, at a certain time. Pure.
 * Invariant: only content that was signed as it is, by a key that is trusted, not revoked and in time, is
 * verified. A time that the signer wrote down saves no revoked key: its thief can write it too.
 */
import type { ListedFile } from "../archive/file-list.js";
import { digestOfFiles } from "../archive/file-list.js";
import type { KeyRing } from "./key-ring.js";
import { parseSignature, type Endorsement, type Signature } from "./signature.js";

/** The result of checking a signature. @public */
export type TrustState = "verified" | "modified" | "unsigned" | "unknown key" | "revoked" | "expired";

/** Differences between the files and those that were signed. @public */
export interface FileChanges {
  /** Other content, or another executable bit. */
  readonly changed: readonly string[];
  /** There, and not signed. */
  readonly added: readonly string[];
  /** Signed, and not there. */
  readonly missing: readonly string[];
}

/** The signer of an extension. @public */
export interface Signer {
  /** Names the key. */
  readonly key: string;
  /** The name under which it, or the key that endorses it, is trusted. */
  readonly name?: string | undefined;
  /** The trusted key that endorses it, if it isn't trusted itself. */
  readonly endorsedBy?: string | undefined;
  /** When, by the signer's word. */
  readonly signedAt: string;
  /** Until when it holds. */
  readonly expires?: string | undefined;
}

/** The verdict on a signature. @public */
export interface TrustVerdict {
  /** What came of it. */
  readonly state: TrustState;
  /** Why, one sentence. */
  readonly message: string;
  /** Who signed; absent where nobody did, or what was signed can't be told. */
  readonly signer?: Signer | undefined;
  /** How the files differ, where it is `modified` and that can be told. */
  readonly changes?: FileChanges | undefined;
}

/** The content to be judged. @internal */
export interface JudgedContent {
  readonly files: readonly ListedFile[];
  readonly digest: string;
  readonly signature: string | undefined;
}

const longestChain = 8;

/** Judges files and the signature beside them. @internal */
export function judge(content: JudgedContent, ring: KeyRing, now: number): TrustVerdict {
  if (content.signature === undefined) return { state: "unsigned", message: "Nobody has signed it." };
  const signature = parseSignature(content.signature);
  if (signature === undefined)
    return { state: "modified", message: "The signature does not fit its own words." };
  const signer = signerOf(signature);
  if (signature.digest !== content.digest) {
    const changes = changesBetween(signature.files, content.files);
    return { state: "modified", message: "The files are not those that were signed.", signer, changes };
  }
  const { id } = signature.key;
  const revoked = ring.revoked.get(id);
  if (revoked !== undefined) {
    const why = revoked.reason === undefined ? "" : `: ${revoked.reason}`;
    return { state: "revoked", message: `The key ${id} has been revoked${why}.`, signer };
  }
  const way = wayTo(id, [...ring.endorsements, ...signature.endorsements], ring, now);
  if (way === undefined)
    return { state: "unknown key", message: `Nobody here trusts the key ${id}.`, signer };
  const known = {
    ...signer,
    name: ring.trusted.get(way.from),
    ...(way.from === id ? {} : { endorsedBy: way.from }),
  };
  if (way.hasExpired) {
    return { state: "expired", message: `The endorsement of the key ${id} has expired.`, signer: known };
  }
  if (signature.expires !== undefined && signature.expires <= now) {
    return { state: "expired", message: `The signature has expired.`, signer: known };
  }
  return {
    state: "verified",
    message: `Signed by ${known.name ?? id}, and as it was signed.`,
    signer: known,
  };
}

/** A way in which a key comes to be trusted. @internal */
export interface Way {
  /** The trusted key at its beginning. */
  readonly from: string;
  readonly hasExpired: boolean;
}

/**
 * Goes back from a key to one that is trusted, the shortest way that still holds; never over a revoked one.
 *
 * @internal
 */
export function wayTo(
  id: string,
  endorsements: readonly Endorsement[],
  ring: KeyRing,
  now: number,
): Way | undefined {
  let expired: Way | undefined;
  let reached = new Map([[id, false]]);
  const seen = new Set<string>();
  for (let step = 0; step <= longestChain && reached.size > 0; step++) {
    const next = new Map<string, boolean>();
    for (const [key, hasExpired] of reached) {
      const way = ring.trusted.has(key) ? { from: key, hasExpired } : undefined;
      if (way?.hasExpired === false) return way;
      expired ??= way;
      seen.add(`${key} ${hasExpired}`);
      for (const endorsement of endorsements) {
        if (endorsement.new.id !== key || ring.revoked.has(endorsement.old.id)) continue;
        const isOver = hasExpired || (endorsement.expires !== undefined && endorsement.expires <= now);
        if (seen.has(`${endorsement.old.id} ${isOver}`)) continue;
        next.set(endorsement.old.id, isOver && next.get(endorsement.old.id) !== false);
      }
    }
    reached = next;
  }
  return expired;
}

function signerOf({ key, signedAt, expires }: Signature): Signer {
  return {
    key: key.id,
    signedAt: new Date(signedAt).toISOString(),
    ...(expires === undefined ? {} : { expires: new Date(expires).toISOString() }),
  };
}

function changesBetween(signed: readonly ListedFile[], found: readonly ListedFile[]): FileChanges {
  const before = new Map(signed.map((file) => [file.path, file]));
  const after = new Map(found.map((file) => [file.path, file]));
  const isSame = (one: ListedFile, other: ListedFile) => digestOfFiles([one]) === digestOfFiles([other]);
  return {
    changed: found.flatMap((file) => {
      const old = before.get(file.path);
      return old === undefined || isSame(old, file) ? [] : [file.path];
    }),
    added: found.filter(({ path }) => !before.has(path)).map(({ path }) => path),
    missing: signed.filter(({ path }) => !after.has(path)).map(({ path }) => path),
  };
}
