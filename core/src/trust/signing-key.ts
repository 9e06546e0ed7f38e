/**
 * Key files. The secret half is readable by its owner alone, from the moment it is written; one that others
 * can read is not used. Invariant: no error and no result ever holds anything of a secret key.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { ExtensionError } from "@plugboard/extension-api";
import { nonBlockingRead, readRegularFile } from "../common/read-regular-file.js";
import { publicHalf, type PublicKey } from "./ed25519.js";

const largestKeyFile = 16 * 1024;

/** A key pair on the disk. @public */
export interface KeyFiles {
  /** Names the key. */
  readonly id: string;
  /** The secret half: PEM, mode 0600. */
  readonly secretFile: string;
  /** The public half, to be handed out: PEM. */
  readonly publicFile: string;
}

/** A key to sign with. @internal */
export interface SigningKey {
  readonly secret: KeyObject;
  readonly public: PublicKey;
}

/**
 * Makes a new key: the secret half in `file`, the public half in `file` with `.pub` added.
 *
 * @throws ExtensionError `TRUST_KEY_UNWRITABLE`, also when one of the files is there already: no key is ever
 *   overwritten
 * @public
 */
export function createSigningKey(file: string): KeyFiles {
  const pair = generateKeyPairSync("ed25519");
  const { id } = publicHalf(pair.publicKey) as PublicKey;
  const publicFile = `${file}.pub`;
  writeNew(file, pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(), 0o600);
  writeNew(publicFile, pair.publicKey.export({ type: "spki", format: "pem" }).toString(), 0o644);
  return { id, secretFile: file, publicFile };
}

/**
 * Reads a secret key.
 *
 * @throws ExtensionError `TRUST_KEY_EXPOSED` when others can read the file, `TRUST_KEY_UNREADABLE`,
 *   `TRUST_KEY_INVALID`
 * @internal
 */
export function readSigningKey(file: string): SigningKey {
  const text = readSecret(file);
  let secret: KeyObject;
  try {
    secret = createPrivateKey(text);
  } catch {
    // What the parser says may quote the text.
    throw new ExtensionError("TRUST_KEY_INVALID", `${file} holds no secret key that can be used.`);
  }
  const half = publicHalf(secret);
  if (half === undefined)
    throw new ExtensionError("TRUST_KEY_INVALID", `The key in ${file} is not an Ed25519 key.`);
  return { secret, public: half };
}

/**
 * Reads a public key.
 *
 * @throws ExtensionError `TRUST_KEY_UNREADABLE`, `TRUST_KEY_INVALID`
 * @internal
 */
export function readPublicKey(file: string): PublicKey {
  let text: string;
  try {
    text = readRegularFile(file, largestKeyFile);
  } catch (cause) {
    throw new ExtensionError("TRUST_KEY_UNREADABLE", `${file} can't be read.`, { cause });
  }
  if (text.includes("PRIVATE KEY")) {
    const message = `${file} holds a secret key; only public keys are handed out.`;
    throw new ExtensionError("TRUST_KEY_INVALID", message);
  }
  let half: PublicKey | undefined;
  try {
    half = publicHalf(createPublicKey(text));
  } catch {
    // Said below.
  }
  if (half === undefined)
    throw new ExtensionError("TRUST_KEY_INVALID", `${file} holds no public Ed25519 key.`);
  return half;
}

function readSecret(file: string): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, nonBlockingRead);
    const stat = fstatSync(descriptor);
    if (!stat.isFile() || stat.size > largestKeyFile) {
      throw new ExtensionError("TRUST_KEY_INVALID", `${file} is not a key file.`);
    }
    // Windows shows no permissions here; there the folder's have to do.
    if (process.platform !== "win32" && (stat.mode & 0o077) !== 0) {
      const mode = (stat.mode & 0o777).toString(8).padStart(4, "0");
      throw new ExtensionError("TRUST_KEY_EXPOSED", `Others can use ${file}: its mode is ${mode}.`);
    }
    return readFileSync(descriptor, "utf8");
  } catch (cause) {
    if (cause instanceof ExtensionError) throw cause;
    throw new ExtensionError("TRUST_KEY_UNREADABLE", `${file} can't be read.`, { cause });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function writeNew(file: string, text: string, mode: number): void {
  try {
    const descriptor = openSync(file, "wx", mode);
    try {
      writeSync(descriptor, text);
      fsyncSync(descriptor);
    } catch (error) {
      // Half a key would be in the way of a whole one.
      rmSync(file, { force: true });
      throw error;
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code === "EEXIST";
    const message = isThere ? `${file} is there already.` : `${file} can't be written.`;
    throw new ExtensionError("TRUST_KEY_UNWRITABLE", message, { cause });
  }
}
