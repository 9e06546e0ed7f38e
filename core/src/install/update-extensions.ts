/**
 * Brings installed extensions to newer versions, each from where it was installed. One that can't be updated stays as it is
 * and keeps no other from it.
 */
import compare from "semver/functions/compare.js";
import gt from "semver/functions/gt.js";
import type { ExtensionIdentity } from "../archive/extension-identity.js";
import { isExtensionVersion, isInRange } from "../manifest/identity.js";
import { passingOver } from "../source/extension-sources.js";
import type { Offer } from "../source/offer.js";
import { sourceError } from "../source/source-error.js";
import type { ExtensionFacts } from "./extension-facts.js";
import { asInstallError, installError } from "./install-error.js";
import { installedContent } from "./installed-content.js";
import { installedVersion, versionOf } from "./install-extension.js";
import { installedDependents, meets, type Requirement } from "./install-plan.js";
import { installedIds } from "./installed-extensions.js";
import { Installer, type InstallOptions } from "./installer.js";
import { VersionStore, type StoredVersion } from "./version-store.js";

/** Options of an update of installed extensions. @public */
export interface UpdateOptions extends Omit<InstallOptions, "integrity" | "allowOlder"> {
  /** Only tells what would be done. */
  readonly dryRun?: boolean | undefined;
  /** Also takes a version that was rolled back. */
  readonly again?: boolean | undefined;
}

/** The result of an update for one extension. @public */
export interface UpdateOutcome {
  /** Its id. */
  readonly id: string;
  /** The version that was installed; absent for what only came along. */
  readonly version?: string | undefined;
  /**
   * - `updated`: it has the new version.
   * - `available`: it would have, were it not a dry run.
   * - `current`: there is none newer.
   * - `held`: there is one, and an installed extension that depends on it could not use it, it was rolled back, or it is too new.
   * - `failed`: it could not be updated.
   */
  readonly state: "updated" | "available" | "current" | "held" | "failed";
  /** The version that it has, would have, or could not have. */
  readonly newVersion?: string | undefined;
  /** Where that comes from, for people. */
  readonly from?: string | undefined;
  /** Why it was held, or how it failed. */
  readonly reason?: unknown;
}

type Change = Omit<UpdateOutcome, "id" | "version">;

/**
 * Updates the extensions named, or all that were installed here. What they depend on comes from the same source, as it
 * does when they are installed, and is told of after them.
 *
 * A version that is not in the range of an installed dependent is not taken, unless an update of that dependent brings
 * it along. What is less trusted than the installed version is refused.
 *
 * @throws ExtensionError `INSTALL_MISSING` for an id that is not installed here; `TRUST_*` when the keys can't be read
 * @public
 */
export async function updateExtensions(
  ids: readonly string[] | undefined,
  options: UpdateOptions,
): Promise<readonly UpdateOutcome[]> {
  const installer = new Installer(options);
  try {
    const before = installer.installed();
    const named = await identities(installer.extensions, ids);
    const update = new Update(installer, named, options);
    await update.run();
    const others = update.changed.filter((id) => named.every((one) => one.id !== id));
    return [...named, ...others.map((id) => ({ id, version: before.get(id)?.version }))].map((one) => ({
      ...one,
      ...update.changeOf(one.id),
    }));
  } finally {
    await installer.dispose();
  }
}

/** One run over all that are to be updated. */
class Update {
  readonly #installer: Installer;
  readonly #options: UpdateOptions;
  readonly #versions: ReadonlyMap<string, string>;
  readonly #changes = new Map<string, Change>();
  /** What a dry run would have installed. */
  readonly #imagined = new Map<string, ExtensionFacts>();

  constructor(installer: Installer, named: readonly ExtensionIdentity[], options: UpdateOptions) {
    this.#installer = installer;
    this.#options = options;
    this.#versions = new Map(named.map(({ id, version }) => [id, version]));
  }

