/**
 * Installs extensions into a folder of extensions, takes them out and puts the version before back. A host that
 * follows the folder sees each change at once; one that does not finds it when it starts.
 * Invariant: whatever happens meanwhile, what counts is a version that was whole and examined.
 */
import { copyFile, chmod, mkdir, readdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { ErrorCode } from "@plugboard/extension-api";
import compare from "semver/functions/compare.js";
import { contentOf, type ExtensionContent } from "../archive/extension-content.js";
import { extractArchive } from "../archive/extract-archive.js";
import { identityOf, manifestName, type ExtensionIdentity } from "../archive/extension-identity.js";
import { signatureName } from "../archive/file-list.js";
import { allFiles, filesToPack } from "../archive/folder-files.js";
import type { ArchiveProgress } from "../archive/read-archive.js";
import { readRegularFile } from "../common/read-regular-file.js";
import { isExtensionId } from "../manifest/identifier.js";
import { maximumManifestBytes } from "../manifest/parse-manifest.js";
import { judge, type TrustState, type TrustVerdict } from "../trust/judge.js";
import { emptyKeyRing, readKeyRing, type KeyRing } from "../trust/key-ring.js";
import { asInstallError, installError } from "./install-error.js";
import { VersionStore, withInstallLock, type StoredVersion } from "./version-store.js";

/** How an extension is installed. @public */
export interface InstallOptions {
  /** The folder of extensions; made if it is not there. */
  readonly extensionFolder: string;
  /** A folder of trusted keys, or one public key's file; nobody is trusted without. */
  readonly keys?: string | undefined;
  /** Refuses what is not verified. Without it, what is unsigned or of an unknown key is installed all the same. */
  readonly requireVerified?: boolean | undefined;
  /** Installs a version that is older than the one it replaces. */
  readonly allowOlder?: boolean | undefined;
  /** Looks at the files before they count; what it throws ends the installation. */
  readonly examine?: ((folder: string) => Promise<void>) | undefined;
  /** Told after each file. */
  readonly onProgress?: ((progress: ArchiveProgress) => void) | undefined;
  /** Stops the work; what counted before counts on. */
  readonly signal?: AbortSignal | undefined;
}

/** What was installed. @public */
export interface InstalledExtension extends ExtensionIdentity {
  /** Where the host sees it. */
  readonly folder: string;
  /** Names the content. */
  readonly digest: string;
  /** What its signature is worth here. */
  readonly trust: TrustVerdict;
  /** The version that it replaced, and that `rollbackExtension` puts back. */
  readonly replaced?: string | undefined;
  /** Whether the same content, signed the same way, was installed already; then nothing has changed. */
  readonly wasInstalled: boolean;
}

const refusals = {
  modified: "TRUST_MODIFIED",
  revoked: "TRUST_REVOKED",
  expired: "TRUST_EXPIRED",
  unsigned: "TRUST_UNSIGNED",
  "unknown key": "TRUST_UNKNOWN_KEY",
} as const satisfies Record<Exclude<TrustState, "verified">, ErrorCode>;

/**
 * Installs a folder or an archive, in place of the version that may be there.
 *
 * No code of it runs. What is modified, revoked or expired is refused, as is what is less trusted than the version
 * it would replace.
 *
 * @throws ExtensionError with an `ARCHIVE_*`, `MANIFEST_*`, `TRUST_*` or `INSTALL_*` code; nothing has changed then
 * @public
 */
export async function installExtension(source: string, options: InstallOptions): Promise<InstalledExtension> {
  const extensions = resolve(options.extensionFolder);
  const ring = options.keys === undefined ? emptyKeyRing : readKeyRing(options.keys);
  return guarded(extensions, async () => {
    const { id, version } = await identityOfSource(source, options);
    const store = new VersionStore(extensions, id);
    const current = await occupant(extensions, id, store);
    await store.removeOthers(await keptWith(store, current));
    const draft = await store.draft(version);
    try {
      await fill(draft.folder, source, options);
      options.signal?.throwIfAborted();
      const content = await contentOf(draft.folder);
      if (content.id !== id || content.version !== version) {
        throw installError("INSTALL_CHANGED", `${source} changed while it was installed.`, id);
      }
      const trust = judge(content, ring, Date.now());
      const before = current === undefined ? undefined : await contentOf(current.folder);
      refuseUntrusted(content, trust, options);
      refuseStepBack(content, trust, before, ring, options);
      await options.examine?.(draft.folder);
      options.signal?.throwIfAborted();
      const { digest, signature } = content;
      const outcome = { id, version, folder: store.link, digest, trust };
      // Chosen again it would be its own predecessor.
      if (before?.digest === digest && before.signature === signature)
        return { ...outcome, wasInstalled: true };
      await store.choose(await draft.keep(current));
      return { ...outcome, replaced: before?.version, wasInstalled: false };
    } finally {
      const chosen = await store.current();
      await store.removeOthers(await keptWith(store, chosen === "foreign" ? undefined : chosen));
    }
  });
}

/**
 * Takes an extension out, with every version of it that is kept.
 *
 * @throws ExtensionError `INSTALL_MISSING`, also for a folder that somebody put there by hand
 * @public
 */
export async function uninstallExtension(
  id: string,
  options: Pick<InstallOptions, "extensionFolder">,
): Promise<ExtensionIdentity> {
  const extensions = resolve(options.extensionFolder);
  return guarded(extensions, async () => {
    const store = new VersionStore(extensions, id);
    const { version } = identityIn((await installed(store, id)).folder);
    await store.chooseNone();
    await store.removeOthers([]);
    return { id, version };
  });
}

/**
 * Puts the version back that the installed one replaced.
 *
 * @throws ExtensionError `INSTALL_MISSING`, `INSTALL_NO_PREVIOUS`
 * @public
 */
export async function rollbackExtension(
  id: string,
  options: Pick<InstallOptions, "extensionFolder">,
): Promise<ExtensionIdentity & { readonly replaced: string }> {
  const extensions = resolve(options.extensionFolder);
  return guarded(extensions, async () => {
    const store = new VersionStore(extensions, id);
    const current = await installed(store, id);
    const previous = await store.previous(current);
    if (previous === undefined) {
      throw installError("INSTALL_NO_PREVIOUS", `No version before this one of ${id} is kept.`, id);
    }
    const { version: replaced } = identityIn(current.folder);
    const { version } = identityIn(previous.folder);
    await store.choose(previous);
    return { id, version, replaced };
  });
}

async function guarded<T>(extensions: string, work: () => Promise<T>): Promise<T> {
  try {
    await mkdir(extensions, { recursive: true });
    return await withInstallLock(extensions, work);
  } catch (error) {
    throw asInstallError(error, extensions);
  }
}

/** Reads the whole source once before anything is written: what is no extension leaves no trace. */
async function identityOfSource(source: string, { signal }: InstallOptions): Promise<ExtensionIdentity> {
  if (await isFolder(source)) return identityIn(source);
  return contentOf(source, { signal });
}

async function fill(folder: string, source: string, options: InstallOptions): Promise<void> {
  const { onProgress, signal } = options;
  if (!(await isFolder(source))) {
    await extractArchive(source, folder, { onProgress, signal });
    return;
  }
  const isSigned = (await readdir(source)).includes(signatureName);
  const files = await (isSigned ? allFiles(source) : filesToPack(source));
  let bytes = 0;
  for (const [index, { path, size, isExecutable }] of files.entries()) {
    signal?.throwIfAborted();
    await copyOne(join(source, path), join(folder, path), isExecutable);
    bytes += size;
    onProgress?.({ files: index + 1, totalFiles: files.length, bytes });
  }
}

async function copyOne(from: string, to: string, isExecutable: boolean): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
  await chmod(to, isExecutable ? 0o755 : 0o644);
}

