/**
 * Decides which folder provides each id, and what a batch of changed folders means for the ids.
 * Pure: no disk, no clock. Knows nothing of states; the host reacts to what is returned.
 * Invariants: an id occurs in at most one of added, changed, removed, broken and repaired; the outcome depends
 * on what the folders hold, never on the order in which they arrived; the cost depends on the batch alone.
 */
import type { Problem } from "@plugboard/extension-api";
import type { ExtensionDescription, FolderPlace } from "./extension-description.js";
import { comparePlaces, placeOf, type BrokenFolder, type FolderEntry } from "./folder-entry.js";

/** Which extensions came, which are another content or place than before, which went. @internal */
export interface ExtensionDelta {
  readonly added: readonly ExtensionDescription[];
  readonly changed: readonly {
    readonly before: ExtensionDescription;
    readonly after: ExtensionDescription;
  }[];
  readonly removed: readonly ExtensionDescription[];
}

/** An id whose folder can't be read any more; what was last read goes on counting. @internal */
export interface HeldExtension {
  readonly id: string;
  /** The last description that was good. */
  readonly description: ExtensionDescription;
  /** What the folder looks like now. */
  readonly entry: BrokenFolder;
}

/** An extension that is not used because another folder provides its id. @internal */
export interface ShadowedExtension {
  readonly description: ExtensionDescription;
  /** The folder that provides the id. */
  readonly by: string;
  readonly problem: Problem;
}

/** One folder that is new, different or gone. @internal */
export interface FolderChange {
  readonly folder: string;
  readonly before: FolderEntry | undefined;
  readonly after: FolderEntry | undefined;
}

/** The meaning of a batch of changed folders. @internal */
export interface Reconciliation {
  readonly delta: ExtensionDelta;
  /** Ids whose folder broke, or is broken in another way than before. */
  readonly broken: readonly HeldExtension[];
  /** Descriptions that were held and whose folder is back as it was. */
  readonly repaired: readonly ExtensionDescription[];
  /** Extensions that became shadowed, or are shadowed by another folder than before. */
  readonly shadowed: readonly ShadowedExtension[];
  /** Folders whose extension is no longer shadowed. */
  readonly unshadowed: readonly string[];
  /** Every folder whose entry is new, different or gone. */
  readonly folders: readonly FolderChange[];
}

/** The folders known so far and the ids they provide. @internal */
export class KnownExtensions {
  readonly #entries = new Map<string, FolderEntry>();
  /** Good descriptions by id, best place first; nearly always there is one. */
  readonly #claimants = new Map<string, ExtensionDescription | readonly ExtensionDescription[]>();
  readonly #providers = new Map<string, ExtensionDescription>();
  /** By id, what became of the provider's folder, where its description is only remembered. */
  readonly #broken = new Map<string, BrokenFolder>();
  /** By broken folder, the id that it still provides. */
  readonly #holds = new Map<string, string>();
  readonly #shadowed = new Map<string, ShadowedExtension>();

  /** How many folders are known. */
  get size(): number {
    return this.#entries.size;
  }

  /** Every known folder with what it holds. */
  entries(): Iterable<FolderEntry> {
    return this.#entries.values();
  }

  /** What the folder holds, if it is known. */
  entry(folder: string): FolderEntry | undefined {
    return this.#entries.get(folder);
  }

  /** The description that counts for the id: of the winning folder, or the last good one of a broken folder. */
  provider(id: string): ExtensionDescription | undefined {
    return this.#providers.get(id);
  }

  /** Every description that counts. */
  providers(): Iterable<ExtensionDescription> {
    return this.#providers.values();
  }

  /** Ids that are provided from memory, because their folder is broken. */
  *held(): Iterable<HeldExtension> {
    for (const [id, entry] of this.#broken) {
      const description = this.#providers.get(id);
      if (description) yield { id, description, entry };
    }
  }

  /** Extensions that are not used because another folder provides their id. */
  shadowed(): Iterable<ShadowedExtension> {
    return this.#shadowed.values();
  }

  /** Why the folder's extension is not used, if another folder provides its id. */
  shadow(folder: string): ShadowedExtension | undefined {
    return this.#shadowed.get(folder);
  }

