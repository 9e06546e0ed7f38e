/**
 * The extensions that are known, by id and by folder, and who depends on whom. Numbers their generations.
 * Invariant: a number is never used twice for an id, not even after the id was gone.
 */
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import { DependencyGraph } from "./dependency-graph.js";
import { usedIds } from "./dependency-terms.js";
import { Generation } from "./generation.js";
import { ManagedExtension, type CallQueue } from "./managed-extension.js";

/** All extensions. @internal */
export class ExtensionRegistry {
  /** Who depends on whom, by the descriptions that are in force. */
  readonly graph = new DependencyGraph();
  readonly #byId = new Map<string, ManagedExtension>();
  /** Made when somebody first asks, and kept up to date from then on. */
  #byFolder: Map<string, ManagedExtension> | undefined;
  /** The last number used, per id. */
  readonly #numbers = new Map<string, number>();
  /** Ids that are disabled while they are not known. */
  readonly #disabled = new Set<string>();
  /** The only ids that count as enabled, while nobody can tell which others are. */
  disabledUnless: ReadonlySet<string> | undefined;

  /** The extension of the id. */
  get(id: string): ManagedExtension | undefined {
    return this.#byId.get(id);
  }

  /** The extension whose folder it is. */
  inFolder(folder: string): ManagedExtension | undefined {
    if (this.#byFolder === undefined) {
      this.#byFolder = new Map();
      for (const extension of this.#byId.values())
        this.#byFolder.set(extension.description.folder, extension);
    }
    return this.#byFolder.get(folder);
  }

  /** All extensions. */
  get extensions(): Iterable<ManagedExtension> {
    return this.#byId.values();
  }

  /** Those of the ids that are known, in the order of the ids. */
  known(ids: Iterable<string>): readonly ManagedExtension[] {
    const known: ManagedExtension[] = [];
    for (const id of ids) {
      const extension = this.#byId.get(id);
      if (extension !== undefined) known.push(extension);
    }
    return known;
  }

  /** The ids and everyone who depends on them, directly or not. */
  closure(ids: Iterable<string>): Set<string> {
    return this.graph.closure(ids, () => true);
  }

  /** Those of the ids that are known and everyone who depends on any of them, dependencies first. */
  affected(ids: Iterable<string>): readonly ManagedExtension[] {
    return this.known(this.graph.order(this.closure(ids)));
  }

  /** The ids and everyone who depends on them and runs, directly or through others that run. */
  runningClosure(ids: Iterable<string>): Set<string> {
    return this.graph.closure(ids, (id) => {
      const state = this.#byId.get(id)?.serving.state;
      return state === "active" || state === "activating";
    });
  }

  /**
   * Whether the activation of the one may wait for that of the other, through what each needs or could use. What is
   * in force counts, and what is newer on the disk as well.
   */
  mayWaitFor(from: string, to: string): boolean {
    const seen = new Set([from]);
    for (const id of seen) {
      if (id === to) return true;
      const extension = this.#byId.get(id);
      if (extension === undefined) continue;
      for (const description of new Set([extension.serving.description, extension.description]))
        for (const dependency of usedIds(description)) seen.add(dependency);
    }
    return false;
  }

  /** Marks ids that are not to run before they are known. */
  presetDisabled(ids: Iterable<string>): void {
    for (const id of ids) this.#disabled.add(id);
  }

  /** Remembers whether an id is not to run, also when it comes back. */
  setDisabled(id: string, { isDisabled }: { readonly isDisabled: boolean }): void {
    if (isDisabled) this.#disabled.add(id);
    else this.#disabled.delete(id);
  }

  /** Takes in an extension that was found. */
  add(description: ExtensionDescription, queues: CallQueue): ManagedExtension {
    const extension = new ManagedExtension(description, this.#nextNumber(description.id), queues);
    extension.isDisabled = this.#isDisabled(description.id);
    this.#byId.set(description.id, extension);
    this.#byFolder?.set(description.folder, extension);
    return extension;
  }

  /** Forgets an extension, except for its numbers and whether it is disabled. */
  remove(extension: ManagedExtension): void {
    if (extension.isDisabled && this.disabledUnless === undefined) this.#disabled.add(extension.id);
    extension.isRemoved = true;
    extension.supervision?.dispose();
    this.#byId.delete(extension.id);
    this.#leaveFolder(extension);
    this.graph.delete(extension.id);
  }

  /** Gives the extension its newest description, which may be of another folder. */
  describe(extension: ManagedExtension, description: ExtensionDescription): void {
    this.#leaveFolder(extension);
    extension.description = description;
    this.#byFolder?.set(description.folder, extension);
  }

  /** A generation with the next number, of what the extension is on the disk now. */
  createGeneration({ id, description }: ManagedExtension): Generation {
    return new Generation(this.#nextNumber(id), description);
  }

  /** A generation with the next number, of what an earlier one was made of. */
  createAgain({ description, isUnwanted }: Generation): Generation {
    const generation = new Generation(this.#nextNumber(description.id), description);
    generation.isUnwanted = isUnwanted;
    return generation;
  }

  /** Puts a new generation in the place of one that does not run. What is being prepared is of no use any more. */
  renew(extension: ManagedExtension): void {
    extension.endIncomplete();
    extension.renew(this.createGeneration(extension));
  }

  #isDisabled(id: string): boolean {
    return this.disabledUnless?.has(id) === false || this.#disabled.has(id);
  }

  #leaveFolder(extension: ManagedExtension): void {
    const { folder } = extension.description;
    if (this.#byFolder?.get(folder) === extension) this.#byFolder.delete(folder);
  }

  #nextNumber(id: string): number {
    const number = (this.#numbers.get(id) ?? 0) + 1;
    this.#numbers.set(id, number);
    return number;
  }
}
