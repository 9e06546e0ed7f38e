/**
 * Encrypts what extensions keep secret: AES-256-GCM, a fresh nonce for each writing, bound to the extension. The key
 * lies in a file of its own that is never written over.
 * Invariant: nothing of a key or a secret is in an error; what can't be decrypted is never taken for nothing.
 */
import { fstatSync, closeSync, openSync, readFileSync } from "node:fs";
import { ExtensionError } from "@plugboard/extension-api";
import { nodeCrypto } from "../../common/late-builtins.js";
import { nonBlockingRead } from "../../common/read-regular-file.js";
import type { StateValues } from "../../common/state-files.js";

/** The content of a file of secrets. */
interface Sealed {
  readonly format: 1;
  /** Names the key. */
  readonly key: string;
  readonly nonce: string;
  readonly tag: string;
  readonly data: string;
}

const algorithm = "aes-256-gcm";
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const others = 0o077;

/** The text of a new key's file. @internal */
export function newSecretKey(): string {
  return `${nodeCrypto().randomBytes(keyBytes).toString("base64")}\n`;
}

/**
 * Reads the key; undefined if there is none.
 *
 * @throws ExtensionError `STATE_KEY_EXPOSED`, `STATE_KEY_LOST`, `STATE_UNREADABLE`
 * @internal
 */
export function readSecretKey(file: string): Buffer | undefined {
  let descriptor: number | undefined;
  let key: Buffer;
  try {
    descriptor = openSync(file, nonBlockingRead);
    const stat = fstatSync(descriptor);
    // Windows shows no permissions here; there the folder's have to do.
    if (process.platform !== "win32" && (stat.mode & others) !== 0) {
      const mode = (stat.mode & 0o777).toString(8).padStart(4, "0");
      throw stateError("STATE_KEY_EXPOSED", `Others can use ${file}: its mode is ${mode}.`, file);
    }
    key = Buffer.from(stat.isFile() && stat.size < 1024 ? readFileSync(descriptor, "utf8") : "", "base64");
  } catch (cause) {
    if (cause instanceof ExtensionError) throw cause;
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new ExtensionError("STATE_UNREADABLE", `${file} can't be read.`, { details: { file }, cause });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
  if (key.length !== keyBytes) throw stateError("STATE_KEY_LOST", `${file} holds no key.`, file);
  return key;
}

/** What is to be written of the secrets of an extension. @internal */
export function seal(secrets: StateValues, extensionId: string, key: Buffer): StateValues {
  const nonce = nodeCrypto().randomBytes(nonceBytes);
  const cipher = nodeCrypto().createCipheriv(algorithm, key, nonce).setAAD(owner(extensionId));
  const data = Buffer.concat([cipher.update(JSON.stringify(secrets), "utf8"), cipher.final()]);
  const sealed: Sealed = {
    format: 1,
    key: nameOf(key),
    nonce: nonce.toString("base64"),
    tag: cipher.getAuthTag().toString("base64"),
    data: data.toString("base64"),
  };
  return { ...sealed };
}

/**
 * The secrets of an extension, of what was written.
 *
 * @throws ExtensionError `STATE_MODIFIED` for what was not written by a host for this extension, `STATE_KEY_LOST` if
 *   it was written with another key, or there is none
 * @internal
 */
export function unseal(
  sealed: StateValues,
  extensionId: string,
  {
    file,
    keyFile,
    key,
  }: { readonly file: string; readonly keyFile: string; readonly key: Buffer | undefined },
): StateValues {
  const modified = () =>
    stateError("STATE_MODIFIED", `${file} is not what the host has written for ${extensionId}.`, file);
  if (!isSealed(sealed)) throw modified();
  if (key === undefined)
    throw stateError("STATE_KEY_LOST", `${file} needs the key ${keyFile}; there is none.`, file);
  if (sealed.key !== nameOf(key))
    throw stateError(
      "STATE_KEY_LOST",
      `${file} was written with another key than the one in ${keyFile}.`,
      file,
    );
  try {
    const options = { authTagLength: tagBytes };
    const decipher = nodeCrypto()
      .createDecipheriv(algorithm, key, Buffer.from(sealed.nonce, "base64"), options)
      .setAAD(owner(extensionId))
      .setAuthTag(Buffer.from(sealed.tag, "base64"));
    const data = Buffer.from(sealed.data, "base64");
    return JSON.parse(decipher.update(data, undefined, "utf8") + decipher.final("utf8")) as StateValues;
  } catch {
    // What the cipher says names no file, and helps nobody.
    throw modified();
  }
}

function isSealed(values: StateValues): values is StateValues & Sealed {
  const { format, key, nonce, tag, data } = values;
  return format === 1 && [key, nonce, tag, data].every((text) => typeof text === "string");
}

/** Whose the secrets are: another's are not taken for them. */
function owner(extensionId: string): Buffer {
  return Buffer.from(`plugboard secrets 1 ${extensionId}`);
}

/** Tells keys apart, and nothing about them. */
function nameOf(key: Buffer): string {
  return nodeCrypto()
    .createHash("sha256")
    .update("plugboard secrets key")
    .update(key)
    .digest("hex")
    .slice(0, 16);
}

function stateError(
  code: "STATE_KEY_EXPOSED" | "STATE_KEY_LOST" | "STATE_MODIFIED",
  message: string,
  file: string,
): ExtensionError {
  return new ExtensionError(code, message, { details: { file } });
}
