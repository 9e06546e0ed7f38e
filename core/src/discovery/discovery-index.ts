/**
 * Remembers what manifests said, so that the next start need not read those that are unchanged. A cache: whatever is
 * missing, foreign or corrupt in it is read from the manifest instead. What a start asks of every extension stands in
 * the first line, in columns; whole manifests follow as text, each parsed when it is first asked for.
 * Invariant: nothing is remembered of a manifest that was read so soon after its last change that a further change
 * could have left its times as they are.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Problem } from "@plugboard/extension-api";
import type { ExtensionManifest } from "@plugboard/schemas";
import { freezeDeeply } from "../common/freeze-deeply.js";
import { readRegularBytes } from "../common/read-regular-file.js";
import { writeWhole } from "../common/write-whole.js";
import {
  outlineAlone,
  outlineOf,
  type KeptManifest,
  type ManifestOutline,
} from "../manifest/manifest-outline.js";
import {
  jsonOf,
  KeptDescription,
  type ExtensionDescription,
  type FolderPlace,
} from "./extension-description.js";
import type { ManifestStamp } from "./manifest-file.js";

const format = 3;
const sliceSize = 250;
const lineFeed = 10;
const noProblems: readonly Problem[] = Object.freeze([]);

/** What the first line keeps of the manifests of one extension folder: a column a fact, an item a manifest. */
interface Columns {
  readonly names: readonly string[];
  /** Four numbers a manifest. */
  readonly stamps: readonly number[];
  readonly fingerprints: readonly string[];
  readonly ids: readonly string[];
  readonly versions: readonly string[];
  readonly outlines: readonly ManifestOutline[];
  /** By name, for the few that have any. */
  readonly problems: Readonly<Record<string, readonly Problem[]>>;
  /** Where each manifest's text begins in the rest, in bytes, and at last where the last one ends. */
  readonly offsets: readonly number[];
}

interface Header {
  readonly format: number;
  readonly version: string;
  /** Bytes of the rest, so that half a file is told from a whole one. */
  readonly length: number;
  readonly roots: readonly { readonly path: string; readonly real: string; readonly columns: Columns }[];
}

/** An extension that may be remembered, with the state its manifest was read in. @internal */
export interface IndexedExtension {
  readonly description: ExtensionDescription;
  readonly stamp: ManifestStamp;
}

/** An extension folder whose extensions may be remembered. @internal */
export interface IndexedRoot {
  readonly path: string;
  readonly real: string;
  readonly extensions: readonly IndexedExtension[];
}

/** The memory of one extension folder from an earlier start. @internal */
export class RememberedFolder {
  readonly #real: string;
  readonly #columns: Columns;
  readonly #rows = new Map<string, number>();
  readonly #texts: Buffer;

  /** @param texts - the rest of the file, after its first line */
  constructor({ real, columns }: Header["roots"][number], texts: Buffer) {
    this.#real = real;
    this.#columns = columns;
    this.#texts = texts;
    for (const [row, name] of columns.names.entries()) this.#rows.set(name, row);
  }

  /** The description of the place, if its manifest still has the stamp that it was read with. */
  describe(place: FolderPlace, realRoot: string, stamp: ManifestStamp): ExtensionDescription | undefined {
    const row = this.#rows.get(place.name);
    if (row === undefined || realRoot !== this.#real || !this.#hasStamp(row, stamp)) return undefined;
    const { fingerprints, ids, versions, outlines, problems } = this.#columns;
    const facts = {
      id: ids[row] as string,
      version: versions[row] as string,
      fingerprint: fingerprints[row] as string,
      problems: problems[place.name] ?? noProblems,
    };
    return new KeptDescription(
      place,
      facts,
      new RememberedManifest(outlines[row] as ManifestOutline, this, row),
    );
  }

  /** The manifest of the row, as JSON. */
  text(row: number): string {
    const { offsets } = this.#columns;
    return this.#texts.toString("utf8", offsets[row], offsets[row + 1]);
  }

  #hasStamp(row: number, { mtimeMs, ctimeMs, size, ino }: ManifestStamp): boolean {
    const { stamps } = this.#columns;
    const at = row * 4;
    return (
      stamps[at] === mtimeMs &&
      stamps[at + 1] === ctimeMs &&
      stamps[at + 2] === size &&
      stamps[at + 3] === ino
    );
  }
}

