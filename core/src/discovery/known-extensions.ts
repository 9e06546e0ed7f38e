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

/** What a batch of changed folders means. @internal */
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

interface Provider {
  readonly description: ExtensionDescription;
  /** Set while the folder is broken and the description is only remembered. */
  readonly held: BrokenFolder | undefined;
}

/** The folders known so far and the ids they provide. @internal */
export class KnownExtensions {
  readonly #entries = new Map<string, FolderEntry>();
  /** Good descriptions by id, best place first. */
  readonly #claimants = new Map<string, ExtensionDescription[]>();
  readonly #providers = new Map<string, Provider>();
  /** By broken folder, the id that it still provides. */
  readonly #holds = new Map<string, string>();
  readonly #shadowed = new Map<string, ShadowedExtension>();

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
    return this.#providers.get(id)?.description;
  }

  /** Every description that counts. */
  *providers(): Iterable<ExtensionDescription> {
    for (const provider of this.#providers.values()) yield provider.description;
  }

  /** Ids that are provided from memory, because their folder is broken. */
  *held(): Iterable<HeldExtension> {
    for (const [id, { description, held }] of this.#providers) {
      if (held) yield { id, description, entry: held };
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
      const after = this.#elect(id, before);
      if (before?.held) this.#holds.delete(before.description.folder);
      if (after?.held) this.#holds.set(after.description.folder, id);
      if (after) this.#providers.set(id, after);
      else this.#providers.delete(id);

      if (!before) {
        if (after) added.push(after.description);
      } else if (!after) {
        removed.push(before.description);
      } else if (after.held) {
        if (before.held !== after.held)
          broken.push({ id, description: after.description, entry: after.held });
      } else if (!sameContent(before.description, after.description)) {
        changed.push({ before: before.description, after: after.description });
      } else if (before.held) {
        repaired.push(after.description);
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
   * id. One that never provided the id claims nothing: it must not hide a good folder of lower precedence.
   */
  #elect(id: string, before: Provider | undefined): Provider | undefined {
    const good = this.#claimants.get(id)?.[0];
    if (before) {
      const entry = this.#entries.get(before.description.folder);
      if (entry?.kind === "broken" && (entry.broken.id ?? id) === id) {
        if (!good || comparePlaces(before.description, good) < 0) {
          return before.held === entry.broken
            ? before
            : { description: before.description, held: entry.broken };
        }
      }
    }
    if (!good) return undefined;
    return before && !before.held && before.description === good
      ? before
      : { description: good, held: undefined };
  }

  #castShadows(id: string, shadowed: ShadowedExtension[], lifted: Set<string>): void {
    const winner = this.#providers.get(id)?.description;
    if (!winner) return;
    if (this.#shadowed.delete(winner.folder)) lifted.add(winner.folder);
    for (const description of this.#claimants.get(id) ?? []) {
      if (description.folder === winner.folder) continue;
      const known = this.#shadowed.get(description.folder);
      if (known?.by === winner.folder && known.description === description) continue;
      const shadow = { description, by: winner.folder, problem: duplicateId(description, winner) };
      this.#shadowed.set(description.folder, shadow);
      shadowed.push(shadow);
    }
  }

  #claim(description: ExtensionDescription): void {
    const claimants = this.#claimants.get(description.id);
    if (!claimants) {
      this.#claimants.set(description.id, [description]);
      return;
    }
    const index = claimants.findIndex((other) => comparePlaces(description, other) < 0);
    claimants.splice(index < 0 ? claimants.length : index, 0, description);
  }

  #withdraw(description: ExtensionDescription): void {
    const claimants = this.#claimants.get(description.id);
    if (!claimants) return;
    const rest = claimants.filter((other) => other.folder !== description.folder);
    if (rest.length > 0) this.#claimants.set(description.id, rest);
    else this.#claimants.delete(description.id);
  }
}

function sameEntry(left: FolderEntry | undefined, right: FolderEntry | undefined): boolean {
  if (!left || !right) return left === right;
  return left.kind === right.kind && placeOf(left).fingerprint === placeOf(right).fingerprint;
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