  /** Takes in what the named folders hold now (`undefined`: gone) and tells what that means. */
  reconcile(batch: ReadonlyMap<string, FolderEntry | undefined>): Reconciliation {
    const folders: FolderChange[] = [];
    const affected = new Set<string>();
    const lifted = new Set<string>();
    for (const [folder, after] of batch) {
      const before = this.#entries.get(folder);
      if (sameEntry(before, after)) continue;
      folders.push({ folder, before, after });
      const hold = this.#holds.get(folder);
      if (hold !== undefined) affected.add(hold);
      if (before?.kind === "extension") {
        this.#withdraw(before.description);
        if (this.#shadowed.delete(folder)) lifted.add(folder);
        affected.add(before.description.id);
      }
      if (after) this.#entries.set(folder, after);
      else this.#entries.delete(folder);
      if (after?.kind === "extension") {
        this.#claim(after.description);
        affected.add(after.description.id);
      }
    }
    return { ...this.#settle(affected, lifted), folders: inOrder(folders, changePlace) };
  }

  #settle(affected: ReadonlySet<string>, lifted: Set<string>): Omit<Reconciliation, "folders"> {
    const added: ExtensionDescription[] = [];
    const changed: { before: ExtensionDescription; after: ExtensionDescription }[] = [];
    const removed: ExtensionDescription[] = [];
    const broken: HeldExtension[] = [];
    const repaired: ExtensionDescription[] = [];
    const shadowed: ShadowedExtension[] = [];

    for (const id of affected) {
      const before = this.#providers.get(id);
      const brokenBefore = this.#broken.get(id);
      const brokenNow = before && this.#holdingFolder(id, before);
      const best = brokenNow ? before : this.#best(id);
      // The same content goes on under the object that the host knows.
      const after = before && best && sameContent(before, best) ? before : best;
      if (brokenBefore && before) this.#holds.delete(before.folder);
      this.#broken.delete(id);
      if (brokenNow) {
        this.#holds.set(before.folder, id);
        this.#broken.set(id, brokenNow);
      }
      if (after) this.#providers.set(id, after);
      else this.#providers.delete(id);

      if (!before) {
        if (after) added.push(after);
      } else if (!after) {
        removed.push(before);
      } else if (brokenNow) {
        if (brokenBefore !== brokenNow) broken.push({ id, description: after, entry: brokenNow });
      } else if (before !== after) {
        changed.push({ before, after });
      } else if (brokenBefore) {
        repaired.push(after);
      }
    }
    // Shadows last and over all ids: a folder may leave the shadow of one id for that of another.
    for (const id of affected) this.#castShadows(id, shadowed, lifted);
    for (const { description } of shadowed) lifted.delete(description.folder);

    return {
      delta: {
        added: inOrder(added, itself),
        changed: inOrder(changed, (change) => change.after),
        removed: inOrder(removed, itself),
      },
      broken: inOrder(broken, (held) => held.description),
      repaired: inOrder(repaired, itself),
      shadowed: inOrder(shadowed, (shadow) => shadow.description),
      unshadowed: [...lifted].sort(),
    };
  }

  /**
   * A broken folder keeps the id that it provided, with the place it had, until it is removed or names another
   * id, or is another folder than the one that provided it and a good folder has the id: then that one was moved. One that never provided the id claims nothing: it must not hide a good folder of lower precedence.
   */
  #holdingFolder(id: string, provider: ExtensionDescription): BrokenFolder | undefined {
    const entry = this.#entries.get(provider.folder);
    if (entry?.kind !== "broken" || (entry.broken.id ?? id) !== id) return undefined;
    const good = this.#best(id);
    if (!good) return entry.broken;
    const isFirst = comparePlaces(provider, good) < 0;
    return isFirst && entry.broken.isReplacement !== true ? entry.broken : undefined;
  }

  #best(id: string): ExtensionDescription | undefined {
    const claimants = this.#claimants.get(id);
    return !claimants || "folder" in claimants ? claimants : claimants[0];
  }

  #castShadows(id: string, shadowed: ShadowedExtension[], lifted: Set<string>): void {
    const winner = this.#providers.get(id);
    if (!winner) return;
    if (this.#shadowed.delete(winner.folder)) lifted.add(winner.folder);
    const claimants = this.#claimants.get(id);
    if (!claimants || claimants === winner) return;
    for (const description of this.#claimantsOf(id)) {
      if (description.folder === winner.folder) continue;
      const known = this.#shadowed.get(description.folder);
      if (known?.by === winner.folder && known.description === description) continue;
      const shadow = { description, by: winner.folder, problem: duplicateId(description, winner) };
      this.#shadowed.set(description.folder, shadow);
      shadowed.push(shadow);
    }
  }

  #claim(description: ExtensionDescription): void {
    const others = this.#claimantsOf(description.id);
    const claimants = others.length === 0 ? description : [...others, description].sort(comparePlaces);
    this.#claimants.set(description.id, claimants);
  }

  #withdraw(description: ExtensionDescription): void {
    const rest = this.#claimantsOf(description.id).filter((other) => other.folder !== description.folder);
    const [only] = rest;
    if (!only) this.#claimants.delete(description.id);
    else this.#claimants.set(description.id, rest.length === 1 ? only : rest);
  }

  #claimantsOf(id: string): readonly ExtensionDescription[] {
    const claimants = this.#claimants.get(id);
    if (!claimants) return [];
    return "folder" in claimants ? [claimants] : claimants;
  }
}

function sameEntry(left: FolderEntry | undefined, right: FolderEntry | undefined): boolean {
  if (!left || !right) return left === right;
  const isAnother = left.kind !== right.kind || isReplacement(left) !== isReplacement(right);
  return !isAnother && placeOf(left).fingerprint === placeOf(right).fingerprint;
}

function isReplacement(entry: FolderEntry): boolean {
  return entry.kind === "broken" && entry.broken.isReplacement === true;
}

function sameContent(left: ExtensionDescription, right: ExtensionDescription): boolean {
  return left.folder === right.folder && left.fingerprint === right.fingerprint;
}

function duplicateId(loser: ExtensionDescription, winner: ExtensionDescription): Problem {
  return {
    code: "DISCOVERY_DUPLICATE_ID",
    severity: "error",
    file: loser.folder,
    path: "/id",
    message: `${loser.folder} is not used: ${winner.folder} comes first and has the same id, ${loser.id}.`,
    extensionId: loser.id,
  };
}

const itself = (description: ExtensionDescription): ExtensionDescription => description;

function changePlace(change: FolderChange): FolderPlace {
  return placeOf((change.after ?? change.before) as FolderEntry);
}

/** Sorts in place, by precedence. A first scan comes in order already; 10,000 comparisons are then enough. */
function inOrder<T>(items: T[], place: (item: T) => FolderPlace): T[] {
  for (let index = 1; index < items.length; index++) {
    if (comparePlaces(place(items[index - 1] as T), place(items[index] as T)) > 0) {
      return items.sort((left, right) => comparePlaces(place(left), place(right)));
    }
  }
  return items;
}
