/** Ed25519 over bytes, and keys as their 32 bytes. Knows no files and no archives. */
import { createHash, createPublicKey, verify, type KeyObject } from "node:crypto";

/** A public key. @internal */
export interface PublicKey {
  /** Names the key: `ed25519-` and half of the digest of its bytes. */
  readonly id: string;
  /** Its 32 bytes in base64. */
  readonly base64: string;
}

const keyBytes = 32;
const signatureBytes = 64;

/** Tells whether the signature was made over the message with the key that belongs to this one. @internal */
export function verifyEd25519(key: PublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== signatureBytes) return false;
  const x = Buffer.from(key.base64, "base64").toString("base64url");
  try {
    const object = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    return verify(undefined, message, object, signature);
  } catch {
    // Not every 32 bytes are a key.
    return false;
  }
}

/** The key of 32 bytes in base64; undefined if the text is anything else. @internal */
export function publicKeyOf(base64: string): PublicKey | undefined {
  const bytes = bytesOf(base64, keyBytes);
  if (bytes === undefined) return undefined;
  return { id: `ed25519-${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}`, base64 };
}

/** The public half of a key; undefined if it is of another kind. @internal */
export function publicHalf(key: KeyObject): PublicKey | undefined {
  if (key.asymmetricKeyType !== "ed25519") return undefined;
  const { x } = (key.type === "private" ? createPublicKey(key) : key).export({ format: "jwk" });
  return x === undefined ? undefined : publicKeyOf(Buffer.from(x, "base64url").toString("base64"));
}

/** The bytes of a signature in base64; undefined if the text is anything else. @internal */
export function signatureOf(base64: string): Buffer | undefined {
  return bytesOf(base64, signatureBytes);
}

/** Base64 has several spellings of some bytes; only one is taken. */
function bytesOf(base64: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(base64, "base64");
  return bytes.length === length && bytes.toString("base64") === base64 ? bytes : undefined;
}
