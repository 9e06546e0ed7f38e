/**
 * Finds what looks like a secret among files that are about to be handed on: keys of any kind, and what programs keep
 * passwords in. Repeats nothing of what it reads.
 */
import { join, posix } from "node:path";
import type { ExtensionError } from "@plugboard/extension-api";
import { readRegularBytes } from "../common/read-regular-file.js";
import { archiveError } from "./archive-error.js";
import type { FileToPack } from "./write-archive.js";

/** A file that looks like a secret. @internal */
export interface SecretFile {
  readonly path: string;
  /** What it looks like, for people. */
  readonly what: string;
}

/** Keys are small; so much is looked through for those that stand in the middle of something else. */
const largestLookedAt = 16 * 2 ** 20;
/** So many are named before the rest is counted. */
const mostNamed = 3;

/** Tell by themselves what is in them, whatever it is. */
const secretNames: readonly (readonly [RegExp, string])[] = [
  [/^id_(?:rsa|dsa|ecdsa|ed25519|ecdsa_sk|ed25519_sk)$/, "a secret key of SSH"],
  [/\.ppk$/i, "a secret key of PuTTY"],
  [/\.(?:p12|pfx|jks|keystore)$/i, "a store of keys and certificates"],
  [/\.(?:key|p8)$/i, "a secret key"],
  [/^[._]netrc$/, "passwords of servers"],
  [/^\.(?:git-credentials|pypirc|pgpass|my\.cnf|htpasswd|dockercfg|vault-token)$/, "passwords"],
  [/\.kdbx$/i, "a store of passwords"],
];
/** Folders in which programs keep keys and passwords. */
const secretFolders: ReadonlySet<string> = new Set([".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker"]);

/** A mark alone stands in many a program; with what follows it is a key, also as a text of JSON. */
const keyInText =
  /-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\r|\\n){1,8}(?:Proc-Type:|Version:|Comment:|[A-Za-z0-9+/]{40})|PuTTY-User-Key-File-\d: |AGE-SECRET-KEY-1[0-9A-Z]{50}/;
/** One of these stands in every text that the pattern finds. */
const keyWords = ["PRIVATE KEY", "PuTTY-User-Key-File-", "AGE-SECRET-KEY-1"];

/** The files that look like secrets. Installed packages are not looked at: whoever wants can have them anyway. @internal */
export function secretFiles(folder: string, files: readonly FileToPack[]): readonly SecretFile[] {
  return files.flatMap(({ path, size }) => {
    if (/(?:^|\/)node_modules\//.test(path)) return [];
    const what =
      secretNamed(path) ?? (size > largestLookedAt ? undefined : secretIn(join(folder, path), path));
    return what === undefined ? [] : [{ path, what }];
  });
}

/** The error that names them. @internal */
export function secretRefused(secrets: readonly SecretFile[]): ExtensionError {
  const named = secrets.slice(0, mostNamed).map(({ path, what }) => `${path} looks like ${what}`);
  const more = secrets.length - mostNamed;
  const message = `${named.join(", ")}${more > 0 ? `, and so do ${more} more` : ""}; nothing is packed.`;
  return archiveError("ARCHIVE_SECRET", message, { entry: secrets[0]?.path });
}

function secretNamed(path: string): string | undefined {
  const name = posix.basename(path);
  const [, what] = secretNames.find(([pattern]) => pattern.test(name)) ?? [];
  if (what !== undefined) return what;
  return path
    .split("/")
    .slice(0, -1)
    .some((part) => secretFolders.has(part))
    ? "keys or passwords"
    : undefined;
}

function secretIn(file: string, path: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readRegularBytes(file, largestLookedAt);
  } catch (cause) {
    throw archiveError("ARCHIVE_UNREADABLE", `${path} can't be read.`, { entry: path, cause });
  }
  if (!keyWords.some((word) => bytes.includes(word))) return undefined;
  return keyInText.test(bytes.toString("latin1")) ? "a secret key" : undefined;
}
