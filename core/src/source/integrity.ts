/** Reads what names the bytes of a file, as npm and browsers write it: `sha512-` and base64. Pure. */
import { sourceError } from "./source-error.js";

/** The SHA-512 digests, in base64, one of which a file has to have; undefined if the text names none. @internal */
export function sha512In(text: string): readonly string[] | undefined {
  const digests = text.split(/\s+/).flatMap((word) => {
    const [, digest] = /^sha512-([A-Za-z0-9+/]{86}==)(?:\?.*)?$/.exec(word) ?? [];
    return digest === undefined ? [] : [digest];
  });
  return digests.length === 0 ? undefined : digests;
}

/**
 * Holds what came against what was promised.
 *
 * @param sha512 - of what came, in base64
 * @throws ExtensionError `SOURCE_INTEGRITY`
 * @internal
 */
export function requireIntegrity(promised: string, sha512: string, what: string): void {
  const digests = sha512In(promised);
  if (digests === undefined) {
    throw sourceError("SOURCE_INTEGRITY", `Of ${what} no SHA-512 is told, only ${JSON.stringify(promised)}.`);
  }
  if (!digests.includes(sha512)) {
    const message = `${what} is not what was promised: it has sha512-${sha512}, not sha512-${digests.join(" or sha512-")}.`;
    throw sourceError("SOURCE_INTEGRITY", message);
  }
}