  /** What is held may be free once another has been updated. */
  async run(): Promise<void> {
    let open = [...this.#versions.keys()];
    for (let hasMoved = true; hasMoved && open.length > 0;) {
      hasMoved = false;
      for (const id of open) {
        // Another may have brought it along.
        if (!this.#hasMoved(id)) hasMoved = (await this.#attempt(id)) || hasMoved;
      }
      open = open.filter((id) => this.changeOf(id).state === "held");
    }
  }

  /** All that there is something to tell of. */
  get changed(): readonly string[] {
    return [...this.#changes.keys()];
  }

  changeOf(id: string): Change {
    return this.#changes.get(id) ?? { state: "current" };
  }

  #hasMoved(id: string): boolean {
    const { state } = this.changeOf(id);
    return state === "updated" || state === "available";
  }

  /** Whether anything has changed. */
  async #attempt(id: string): Promise<boolean> {
    try {
      await this.#update(id);
    } catch (reason) {
      this.#options.signal?.throwIfAborted();
      const told = asInstallError(reason, this.#installer.extensions);
      this.#changes.set(id, { ...this.changeOf(id), state: "failed", reason: told });
    }
    return this.#hasMoved(id);
  }

  async #update(id: string): Promise<void> {
    const { dryRun = false } = this.#options;
    const installed = new Map([...this.#installer.installed(), ...this.#imagined]);
    const store = new VersionStore(this.#installer.extensions, id);
    const stored = await installedVersion(store, id);
    const { damage } = await installedContent(store, { id, stored });
    if (damage !== undefined && (await store.source(stored)) === undefined)
      throw installError("INSTALL_DAMAGED", damage, id);
    const newer = await this.#newerThan(this.#versions.get(id) ?? "0.0.0", { id, store, stored });
    const [newest] = newer;
    if (!dryRun) await this.#installer.noteTooNew(store, stored, newest?.offer);
    if (newest === undefined) {
      if (damage !== undefined) throw installError("INSTALL_DAMAGED", damage, id);
      return;
    }
    const { rolledBack } = this.#options.again === true ? {} : await store.held(stored);
    const requirements = installedDependents(id, installed, new Set());
    const found = newer.find(
      ({ version, offer }) =>
        meets(version, requirements) && !isPassedOver(version, rolledBack) && offer.tooNew === undefined,
    );
    const told = { newVersion: (found ?? newest).version, from: (found ?? newest).offer.from };
    if (found === undefined) {
      this.#changes.set(id, {
        ...told,
        state: "held",
        reason: whyHeld(id, { newest, rolledBack, requirements }),
      });
      return;
    }
    this.#changes.set(id, { ...told, state: "current" });
    const steps = await this.#installer.plan(
      await this.#installer.step(passingOver(found.offer, newest.offer), id),
      installed,
    );
    if (dryRun) for (const { facts } of steps) this.#imagined.set(facts.id, facts);
    else {
      await this.#installer.requireApproval(steps, installed, this.#versions);
      await this.#installer.apply(steps);
    }
    for (const { facts, offer } of steps) {
      const state = dryRun ? "available" : "updated";
      this.#changes.set(facts.id, { state, newVersion: facts.version, from: offer.from });
    }
  }

  /** What its source has that is newer, the one to prefer first. */
  async #newerThan(
    version: string,
    {
      id,
      store,
      stored,
    }: { readonly id: string; readonly store: VersionStore; readonly stored: StoredVersion },
  ): Promise<readonly NewerOffer[]> {
    const source = await store.source(stored);
    if (source === undefined) {
      throw installError("INSTALL_SOURCE_UNKNOWN", `It is not written down where ${id} came from.`, id);
    }
    const newer: NewerOffer[] = [];
    for (const offer of await this.#installer.sources.later(source, id)) {
      const itsVersion = offer.version ?? (await this.#installer.step(offer, id)).facts.version;
      if (gt(itsVersion, version)) newer.push({ offer, version: itsVersion });
    }
    return newer;
  }
}

interface NewerOffer {
  readonly offer: Offer;
  readonly version: string;
}

/** Those named, or all that were installed here. */
async function identities(
  extensions: string,
  ids: readonly string[] | undefined,
): Promise<readonly ExtensionIdentity[]> {
  const found: ExtensionIdentity[] = [];
  for (const id of ids === undefined ? await installedIds(extensions) : new Set(ids)) {
    const store = new VersionStore(extensions, id);
    const current = ids === undefined ? await store.current() : await installedVersion(store, id);
    if (current === undefined || current === "foreign") continue;
    found.push({ id, version: versionOf(id, current) });
  }
  return found;
}

/** Who went back from a version did not want those before it either. */
function isPassedOver(version: string, rolledBack: string | undefined): rolledBack is string {
  return rolledBack !== undefined && isExtensionVersion(rolledBack) && compare(version, rolledBack) <= 0;
}

function whyHeld(
  id: string,
  {
    newest: { version, offer },
    rolledBack,
    requirements,
  }: {
    readonly newest: NewerOffer;
    readonly rolledBack: string | undefined;
    readonly requirements: readonly Requirement[];
  },
) {
  if (isPassedOver(version, rolledBack)) return passedOver(id, version, rolledBack);
  if (offer.tooNew !== undefined) return sourceError("SOURCE_TOO_NEW", offer.tooNew.why);
  return heldBack(id, version, requirements);
}

function passedOver(id: string, version: string, rolledBack: string) {
  const which = version === rolledBack ? version : `${version}, not newer than ${rolledBack},`;
  return installError("INSTALL_ROLLED_BACK", `${id} ${which} is not installed: it was rolled back.`, id);
}

function heldBack(id: string, version: string, requirements: readonly Requirement[]) {
  const asked = requirements
    .filter(({ range }) => !isInRange(version, range))
    .map(({ by, range }) => `${by} needs ${id} ${range}`);
  return installError("INSTALL_HELD", `${id} ${version} is not installed: ${asked.join(", ")}.`, id);
}
