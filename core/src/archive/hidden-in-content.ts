/** Looks through the manifest and the entry file of an extension, packed or not, for characters that nobody sees. */
import { join } from "node:path";
import type { Problem } from "@plugboard/extension-api";
import { readRegularFile } from "../common/read-regular-file.js";
import { hiddenInManifest, hiddenInModule, mainIn } from "../manifest/hidden-problems.js";
import type { ExtensionContent } from "./extension-content.js";
import { readArchive } from "./read-archive.js";
import { manifestName } from "../manifest/identity.js";

/** An entry file beyond that is no text that anybody reads. */
const longestMain = 16 * 2 ** 20;

/**
 * What is hidden in the content that was found at the path; in an archive a file's path follows the archive's.
 *
 * @internal
 */
export async function hiddenInContent(
  path: string,
  { kind, files, manifest }: ExtensionContent,
): Promise<readonly Problem[]> {
  const found = hiddenInManifest({ file: join(path, manifestName), text: manifest });
  const main = files.find((file) => file.path === mainIn(manifest));
  if (main === undefined || main.size > longestMain) return found;
  const text =
    kind === "folder"
      ? readRegularFile(join(path, main.path), longestMain)
      : await textInArchive(path, main.path);
  return [...found, ...hiddenInModule({ file: join(path, main.path), text })];
}

async function textInArchive(archive: string, path: string): Promise<string> {
  const parts: Buffer[] = [];
  await readArchive(archive, {
    onFile: (file) =>
      file.path === path
        ? { write: (bytes) => void parts.push(Buffer.from(bytes)), end: () => undefined }
        : undefined,
  });
  return Buffer.concat(parts).toString("utf8");
}