/** The version to replace, once nothing else answers to the id. */
async function occupant(
  extensions: string,
  id: string,
  store: VersionStore,
): Promise<StoredVersion | undefined> {
  const current = await store.current();
  if (current === "foreign") {
    throw installError("INSTALL_OCCUPIED", `${store.link} was not installed by plugboard.`, id);
  }
  const others = (await readdir(extensions)).filter((name) => !name.startsWith(".") && name !== id);
  for (const name of others) {
    const folder = join(extensions, name);
    if (idIn(folder) === id)
      throw installError("INSTALL_OCCUPIED", `${folder} has the id ${id} already.`, id);
  }
  return current;
}

async function keptWith(
  store: VersionStore,
  version: StoredVersion | undefined,
): Promise<readonly StoredVersion[]> {
  if (version === undefined) return [];
  const previous = await store.previous(version);
  return previous === undefined ? [version] : [version, previous];
}

async function installed(store: VersionStore, id: string): Promise<StoredVersion> {
  // An id is part of paths here, and comes from whoever asks.
  if (!isExtensionId(id)) throw installError("INSTALL_MISSING", `${JSON.stringify(id)} is no id.`);
  const current = await store.current();
  if (current === undefined) throw installError("INSTALL_MISSING", `${id} is not installed here.`, id);
  if (current === "foreign") {
    throw installError("INSTALL_MISSING", `${store.link} was not installed by plugboard.`, id);
  }
  return current;
}

function refuseUntrusted(content: ExtensionContent, trust: TrustVerdict, options: InstallOptions): void {
  const { state, message } = trust;
  if (state === "verified") return;
  const isHarmless = state === "unsigned" || state === "unknown key";
  if (isHarmless && options.requireVerified !== true) return;
  throw installError(refusals[state], message, content.id);
}

/** Whoever could go back to an old version, or to one that nobody vouches for, could bring its faults back. */
function refuseStepBack(
  content: ExtensionContent,
  trust: TrustVerdict,
  before: ExtensionContent | undefined,
  ring: KeyRing,
  { allowOlder }: InstallOptions,
): void {
  if (before === undefined) return;
  const { id, version } = content;
  if (trust.state !== "verified" && judge(before, ring, Date.now()).state === "verified") {
    const message = `The installed version is verified, ${version} is not: ${trust.message}`;
    throw installError("TRUST_LESS", message, id);
  }
  if (allowOlder !== true && compare(version, before.version) < 0) {
    throw installError(
      "INSTALL_OLDER",
      `${version} is older than the installed version ${before.version}.`,
      id,
    );
  }
}

function identityIn(folder: string): ExtensionIdentity {
  return identityOf(readRegularFile(join(folder, manifestName), maximumManifestBytes));
}

function idIn(folder: string): string | undefined {
  try {
    return identityIn(folder).id;
  } catch {
    // No extension, or one that is broken and answers to no id.
    return undefined;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // Whoever reads it says what is wrong.
    return false;
  }
}
