/**
 * Reads manifests and what they name a second time: to find the place of a finding, to open a point, to say
 * all that is wrong with a manifest that has errors. Nothing of the texts is kept.
 */
import { join } from "node:path";
import { isRecord } from "../../common/is-record.js";
import { readRegularFile } from "../../common/read-regular-file.js";
import { ExtensionError } from "@plugboard/extension-api";
import type { ExtensionManifest } from "@plugboard/schemas";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import type { BrokenFolder } from "../../discovery/folder-entry.js";
import { maximumManifestBytes } from "../../manifest/parse-manifest.js";
import { maximumSchemaBytes } from "../../manifest/section-schema.js";
import { faultOfPath } from "../../manifest/path-in-folder.js";
import { readJson5 } from "../../manifest/read-json5.js";
import { manifestName } from "../../manifest/identity.js";

/** A manifest's text, as it is now. @internal */
export interface ManifestText {
  readonly file: string;
  /** Undefined when it can no longer be read; then a finding has no place. */
  readonly text: string | undefined;
}

/** Reads the files that manifests consist of. @internal */
export class ManifestFiles {
  /** The manifest of the folder. */
  manifest(folder: string): ManifestText {
    const file = join(folder, manifestName);
    try {
      return { file, text: readRegularFile(file, maximumManifestBytes) };
    } catch {
      // It was there a moment ago.
      return { file, text: undefined };
    }
  }

  /** The schema of a point that the extension opens; throws what is wrong with it. */
  schema(description: ExtensionDescription, path: string): object {
    const file = join(description.folder, path);
    const { value, failure } = readJson5(readRegularFile(file, maximumSchemaBytes));
    if (failure !== undefined) throw notASchema(description, file, failure.message);
    if (!isRecord(value)) throw notASchema(description, file, "it holds no object");
    return value;
  }

  /** As much of a broken manifest as can be checked all the same; undefined if its text can't be read. */
  draft(broken: BrokenFolder): ExtensionDescription | undefined {
    const { text } = this.manifest(broken.folder);
    if (text === undefined) return undefined;
    const { value } = readJson5(text);
    const { main, contributes } = isRecord(value) ? value : {};
    const manifest: Partial<ExtensionManifest> = {
      ...(typeof main === "string" && faultOfPath(main) === undefined ? { main } : {}),
      ...(isRecord(contributes) ? { contributes: { ...contributes, points: [] } } : {}),
    };
    return {
      ...broken,
      id: broken.id ?? broken.name,
      version: broken.version ?? "0.0.0",
      manifest: manifest as ExtensionManifest,
    };
  }
}

function notASchema(description: ExtensionDescription, file: string, why: string): ExtensionError {
  return new ExtensionError("CONTRIBUTION_INVALID", `${file} is not a JSON Schema: ${why}`, {
    extensionId: description.id,
    details: { file },
  });
}
