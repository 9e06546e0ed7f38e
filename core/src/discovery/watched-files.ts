/**
 * Tells whether files that a manifest's `watch` names differ from what they were when a generation began.
 * Keeps sizes and times, not content: these files are the extension's own business.
 */
import { join, relative, sep } from "node:path";
import picomatch from "picomatch";
import { lookAt, lookInto } from "../common/look-at.js";
import { outlineOf } from "../manifest/manifest-outline.js";
import type { ExtensionDescription } from "./extension-description.js";

/** Whoever runs from a description. @internal */
export interface DescribedOwner {
  readonly description: ExtensionDescription;
}

/** What the watched files of each owner were. @internal */
export class WatchedFiles {
  readonly #noted = new WeakMap<DescribedOwner, ReadonlyMap<string, string>>();

  /** Remembers what the files are now. */
  note(owner: DescribedOwner): void {
    if ((outlineOf(owner.description).watch?.length ?? 0) > 0)
      this.#noted.set(owner, stamps(owner.description));
  }

  /** The files that came, went or changed since they were noted. */
  changed(owner: DescribedOwner): readonly string[] {
    const before = this.#noted.get(owner);
    if (before === undefined) return [];
    const now = stamps(owner.description);
    const files = new Set([...before.keys(), ...now.keys()]);
    return [...files].filter((file) => before.get(file) !== now.get(file));
  }
}

function stamps({ folder, manifest }: ExtensionDescription): ReadonlyMap<string, string> {
  const matches = picomatch([...(manifest.watch ?? [])], { dot: true });
  const found = new Map<string, string>();
  for (const file of filesBelow(folder)) {
    if (!matches(relative(folder, file).split(sep).join("/"))) continue;
    const { found: stats, code } = lookAt(file);
    found.set(file, stats ? `${stats.mtimeMs} ${stats.size} ${stats.ino}` : code);
  }
  return found;
}

function* filesBelow(folder: string): Iterable<string> {
  // What went while it was read, or may not be seen, has no files; that is what the caller compares.
  for (const entry of lookInto(folder).found ?? []) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== "node_modules" && entry.name !== ".git") yield* filesBelow(path);
    } else yield path;
  }
}
