/** Which extensions lie in folders of extensions, installed or put there by hand. Reads manifests and runs nothing. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isExtensionId } from "../manifest/identity.js";
import { factsInFolder, type ExtensionFacts } from "./extension-facts.js";
import { VersionStore } from "./version-store.js";

/** The extensions in the folders, by id; as for a host, an earlier folder wins. Broken extensions answer to no id. @internal */
export function extensionsIn(folders: readonly string[]): ReadonlyMap<string, ExtensionFacts> {
  const found = new Map<string, ExtensionFacts>();
  for (const folder of folders) {
    for (const name of namesIn(folder)) {
      const facts = factsIfSound(join(folder, name));
      if (facts !== undefined && !found.has(facts.id)) found.set(facts.id, facts);
    }
  }
  return found;
}

/** The ids of what was installed into a folder, whatever has become of its files. @internal */
export async function installedIds(folder: string): Promise<readonly string[]> {
  const names = namesIn(folder).filter(isExtensionId);
  const installed = await Promise.all(
    names.map(async (id) => {
      const current = await new VersionStore(folder, id).current();
      return current === undefined || current === "foreign" ? [] : [id];
    }),
  );
  return installed.flat();
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith(".") && name !== "node_modules")
      .sort();
  } catch {
    // It may not be there yet; whoever has to write into it is told why it can't.
    return [];
  }
}

function factsIfSound(folder: string): ExtensionFacts | undefined {
  try {
    return factsInFolder(folder);
  } catch {
    return undefined;
  }
}
