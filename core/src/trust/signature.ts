/**
 * What a signature says, as the file that travels in an archive, and what exactly is signed. Pure.
 * Invariant: everything that a verdict rests on is under the signature; the list of files is by its digest.
 */
import { sign } from "node:crypto";
import { isRecord } from "../common/is-record.js";
import { digestOfFiles, inListOrder, type ListedFile } from "../archive/file-list.js";
import { publicKeyOf, signatureOf, verifyEd25519, type PublicKey } from "./ed25519.js";
import type { SigningKey } from "./signing-key.js";

/** A key's word for another: who trusts the old one may trust the new one. @internal */
export interface Endorsement {
  readonly old: PublicKey;
  readonly new: PublicKey;
  /** When the word ends, in milliseconds; never if absent. */
  readonly expires?: number | undefined;
}

/** A signature whose own words fit together. @internal */
export interface Signature {
  readonly key: PublicKey;
  /** The content that was signed. */
  readonly digest: string;
  readonly files: readonly ListedFile[];
  /** When it was made, by the signer's word, in milliseconds. */
  readonly signedAt: number;
  /** When it ends, in milliseconds; never if absent. */
  readonly expires?: number | undefined;
  /** Those that are genuine. */
  readonly endorsements: readonly Endorsement[];
}

/** The signer's statement. @internal */
export interface SigningFacts {
  readonly signedAt: number;
  readonly expires?: number | undefined;
  /** Texts of endorsement files, to travel along. */
  readonly endorsements?: readonly string[] | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** The text of the file for files signed with the key. @internal */
export function signatureText(
  files: readonly ListedFile[],
  key: SigningKey,
  { signedAt, expires, endorsements = [] }: SigningFacts,
): string {
  const digest = digestOfFiles(files);
  const statement = signedStatement({ key: key.public, digest, signedAt, expires });
  const document = {
    version: 1,
    algorithm: "ed25519",
    publicKey: key.public.base64,
    digest,
    signedAt: timeText(signedAt),
    expires: timeText(expires),
    signature: sign(undefined, statement, key.secret).toString("base64"),
    endorsements: endorsements.map((text) => JSON.parse(text) as unknown),
    files: inListOrder(files).map(({ path, size, sha256, isExecutable }) => ({
      path,
      size,
      sha256,
      isExecutable,
    })),
  };
  return `${JSON.stringify(document, undefined, 1)}\n`;
}

/** Reads a signature; undefined if its own words don't fit together, whoever made it. @internal */
export function parseSignature(text: string): Signature | undefined {
  const fields = fieldsOf(text);
  if (fields?.version !== 1 || fields.algorithm !== "ed25519") return undefined;
  const key = keyField(fields.publicKey);
  const signature = typeof fields.signature === "string" ? signatureOf(fields.signature) : undefined;
  const signedAt = timeField(fields.signedAt);
  const expires = timeField(fields.expires);
  const files = filesField(fields.files);
  const { digest } = fields;
  if (key === undefined || signature === undefined || files === undefined || typeof digest !== "string") {
    return undefined;
  }
  if (typeof signedAt !== "number" || expires === "invalid" || digestOfFiles(files) !== digest)
    return undefined;
  if (!verifyEd25519(key, signedStatement({ key, digest, signedAt, expires }), signature)) return undefined;
  const listed: readonly unknown[] = Array.isArray(fields.endorsements) ? fields.endorsements : [];
  const endorsements = listed.map(endorsementOf).filter((one) => one !== undefined);
  return { key, digest, files, signedAt, expires, endorsements };
}

/** The text of a file in which one key endorses another. @internal */
export function endorsementText(next: PublicKey, key: SigningKey, expires: number | undefined): string {
  const statement = endorsedStatement({ old: key.public, new: next, expires });
  const document = {
    version: 1,
    old: key.public.base64,
    new: next.base64,
    expires: timeText(expires),
    signature: sign(undefined, statement, key.secret).toString("base64"),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** Reads an endorsement; undefined if it is not genuine. @internal */
export function parseEndorsement(text: string): Endorsement | undefined {
  return endorsementOf(fieldsOf(text));
}

/** Milliseconds of a time as signatures have it: `2027-01-31T00:00:00.000Z`, and no other way. */
function parseTime(text: string): number | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) || new Date(time).toISOString() !== text ? undefined : time;
}

function endorsementOf(value: unknown): Endorsement | undefined {
  if (!isRecord(value) || value.version !== 1) return undefined;
  const old = keyField(value.old);
  const next = keyField(value.new);
  const expires = timeField(value.expires);
  const signature = typeof value.signature === "string" ? signatureOf(value.signature) : undefined;
  if (old === undefined || next === undefined || expires === "invalid" || signature === undefined)
    return undefined;
  const endorsement = { old, new: next, expires };
  return verifyEd25519(old, endorsedStatement(endorsement), signature) ? endorsement : undefined;
}

/** The first line keeps a signature of one kind from being taken for another. */
function signedStatement({
  key,
  digest,
  signedAt,
  expires,
}: Pick<Signature, "key" | "digest" | "signedAt" | "expires">): Buffer {
  return Buffer.from(
    `plugboard signature 1\nkey ${key.base64}\ndigest ${digest}\n` +
      `signed ${timeText(signedAt)}\nexpires ${timeText(expires) ?? "never"}\n`,
  );
}

function endorsedStatement({ old, new: next, expires }: Endorsement): Buffer {
  return Buffer.from(
    `plugboard endorsement 1\nold ${old.base64}\nnew ${next.base64}\nexpires ${timeText(expires) ?? "never"}\n`,
  );
}

function timeText(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

function timeField(value: unknown): number | "invalid" | undefined {
  if (value === undefined) return undefined;
  return (typeof value === "string" ? parseTime(value) : undefined) ?? "invalid";
}

function keyField(value: unknown): PublicKey | undefined {
  return typeof value === "string" ? publicKeyOf(value) : undefined;
}

function filesField(value: unknown): readonly ListedFile[] | undefined {
  return Array.isArray(value) && value.every(isListedFile) ? value : undefined;
}

function isListedFile(value: unknown): value is ListedFile {
  return (
    isRecord(value) &&
    typeof value.path === "string" &&
    // eslint-disable-next-line no-control-regex
    !/[\u0000-\u001f]/.test(value.path) &&
    Number.isSafeInteger(value.size) &&
    typeof value.sha256 === "string" &&
    /^[0-9a-f]{64}$/.test(value.sha256) &&
    typeof value.isExecutable === "boolean"
  );
}

function fieldsOf(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
