/**
 * Installs extensions into a folder of extensions, takes them out and puts the version before back. A host that
 * follows the folder sees each change at once; one that does not finds it when it starts.
 */
import { resolve } from "node:path";
import { identityInFolder, type ExtensionIdentity } from "../archive/extension-identity.js";
import { isExtensionId } from "../manifest/identity.js";
import { installError } from "./install-error.js";
import { guarded, Installer, type InstalledExtension, type InstallOptions } from "./installer.js";
import { installedContent } from "./installed-content.js";
import { VersionStore, type StoredVersion } from "./version-store.js";

/** The result of installing one extension. @public */
export interface Installation extends InstalledExtension {
  /** What was installed with it, because it depends on it. */
  readonly dependencies: readonly InstalledExtension[];
}

/**
 * Installs a folder, an archive, an npm package or what is at an address, in place of the version that may be there, with
 * the extensions that it depends on and that are not installed yet, from the same source. All of them or none.
 *
 * No code of it runs, nor any script. What is modified, revoked or expired is refused, as is what is less trusted than the
 * version it would replace.
 *
 * @param source - a path; `@scope/name`, `name` or `npm:name`, perhaps with `@` and a range, version or tag; an
 *   address that starts with `https:`, or with `http:` on this machine
 * @throws ExtensionError with an `ARCHIVE_*`, `MANIFEST_*`, `SOURCE_*`, `TRUST_*` or `INSTALL_*` code; nothing has
 *   changed then
 * @public
 */
export async function installExtension(source: string, options: InstallOptions): Promise<Installation> {
  const installer = new Installer(options);
  try {
    const record = await installer.sources.named(source, options.integrity);
    const offer = await installer.sources.offer(record);
    const installed = installer.installed();
    const root = await installer.step(offer);
    const steps = await installer.plan(root, installed);
    await installer.requireApproval(steps, installed, new Set([root.facts.id]));
    const outcomes = await installer.apply(steps);
    const outcome = outcomes.at(-1) as InstalledExtension;
    return { ...outcome, dependencies: outcomes.slice(0, -1) };
  } finally {
    await installer.dispose();
  }
}

/** Options of a change to an installed extension. @public */
export type ChangeOptions = Pick<InstallOptions, "extensionFolder" | "onWait" | "waitMs" | "signal">;

/**
 * Takes an extension out, with every version of it that is kept, whatever has become of its files.
 *
 * @throws ExtensionError `INSTALL_MISSING`, also for a folder that somebody put there by hand
 * @public
 */
export async function uninstallExtension(id: string, options: ChangeOptions): Promise<ExtensionIdentity> {
  const extensions = resolve(options.extensionFolder);
  return guarded({ ...options, extensions }, async () => {
    const store = new VersionStore(extensions, id);
    // Somebody may have removed the link by hand.
    const leftover = isExtensionId(id) ? await store.leftover() : undefined;
    const version = versionOf(id, leftover ?? (await installedVersion(store, id)));
    await store.chooseNone();
    await store.removeOthers([]);
    return { id, version };
  });
}

/**
 * Puts the version back that the installed one replaced. Updates pass over the one that was replaced, until there is a
 * newer one.
 *
 * @throws ExtensionError `INSTALL_MISSING`, `INSTALL_NO_PREVIOUS`; `INSTALL_DAMAGED` when the version before is not what
 *   was installed
 * @public
 */
export async function rollbackExtension(
  id: string,
  options: ChangeOptions,
): Promise<ExtensionIdentity & { readonly replaced: string }> {
  const extensions = resolve(options.extensionFolder);
  return guarded({ ...options, extensions }, async () => {
    const store = new VersionStore(extensions, id);
    const current = await installedVersion(store, id);
    const previous = await store.previous(current);
    if (previous === undefined) {
      throw installError("INSTALL_NO_PREVIOUS", `No version before this one of ${id} is kept.`, id);
    }
    const { version, damage } = await installedContent(store, { id, stored: previous });
    if (damage !== undefined) throw installError("INSTALL_DAMAGED", damage, id);
    const replaced = versionOf(id, current);
    await store.setRolledBack(previous, current);
    await store.choose(previous);
    return { id, version, replaced };
  });
}

/** The version that the installed one says it is, or was installed as where it can't be asked. @internal */
export function versionOf(id: string, { folder, label }: StoredVersion): string {
  try {
    const identity = identityInFolder(folder);
    return identity.id === id ? identity.version : label;
  } catch {
    // It is damaged; whoever mends or removes it has to be told something.
    return label;
  }
}

/**
 * The version that is installed.
 *
 * @throws ExtensionError `INSTALL_MISSING`
 * @internal
 */
export async function installedVersion(store: VersionStore, id: string): Promise<StoredVersion> {
  // An id is part of paths here, and comes from whoever asks.
  if (!isExtensionId(id)) throw installError("INSTALL_MISSING", `${JSON.stringify(id)} is no id.`);
  const current = await store.current();
  if (current === undefined) throw installError("INSTALL_MISSING", `${id} is not installed here.`, id);
  if (current === "foreign") {
    throw installError("INSTALL_MISSING", `${store.link} was not installed by plugboard.`, id);
  }
  return current;
}
