/** Looks through the manifest and the entry file of an extension, packed or not, for characters that nobody sees. */
import { join } from "node:path";
import type { Problem } from "@plugboard/extension-api";
import { hiddenInFolder } from "../manifest/hidden-in-folder.js";
import { hiddenInManifest, hiddenInModule, longestModule, mainIn } from "../manifest/hidden-problems.js";
import type { ExtensionContent } from "./extension-content.js";
import { readArchive } from "./read-archive.js";
import { manifestName } from "../manifest/identity.js";

/**
 * What is hidden in the content that was found at the path; in an archive a file's path follows the archive's.
 *
 * @internal
 */
export async function hiddenInContent(
  path: string,
  { kind, files, manifest }: ExtensionContent,
): Promise<readonly Problem[]> {
  const main = files.find((file) => file.path === mainIn(manifest));
  if (kind === "folder") return hiddenInFolder(path, main?.path);
  const found = hiddenInManifest({ file: join(path, manifestName), text: manifest });
  if (main === undefined || main.size > longestModule) return found;
  return [
    ...found,
    ...hiddenInModule({ file: join(path, main.path), text: await textInArchive(path, main.path) }),
  ];
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
