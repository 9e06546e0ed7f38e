/** Reads who an extension is out of the text of its manifest. Judges nothing else in it. */
import { join } from "node:path";
import { ExtensionError } from "@plugboard/extension-api";
import { readRegularFile } from "../common/read-regular-file.js";
import { identityIn, manifestName } from "../manifest/identity.js";
import { maximumManifestBytes } from "../manifest/parse-manifest.js";
import { readJson5 } from "../manifest/read-json5.js";

/** The identity of an extension. @public */
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
  const { id, version } = identityIn(value);
  if (id === undefined) {
    throw new ExtensionError("MANIFEST_INVALID", `${manifestName} has no id, or none of the right form.`);
  }
  if (version === undefined) {
    throw new ExtensionError(
      "MANIFEST_INVALID",
      `${manifestName} has no version, or none of the right form.`,
    );
  }
  return { id, version };
}

/**
 * The text of the manifest in a folder.
 *
 * @throws ExtensionError `MANIFEST_MISSING`, `MANIFEST_UNREADABLE`
 * @internal
 */
export function manifestTextIn(folder: string): string {
  const file = join(folder, manifestName);
  try {
    return readRegularFile(file, maximumManifestBytes);
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    if (isMissing) throw new ExtensionError("MANIFEST_MISSING", `${folder} holds no ${manifestName}.`);
    throw new ExtensionError("MANIFEST_UNREADABLE", `${file} can't be read.`, { cause });
  }
}

/** The id and the version of the extension in a folder; throws as the text and what it says are read. @internal */
export function identityInFolder(folder: string): ExtensionIdentity {
  return identityOf(manifestTextIn(folder));
}
