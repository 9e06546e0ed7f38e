/**
 * Remembers what manifests said, so that the next start need not read those that are unchanged. A cache: whatever is
 * missing, foreign or corrupt in it is read from the manifest instead. Manifests lie in it as text, each parsed when it
 * is first asked for: objects for ten thousand of them cost more to make than to stat the files.
 * Invariant: nothing is remembered of a manifest that was read so soon after its last change that a further change
 * could have left its times as they are.
 */
import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, sep } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Problem } from "@plugboard/extension-api";
import type { ExtensionManifest } from "@plugboard/schemas";
import { readRegularFile } from "../common/read-regular-file.js";
import type { ExtensionDescription, FolderPlace } from "./extension-description.js";
import { digestOf, fingerprintOf } from "./folder-entry.js";
import type { FileStamp } from "./manifest-file.js";

const format = 1;
const sliceSize = 250;

/** What the first line keeps of one manifest; the manifest's text is `length` units from `start` of the rest. */
type Row = readonly [
  name: string,
  mtimeMs: number,
  ctimeMs: number,
  size: number,
  ino: number,
  digest: string,
  id: string,
  version: string,
  start: number,
  length: number,
  problems?: readonly Problem[],
];

interface Header {
  readonly format: number;
  readonly version: string;
  /** Units of the rest, so that half a file is told from a whole one. */
  readonly length: number;
  readonly roots: readonly { readonly path: string; readonly real: string; readonly rows: readonly Row[] }[];
}

/** An extension that may be remembered, with the state its manifest was read in. @internal */
export interface IndexedExtension {
  readonly description: ExtensionDescription;
  readonly stamp: FileStamp;
}

/** An extension folder whose extensions may be remembered. @internal */
export interface IndexedRoot {
  readonly path: string;
  readonly real: string;
  readonly extensions: readonly IndexedExtension[];
}

/** What an earlier start has remembered of one extension folder. @internal */
export class RememberedFolder {
  readonly #real: string;
  readonly #rows = new Map<string, Row>();
  readonly #texts: string;
  readonly #origin: number;

  /**
   * @param texts - holds the manifests' texts, from `origin` on
   */
  constructor(root: Header["roots"][number], texts: string, origin: number) {
    this.#real = root.real;
    this.#texts = texts;
    this.#origin = origin;
    for (const row of root.rows) this.#rows.set(row[0], row);
  }

  /** The description of the place, if its manifest still has the stamp that it was read with. */
  describe(place: FolderPlace, realRoot: string, stamp: FileStamp): ExtensionDescription | undefined {
    const row = this.#rows.get(place.name);
    if (!row || realRoot !== this.#real) return undefined;
    const [name, mtimeMs, ctimeMs, size, ino, digest, id, version, start, length, problems = []] = row;
    if (stamp.mtimeMs !== mtimeMs || stamp.ctimeMs !== ctimeMs || stamp.size !== size || stamp.ino !== ino) {
      return undefined;
    }
    const fingerprint = fingerprintOf(digest, realRoot + sep + name);
    const text = this.#texts.slice(this.#origin + start, this.#origin + start + length);
    return new RememberedDescription(place, { id, version, fingerprint, problems }, text);
  }
}

class RememberedDescription implements ExtensionDescription {
  readonly folder: string;
  readonly root: string;
  readonly rank: number;
  readonly name: string;
  readonly id: string;
  readonly version: string;
  readonly fingerprint: string;
  readonly problems: readonly Problem[];
  /** The manifest, or its text until it is asked for. */
  #manifest: ExtensionManifest | string;

  constructor(
    place: FolderPlace,
    facts: Pick<ExtensionDescription, "id" | "version" | "fingerprint" | "problems">,
    text: string,
  ) {
    this.folder = place.folder;
    this.root = place.root;
    this.rank = place.rank;
    this.name = place.name;
    this.id = facts.id;
    this.version = facts.version;
    this.fingerprint = facts.fingerprint;
    this.problems = facts.problems;
    this.#manifest = text;
  }

  get manifest(): ExtensionManifest {
    if (typeof this.#manifest === "string") {
      const manifest = JSON.parse(this.#manifest) as ExtensionManifest;
      freezeDeeply(manifest);
      this.#manifest = manifest;
    }
    return this.#manifest;
  }

  /** An accessor of a class is no part of its JSON otherwise. */
  toJSON(): ExtensionDescription {
    const { folder, root, rank, name, id, version, manifest, fingerprint, problems } = this;
    return { folder, root, rank, name, id, version, manifest, fingerprint, problems };
  }
}

/** Reads an index, by extension folder; empty when there is none of this version that can be read. @internal */
export function readIndex(file: string, version: string): Map<string, RememberedFolder> {
  const folders = new Map<string, RememberedFolder>();
  try {
    const content = readRegularFile(file, Infinity);
    const end = content.indexOf("\n");
    const { roots, ...header } = JSON.parse(content.slice(0, end)) as Header;
    const isWhole = content.length === end + 1 + header.length;
    if (header.format !== format || header.version !== version || !isWhole) return folders;
    for (const root of roots) folders.set(root.path, new RememberedFolder(root, content, end + 1));
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
  const content = await serialise(version, roots);
  const aside = `${file}.${randomUUID()}.tmp`;
  await mkdir(dirname(file), { recursive: true });
  try {
    const handle = await open(aside, "w");
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

async function serialise(version: string, roots: readonly IndexedRoot[]): Promise<string> {
  const texts: string[] = [];
  const headers: string[] = [];
  let length = 0;
  for (const { path, real, extensions } of roots) {
    const rows: string[] = [];
    for (const { description, stamp } of extensions) {
      const { name, id, version: ownVersion, fingerprint, manifest, problems } = description;
      const { mtimeMs, ctimeMs, size, ino } = stamp;
      const text = `${JSON.stringify(manifest)}\n`;
      const facts = [
        name,
        mtimeMs,
        ctimeMs,
        size,
        ino,
        digestOf(fingerprint),
        id,
        ownVersion,
        length,
        text.length,
      ];
      rows.push(JSON.stringify(problems.length > 0 ? [...facts, problems] : facts));
      texts.push(text);
      length += text.length;
      if (texts.length % sliceSize === 0) await nextTurn();
    }
    headers.push(
      `{"path":${JSON.stringify(path)},"real":${JSON.stringify(real)},"rows":[${rows.join(",")}]}`,
    );
  }
  const head = `{"format":${format},"version":${JSON.stringify(version)},"length":${length}`;
  return `${head},"roots":[${headers.join(",")}]}\n${texts.join("")}`;
}

function freezeDeeply(value: object): void {
  for (const member of Object.values(value) as unknown[]) {
    if (typeof member === "object" && member !== null) freezeDeeply(member);
  }
  Object.freeze(value);
}
