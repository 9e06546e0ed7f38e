/** Looks at a version that lies in the store, whatever has become of its files. Changes nothing. */
import { contentOf, type ExtensionContent } from "../archive/extension-content.js";
import { lookLaterAt, saysMissing } from "../common/look-at.js";
import { thrownText } from "../common/thrown-text.js";
import type { StoredVersion, VersionStore } from "./version-store.js";

/** The facts about an installed version. @internal */
export interface InstalledContent {
  /** The version that it says it is, or that it was installed as where it can't be asked. */
  readonly version: string;
  /** Its files, if they can be read. */
  readonly content: ExtensionContent | undefined;
  /** What keeps it from being what was installed, in a sentence; undefined if nothing does. */
  readonly damage: string | undefined;
}

/** Reads all its files, and holds them against what was installed. @internal */
export async function installedContent(
  store: VersionStore,
  { id, stored }: { readonly id: string; readonly stored: StoredVersion },
): Promise<InstalledContent> {
  const damaged = (damage: string, content?: ExtensionContent) => ({
    version: stored.label,
    content,
    damage,
  });
  const { found, code = "ENOTDIR" } = await lookLaterAt(stored.folder);
  if (found?.isDirectory() !== true) {
    const what = saysMissing(code) ? "are gone" : `can't be looked at: ${code}`;
    return damaged(`The files of ${id} ${stored.label} ${what}.`);
  }
  let content: ExtensionContent;
  try {
    content = await contentOf(stored.folder);
  } catch (error) {
    return damaged(`${id} ${stored.label} can't be read: ${thrownText(error)}`);
  }
  if (content.id !== id)
    return damaged(`In the place of ${id} ${stored.label} lies ${content.id} ${content.version}.`, content);
  const digest = await store.digest(stored);
  if (digest !== undefined && digest !== content.digest)
    return damaged(`The files of ${id} ${stored.label} are not those that were installed.`, content);
  return { version: content.version, content, damage: undefined };
}
