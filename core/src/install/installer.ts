/**
 * What installing and updating share: making a plan, showing it, and carrying it out.
 * Invariant: whatever happens meanwhile, what counts are versions that were whole and examined, all that the plan
 * names or none of them.
 */
import { chmod, copyFile, mkdir, readdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { isExtensionError, type ErrorCode } from "@plugboard/extension-api";
import compare from "semver/functions/compare.js";
import { contentOf, type ExtensionContent } from "../archive/extension-content.js";
import { extractArchive } from "../archive/extract-archive.js";
import { identityInFolder, type ExtensionIdentity } from "../archive/extension-identity.js";
import { signatureName } from "../archive/file-list.js";
import { allFiles, filesToPack } from "../archive/folder-files.js";
import { installedRules } from "../archive/ignore-rules.js";
import { neededPackages } from "../archive/needed-packages.js";
import type { ArchiveProgress } from "../archive/read-archive.js";
import { isExtensionVersion, isInRange } from "../manifest/identity.js";
import { ExtensionSources } from "../source/extension-sources.js";
import type { Offer, TooNew } from "../source/offer.js";
import { judge, type TrustState, type TrustVerdict } from "../trust/judge.js";
import { emptyKeyRing, readKeyRing, type KeyRing } from "../trust/key-ring.js";
import type { ExtensionFacts } from "./extension-facts.js";
import { asInstallError, installError } from "./install-error.js";
import { installedDependents, isComplete, planFrom, stepOf, type PlanStep } from "./install-plan.js";
import { installedContent, type InstalledContent } from "./installed-content.js";
import { extensionsIn } from "./installed-extensions.js";
import { switchLinks, undoSwitches, type LinkSwitch } from "./switch-links.js";
import {
  VersionStore,
  withInstallLock,
  type HeldVersions,
  type InstallTurn,
  type StoredVersion,
} from "./version-store.js";

/** Progress of an installation. @public */
export interface InstallProgress extends ArchiveProgress {
  /** What is worked on: an extension's id, or where a download comes from. */
  readonly what: string;
  /** Whether it is being downloaded; otherwise it is being written. */
  readonly isDownload: boolean;
  /** Of a download: how many bytes there are, where that is known. */
  readonly totalBytes?: number | undefined;
}

/** An extension that is about to be installed. @public */
export interface PlannedExtension extends ExtensionIdentity {
  /** Where it comes from, for people. */
  readonly from: string;
  /** The installed version whose place it takes. */
  readonly replaces?: string | undefined;
  /** Ids of those in the plan that depend on it. */
  readonly neededBy: readonly string[];
  /** What its signature is worth; absent for a folder, of which only a part may be installed. */
  readonly trust?: TrustVerdict | undefined;
}

/** An installed extension whose range the new version is not in. @public */
export interface LeftBehind {
  /** Its id. */
  readonly id: string;
  /** The range that it asks for. */
  readonly range: string;
}

/** An installation that is about to happen. @public */
export interface InstallPlan {
  /** What is depended on first, what was named last. */
  readonly extensions: readonly PlannedExtension[];
  /** Installed extensions that won't be able to use what was named. */
  readonly leavesBehind: readonly LeftBehind[];
}

/** Options of an installation. @public */
export interface InstallOptions {
  /** The folder of extensions; made if it is not there. */
  readonly extensionFolder: string;
  /** Other folders in which the same hosts look; what lies there counts as installed. */
  readonly otherFolders?: readonly string[] | undefined;
  /** A folder of trusted keys, or one public key's file; nobody is trusted without. */
  readonly keys?: string | undefined;
  /** Refuses what is not verified. Without it, what is unsigned or of an unknown key is installed all the same. */
  readonly requireVerified?: boolean | undefined;
  /** Installs a version that is older than the one it replaces. */
  readonly allowOlder?: boolean | undefined;
  /** Takes packages however new they are, whatever npm's `min-release-age` and `before` say. */
  readonly allowNew?: boolean | undefined;
  /** What the bytes at an address have to be: `sha512-` and the digest in base64. */
  readonly integrity?: string | undefined;
  /** Where relative paths and the project's .npmrc are looked for; the current directory unless given. */
  readonly cwd?: string | undefined;
  /** Holds npm's settings and the names of proxies; the process's own unless given. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * Asked before anything is written if more than what was named would change, or something would be left behind.
   * Nobody asked means no.
   */
  readonly approve?: ((plan: InstallPlan) => boolean | Promise<boolean>) | undefined;
  /** Looks at the files before they count; what it throws ends the installation. */
  readonly examine?: ((folder: string) => Promise<void>) | undefined;
  /** Told after each file and each piece of a download. */
  readonly onProgress?: ((progress: InstallProgress) => void) | undefined;
  /** Told again and again, while another process installs into the folder, which one is waited for. */
  readonly onWait?: ((processId: number) => void) | undefined;
  /** How long others are waited for; a quarter of an hour unless given. */
  readonly waitMs?: number | undefined;
  /** Stops the work; what counted before counts on. */
  readonly signal?: AbortSignal | undefined;
}

/** A version that is newer than npm's `min-release-age` or `before` lets it be. @public */
export interface PassedOver {
  /** The version. */
  readonly version: string;
  /** Why it was not taken, in a sentence. */
  readonly why: string;
  /** From when on it can be taken, in ISO 8601, where that can be told. */
  readonly until?: string | undefined;
}

/** An installed extension. @public */
export interface InstalledExtension extends ExtensionIdentity {
  /** Where the host sees it. */
  readonly folder: string;
  /** Where it came from, for people. */
  readonly from: string;
  /** Names the content. */
  readonly digest: string;
  /** What its signature is worth here. */
  readonly trust: TrustVerdict;
  /** The version that it replaced, and that `rollbackExtension` puts back unless it was damaged. */
  readonly replaced?: string | undefined;
  /** The version that would have been taken, were it not too new. */
  readonly passedOver?: PassedOver | undefined;
  /** What was wrong with the version that it replaced, in a sentence. */
  readonly mended?: string | undefined;
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

/** A step that was written aside, examined and found good. */
interface Prepared {
  readonly outcome: InstalledExtension;
  /** Absent where the same is installed already. */
  readonly link?: LinkSwitch | undefined;
}

/** Installs into one folder of extensions. @internal */
export class Installer {
  /** Where extensions come from. */
  readonly sources: ExtensionSources;
  /** The folder of extensions. */
  readonly extensions: string;
  readonly #options: InstallOptions;
  readonly #ring: KeyRing;

  constructor(options: InstallOptions) {
    const { keys, cwd = process.cwd(), env = process.env, signal, onProgress } = options;
    this.#options = options;
    this.extensions = resolve(cwd, options.extensionFolder);
    this.#ring = keys === undefined ? emptyKeyRing : readKeyRing(keys);
    this.sources = new ExtensionSources({
      cwd,
      env,
      signal,
      allowNew: options.allowNew,
      onDownload: (what, progress) => onProgress?.({ what, isDownload: true, files: 0, ...progress }),
    });
  }

  /** What lies in the folders now, by id. */
  installed(): ReadonlyMap<string, ExtensionFacts> {
    const { otherFolders = [], cwd = process.cwd() } = this.#options;
    return extensionsIn([this.extensions, ...otherFolders.map((folder) => resolve(cwd, folder))]);
  }

  /** Fetches an offer; without an id, whatever it holds. */
  step(offer: Offer, id?: string): Promise<PlanStep> {
    return stepOf(offer, { signal: this.#options.signal }, id);
  }

  /** Works out what has to be installed with it, the step itself last. Changes nothing. */
  plan(root: PlanStep, installed = this.installed()): Promise<readonly PlanStep[]> {
    const { signal } = this.#options;
    return planFrom(root, { sources: this.sources, installed, content: { signal } });
  }

  /**
   * Asks whether the plan is wanted, if it goes beyond those that were named.
   *
   * @throws ExtensionError `INSTALL_UNAPPROVED`
   */
  async requireApproval(
    steps: readonly PlanStep[],
    installed: ReadonlyMap<string, ExtensionFacts>,
    named: { has(id: string): boolean },
  ): Promise<void> {
    const plan = this.#describe(steps, installed);
    const others = plan.extensions.filter(({ id }) => !named.has(id));
    if (others.length === 0 && plan.leavesBehind.length === 0) return;
    if ((await this.#options.approve?.(plan)) === true) return;
    const more = others.map(({ id, version, from }) => `${id} ${version} from ${from}`);
    const left = plan.leavesBehind.map(
      ({ id, range }) => `${id}, which needs ${range}, would be left behind`,
    );
    const what = [...(more.length === 0 ? [] : [`more would be installed: ${more.join(", ")}`]), ...left];
    throw installError("INSTALL_UNAPPROVED", `Nothing is installed; ${what.join("; ")}.`);
  }

  /** Carries a plan out, all of it or nothing. */
  apply(steps: readonly PlanStep[]): Promise<readonly InstalledExtension[]> {
    return guarded({ ...this.#options, extensions: this.extensions }, async () => {
      if (!isComplete(steps, this.installed())) {
        throw installError(
          "INSTALL_CHANGED",
          `${this.extensions} changed while the installation was planned.`,
        );
      }
      const parts = steps.map((step) => ({ step, store: new VersionStore(this.extensions, step.facts.id) }));
      try {
        const prepared: Prepared[] = [];
        for (const { step, store } of parts) prepared.push(await this.#prepare(step, store));
        const links = prepared.flatMap(({ link }) => link ?? []);
        await switchLinks(this.extensions, links);
        return prepared.map(({ outcome }) => outcome);
      } finally {
        for (const { store } of parts) {
          const chosen = await store.current();
          await store.removeOthers(await keptWith(store, chosen === "foreign" ? undefined : chosen));
        }
      }
    });
  }

  /** Writes down beside an installed version that an offer is too new to replace it, or that there is none such any more. */
  async noteTooNew(
    store: VersionStore,
    stored: StoredVersion,
    offer: Pick<Offer, "version" | "tooNew"> | undefined,
  ): Promise<void> {
    const tooNew = tooNewNote(offer?.version, offer?.tooNew);
    const before = (await store.held(stored)).tooNew;
    // Most of the time there is nothing to write, and nobody has to be waited for.
    if (JSON.stringify(tooNew) === JSON.stringify(before)) return;
    await guarded({ ...this.#options, extensions: this.extensions }, async () => {
      if (await store.isThere(stored)) await store.setTooNew(stored, tooNew);
    });
  }

  /** Removes what was fetched. */
  dispose(): Promise<void> {
    return this.sources.dispose();
  }

  #describe(steps: readonly PlanStep[], installed: ReadonlyMap<string, ExtensionFacts>): InstallPlan {
    return {
      extensions: steps.map(({ facts, offer }) => ({
        id: facts.id,
        version: facts.version,
        from: offer.from,
        replaces: installed.get(facts.id)?.version,
        neededBy: steps.flatMap((other) => (other.facts.needs.has(facts.id) ? [other.facts.id] : [])),
        trust: facts.content === undefined ? undefined : judge(facts.content, this.#ring, Date.now()),
      })),
      leavesBehind: leftBehind(steps, installed),
    };
  }

  async #prepare({ facts, offer, path }: PlanStep, store: VersionStore): Promise<Prepared> {
    const { signal, examine } = this.#options;
    const { id, version } = facts;
    const current = await occupant(this.extensions, id, store);
    await store.removeOthers(await keptWith(store, current));
    const draft = await store.draft(version);
    await this.#fill(draft.folder, path, id);
    signal?.throwIfAborted();
    const content = await contentOf(draft.folder);
    const isAsPlanned =
      content.id === id &&
      content.version === version &&
      (facts.content === undefined || facts.content.digest === content.digest);
    if (!isAsPlanned) {
      throw installError("INSTALL_CHANGED", `${offer.from} changed while it was installed.`, id);
    }
    requireBundled(draft.folder, id);
    const trust = judge(content, this.#ring, Date.now());
    const before = current === undefined ? undefined : await installedContent(store, { id, stored: current });
    this.#refuseUntrusted(content, trust);
    this.#refuseStepBack(content, trust, before);
    await examine?.(draft.folder);
    signal?.throwIfAborted();
    const { digest, signature } = content;
    const newer = offer.passesOver;
    const tooNew = tooNewNote(newer?.version, newer?.tooNew);
    const outcome = {
      id,
      version,
      folder: store.link,
      from: offer.from,
      digest,
      trust,
      ...(newer && { passedOver: { version: newer.version, ...newer.tooNew } }),
    };
    // Chosen again it would be its own predecessor.
    const isSame = before?.content?.digest === digest && before.content.signature === signature;
    if (current !== undefined && isSame && before.damage === undefined) {
      await store.open(current);
      await store.setSource(current, offer.record);
      await store.setTooNew(current, tooNew);
      return { outcome: { ...outcome, wasInstalled: true } };
    }
    // Nobody wants to go back to a damaged one.
    const isSound = current === undefined || before?.damage === undefined;
    const previous = isSound ? current : await store.previous(current);
    const to = await draft.keep({ previous, source: offer.record, digest, tooNew });
    return {
      outcome: { ...outcome, replaced: before?.version, mended: before?.damage, wasInstalled: false },
      link: { id, store, from: current, to },
    };
  }

  async #fill(folder: string, source: string, id: string): Promise<void> {
    const { signal } = this.#options;
    const onProgress = (progress: ArchiveProgress) =>
      this.#options.onProgress?.({ what: id, isDownload: false, ...progress });
    if (!(await stat(source)).isDirectory()) {
      await extractArchive(source, folder, { onProgress, signal });
      return;
    }
    const isSigned = (await readdir(source)).includes(signatureName);
    const files = await (isSigned ? allFiles(source) : filesToPack(source, id));
    let bytes = 0;
    for (const [index, { path, size, isExecutable }] of files.entries()) {
      signal?.throwIfAborted();
      await copyOne(join(source, path), join(folder, path), isExecutable);
      bytes += size;
      onProgress({ files: index + 1, totalFiles: files.length, bytes });
    }
  }

  #refuseUntrusted(content: ExtensionContent, { state, message }: TrustVerdict): void {
    if (state === "verified") return;
    const isHarmless = state === "unsigned" || state === "unknown key";
    if (isHarmless && this.#options.requireVerified !== true) return;
    throw installError(refusals[state], message, content.id);
  }

  /** Whoever could go back to an old version, or to one that nobody vouches for, could bring its faults back. */
  #refuseStepBack(
    content: ExtensionContent,
    trust: TrustVerdict,
    before: InstalledContent | undefined,
  ): void {
    if (before === undefined) return;
    const { id, version } = content;
    const trustBefore = before.content && judge(before.content, this.#ring, Date.now());
    if (trust.state !== "verified" && trustBefore?.state === "verified") {
      const message = `The installed version is verified, ${version} is not: ${trust.message}`;
      throw installError("TRUST_LESS", message, id);
    }
    const isKnown = isExtensionVersion(before.version);
    if (this.#options.allowOlder === true || !isKnown || compare(version, before.version) >= 0) return;
    const message = `${version} is older than the installed version ${before.version}.`;
    throw installError("INSTALL_OLDER", message, id);
  }
}

/** Does work on a folder of extensions while nobody else does, once what a killed run has begun is taken back. @internal */
export async function guarded<T>(turn: InstallTurn, work: () => Promise<T>): Promise<T> {
  try {
    return await withInstallLock(turn, async () => {
      await undoSwitches(turn.extensions);
      return work();
    });
  } catch (error) {
    throw asInstallError(error, turn.extensions);
  }
}

function tooNewNote(version: string | undefined, tooNew: TooNew | undefined): HeldVersions["tooNew"] {
  if (version === undefined || tooNew === undefined) return undefined;
  return { version, ...(tooNew.until !== undefined && { until: tooNew.until }) };
}

/** Those who can use what is replaced, and could not use what takes its place. */
function leftBehind(
  steps: readonly PlanStep[],
  installed: ReadonlyMap<string, ExtensionFacts>,
): readonly LeftBehind[] {
  const planned = new Set(steps.map(({ facts }) => facts.id));
  return steps.flatMap(({ facts: { id, version } }) => {
    const before = installed.get(id);
    if (before === undefined) return [];
    return installedDependents(id, installed, planned)
      .filter(({ range }) => isInRange(before.version, range) && !isInRange(version, range))
      .map(({ by, range }) => ({ id: by, range }));
  });
}

async function copyOne(from: string, to: string, isExecutable: boolean): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
  await chmod(to, isExecutable ? 0o755 : 0o644);
}

/** The packages that package.json names have to be there: nothing fetches them later. */
function requireBundled(folder: string, id: string): void {
  try {
    neededPackages(folder, installedRules(folder));
  } catch (error) {
    if (!isExtensionError(error, "ARCHIVE_DEPENDENCY_MISSING")) throw error;
    throw installError("INSTALL_NOT_BUNDLED", `${id} does not bring what it needs. ${error.message}`, id);
  }
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

function idIn(folder: string): string | undefined {
  try {
    return identityInFolder(folder).id;
  } catch {
    // No extension, or one that is broken and answers to no id.
    return undefined;
  }
}

async function keptWith(
  store: VersionStore,
  version: StoredVersion | undefined,
): Promise<readonly StoredVersion[]> {
  if (version === undefined) return [];
  const previous = await store.previous(version);
  return previous === undefined ? [version] : [version, previous];
}