/** A manifest in the index. */
class RememberedManifest implements KeptManifest {
  readonly outline: ManifestOutline;
  readonly #row: number;
  /** The manifest, or the folder that knows its text until it is asked for. */
  #manifest: ExtensionManifest | RememberedFolder;

  constructor(outline: ManifestOutline, folder: RememberedFolder, row: number) {
    this.outline = outline;
    this.#row = row;
    this.#manifest = folder;
  }

  get manifest(): ExtensionManifest {
    if (this.#manifest instanceof RememberedFolder)
      this.#manifest = freezeDeeply(JSON.parse(this.#manifest.text(this.#row)) as ExtensionManifest);
    return this.#manifest;
  }

  get json(): string {
    const manifest = this.#manifest;
    return manifest instanceof RememberedFolder ? manifest.text(this.#row) : JSON.stringify(manifest);
  }
}

/** Reads an index, by extension folder; empty when there is none of this version that can be read. @internal */
export function readIndex(file: string, version: string): Map<string, RememberedFolder> {
  const folders = new Map<string, RememberedFolder>();
  try {
    const content = readRegularBytes(file, Infinity);
    const end = content.indexOf(lineFeed);
    const { roots, ...header } = JSON.parse(content.toString("utf8", 0, end)) as Header;
    const texts = content.subarray(end + 1);
    if (header.format !== format || header.version !== version || header.length !== texts.length)
      return folders;
    for (const root of roots) folders.set(root.path, new RememberedFolder(root, texts));
  } catch {
    // No index, or half of one: every manifest is read, as on a first start.
    folders.clear();
  }
  return folders;
}

/** Writes an index aside and puts it in place, in slices that let calls through. Rejects when the disk refuses. @internal */
export async function writeIndex(
  file: string,
  version: string,
  roots: readonly IndexedRoot[],
): Promise<void> {
  await writeWhole(file, await serialise(version, roots), { mode: 0o644 });
}

async function serialise(version: string, roots: readonly IndexedRoot[]): Promise<Buffer> {
  const texts: Buffer[] = [];
  const headers: string[] = [];
  let length = 0;
  for (const { path, real, extensions } of roots) {
    const outlines: string[] = [];
    const offsets = [length];
    for (const { description } of extensions) {
      const text = Buffer.from(jsonOf(description));
      texts.push(text);
      offsets.push((length += text.length));
      outlines.push(JSON.stringify(outlineAlone(outlineOf(description))));
      if (texts.length % sliceSize === 0) await nextTurn();
    }
    const columns: Omit<Columns, "outlines"> = {
      names: extensions.map(({ description }) => description.name),
      stamps: extensions.flatMap(({ stamp }) => [stamp.mtimeMs, stamp.ctimeMs, stamp.size, stamp.ino]),
      fingerprints: extensions.map(({ description }) => description.fingerprint),
      ids: extensions.map(({ description }) => description.id),
      versions: extensions.map(({ description }) => description.version),
      problems: Object.fromEntries(
        extensions
          .filter(({ description }) => description.problems.length > 0)
          .map(({ description: { name, problems } }) => [name, problems]),
      ),
      offsets,
    };
    const place = `"path":${JSON.stringify(path)},"real":${JSON.stringify(real)}`;
    headers.push(
      `{${place},"columns":{"outlines":[${outlines.join(",")}],${JSON.stringify(columns).slice(1)}}`,
    );
  }
  const head = `{"format":${format},"version":${JSON.stringify(version)},"length":${length}`;
  return Buffer.concat([Buffer.from(`${head},"roots":[${headers.join(",")}]}\n`), ...texts]);
}
