/** Reads who an extension is out of the text of its manifest. Judges nothing else in it. */
import { ExtensionError } from "@plugboard/extension-api";
import validVersion from "semver/functions/valid.js";
import { isExtensionId } from "../manifest/identifier.js";
import { readJson5 } from "../manifest/read-json5.js";

/** Name of the manifest in every extension's folder. @internal */
export const manifestName = "plugin.json5";

/** Who an extension is. @public */
export interface ExtensionIdentity {
  /** Its id. */
  readonly id: string;
  /** Its version. */
  readonly version: string;
}

/**
 * The id and the version.
 *
 * @throws ExtensionError `MANIFEST_SYNTAX`, `MANIFEST_INVALID`
 * @internal
 */
export function identityOf(text: string): ExtensionIdentity {
  const { value, failure } = readJson5(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  if (failure !== undefined) {
    throw new ExtensionError("MANIFEST_SYNTAX", `${manifestName} is not JSON5: ${failure.message}`);
  }
  const { id, version } = (value ?? {}) as { readonly id?: unknown; readonly version?: unknown };
  if (typeof id !== "string" || !isExtensionId(id)) {
    throw new ExtensionError("MANIFEST_INVALID", `${manifestName} has no id, or none of the right form.`);
  }
  if (typeof version !== "string" || validVersion(version) !== version) {
    throw new ExtensionError(
      "MANIFEST_INVALID",
      `${manifestName} has no version, or none of the right form.`,
    );
  }
  return { id, version };
}
