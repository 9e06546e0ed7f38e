/** Which installed extensions an update would pass over, as far as that is written down. Asks nobody and changes nothing. */
import { resolve } from "node:path";
import type { ExtensionIdentity } from "../archive/extension-identity.js";
import { installedVersion, versionOf } from "./install-extension.js";
import { installedIds } from "./installed-extensions.js";
import { VersionStore, type HeldVersions } from "./version-store.js";

/** An installed extension for which there is a newer version that updates pass over. @public */
export interface HeldExtension extends ExtensionIdentity {
  /** The version from which somebody went back; updates take newer ones only. */
  readonly rolledBack?: string | undefined;
  /** The newest version that was too new for npm's `min-release-age` when an update looked last. */
  readonly tooNew?:
    | {
        readonly version: string;
        /** From when on it can be taken, in ISO 8601, where that can be told. */
        readonly until?: string | undefined;
      }
    | undefined;
  /** The same in sentences, each with how to get the version all the same. */
  readonly sentences: readonly string[];
}

/**
 * The extensions in a folder for which a newer version is held back, by id. None if the folder can't be read.
 *
 * @public
 */
export async function heldExtensions(extensionFolder: string): Promise<readonly HeldExtension[]> {
  const folder = resolve(extensionFolder);
  const ids = await installedIds(folder);
  const found = await Promise.all(ids.map((id) => heldExtension(new VersionStore(folder, id), id)));
  return found.filter((one) => one !== undefined);
}

/** The version that is held back of an extension; undefined if none is. @internal */
export async function heldExtension(store: VersionStore, id: string): Promise<HeldExtension | undefined> {
  const stored = await installedVersion(store, id);
  const held = await store.held(stored).catch((): HeldVersions => ({}));
  const { rolledBack, tooNew } = held;
  if (rolledBack === undefined && tooNew === undefined) return undefined;
  const version = versionOf(id, stored);
  return { id, version, ...held, sentences: sentencesOf(`${id} ${version}`, held) };
}

function sentencesOf(what: string, { rolledBack, tooNew }: HeldVersions): readonly string[] {
  const texts: string[] = [];
  if (rolledBack !== undefined)
    texts.push(
      `${what}: update passes over ${rolledBack}, which was rolled back; plugboard update --again takes it.`,
    );
  if (tooNew !== undefined) {
    // Only an age that npm asks for ends; a date does not, nor does it end that nobody knows how old a version is.
    const why =
      tooNew.until === undefined
        ? "too new for npm's before or min-release-age"
        : `held until ${tooNew.until} by npm's min-release-age`;
    texts.push(`${what}: ${tooNew.version} is ${why}; plugboard update --now takes it.`);
  }
  return texts;
}
