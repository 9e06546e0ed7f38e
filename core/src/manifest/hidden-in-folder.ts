/** Looks through the manifest and the entry file in a folder for characters that nobody sees. */
import { join } from "node:path";
import type { Problem } from "@plugboard/extension-api";
import { readRegularFile } from "../common/read-regular-file.js";
import { hiddenInManifest, hiddenInModule, longestModule, type TextFile } from "./hidden-problems.js";
import { maximumManifestBytes } from "./parse-manifest.js";
import { manifestName } from "./identity.js";

/** What is hidden in the manifest and, if it is named, in the entry file. Never throws. @internal */
export function hiddenInFolder(folder: string, main: string | undefined): readonly Problem[] {
  const manifest = textOf(join(folder, manifestName), maximumManifestBytes);
  const module = main === undefined ? undefined : textOf(join(folder, main), longestModule);
  return [
    ...(manifest === undefined ? [] : hiddenInManifest(manifest)),
    ...(module === undefined ? [] : hiddenInModule(module)),
  ];
}

function textOf(file: string, limit: number): TextFile | undefined {
  try {
    return { file, text: readRegularFile(file, limit) };
  } catch {
    // That it can't be read is told by whoever needs it.
    return undefined;
  }
}
