/**
 * Extensions for tests: a sketch becomes a real folder on a real disk. Nothing here knows the host; a
 * fixture can be written whole in one rename, piece by piece as a slow copy would, or over an older one.
 */
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Options of {@link anExtension}; everything but the id has a default. @public */
export interface ExtensionSketch {
  /** The manifest's id. */
  readonly id: string;
  /** The manifest's version; `1.0.0` unless given. */
  readonly version?: string;
  /** Name of the folder; the id unless given. */
  readonly folder?: string;
  /** The manifest's `contributes`. */
  readonly contributes?: Readonly<Record<string, unknown>>;
  /** Required extensions by range; a plain list means any version. */
  readonly dependsOn?: readonly string[] | Readonly<Record<string, string>>;
  /** Optional extensions by range; a plain list means any version. */
  readonly optionallyDependsOn?: readonly string[] | Readonly<Record<string, string>>;
  /** The manifest's `activationEvents`. */
  readonly activationEvents?: readonly string[];
  /** The manifest's `services`. */
  readonly services?: readonly string[];
  /** Further keys of the manifest; they win over those made from the sketch. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** The text of `plugin.json5`, instead of all of the above. */
  readonly manifestText?: string;
  /** The entry file; `./extension.js` unless given, none if `false`. */
  readonly main?: string | false;
  /** What runs when the entry file is loaded, before anything else. */
  readonly head?: string;
  /**
   * JavaScript expressions by point and contribution id: the implementations. A declared greeter,
   * transformer or command without one gets one that tells its id, its version and its arguments.
   */
  readonly supplies?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Body of `activate(context)`, after the contributions were supplied. */
  readonly activate?: string;
  /** Body of `deactivate()`. */
  readonly deactivate?: string;
  /** Body of `saveState()`. */
  readonly saveState?: string;
  /** The whole text of the entry file, instead of the bodies above. */
  readonly source?: string;
  /** Further files by path inside the folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** Files that are copied from elsewhere, such as programs, by path inside the folder. */
  readonly copies?: Readonly<Record<string, string>>;
}

/** The pace of {@link ExtensionFixture.writeSlowly}. @public */
export interface SlowWriteOptions {
  /** Milliseconds between two pieces. */
  readonly pauseMs: number;
  /** Pieces a file is written in; 2 unless given. */
  readonly pieces?: number;
  /** Paths in the order to write; manifest first unless given. */
  readonly order?: readonly string[];
}

/** An extension that can be written to disk. Immutable. @public */
export interface ExtensionFixture {
  /** What it was made from. */
  readonly sketch: ExtensionSketch;
  /** The manifest's id. */
  readonly id: string;
  /** Name of its folder. */
  readonly folder: string;
  /** Texts by path inside the folder. */
  readonly files: Readonly<Record<string, string>>;
  /** The same with some things different. */
  with(changes: Partial<ExtensionSketch>): ExtensionFixture;
  /**
   * Writes it so that it is never seen in halves: a new folder comes by one rename, in an existing one
   * each file that differs is replaced by a rename (the manifest last) and others are removed.
   *
   * @param parent - the extension folder
   * @returns the path of the extension
   */
  writeTo(parent: string): Promise<string>;
  /** Writes it piece by piece, as a slow copy would. */
  writeSlowly(parent: string, options: SlowWriteOptions): Promise<string>;
  /** Removes it. */
  removeFrom(parent: string): Promise<void>;
}

/**
 * Sketches an extension.
 *
 * @example
 * const english = anExtension({
 *   id: "acme.english",
 *   contributes: { greeters: [{ id: "english", lang: "English" }] },
 *   supplies: { greeters: { english: "{ greet: (name) => `Hello, ${name}!` }" } },
 * });
 * await english.writeTo(folder);
 * await english.with({ version: "1.1.0" }).writeTo(folder);
 *
 * @public
 */
export function anExtension(sketch: ExtensionSketch): ExtensionFixture {
  const folder = sketch.folder ?? sketch.id;
  const files = filesOf(sketch);
  return Object.freeze({
    sketch,
    id: sketch.id,
    folder,
    files,
    with: (changes: Partial<ExtensionSketch>) => anExtension({ ...sketch, ...changes }),
    writeTo: async (parent: string) => {
      const target = join(parent, folder);
      const present = await filesUnder(target);
      const contents = { files, copies: sketch.copies ?? {} };
      if (present === undefined) await writeNew(contents, parent, target);
      else await writeOver(contents, present, parent, target);
      return target;
    },
    writeSlowly: async (parent: string, options: SlowWriteOptions) => {
      const target = join(parent, folder);
      for (const path of options.order ?? Object.keys(files)) {
        await writePieces(join(target, path), files[path] ?? "", options);
      }
      return target;
    },
    removeFrom: (parent: string) => rm(join(parent, folder), { recursive: true, force: true }),
  });
}

function filesOf(sketch: ExtensionSketch): Readonly<Record<string, string>> {
  const main = sketch.main ?? "./extension.js";
  const files: Record<string, string> = {
    "plugin.json5": sketch.manifestText ?? manifestText(sketch, main),
  };
  if (main !== false) files[main.replace(/^\.\//, "")] = sketch.source ?? sourceText(sketch, main);
  return Object.freeze({ ...files, ...sketch.files });
}

function manifestText(sketch: ExtensionSketch, main: string | false): string {
  const manifest = {
    manifestVersion: 1,
    id: sketch.id,
    version: sketch.version ?? "1.0.0",
    engines: { plugboard: "^1.0.0" },
    main: main === false ? undefined : main,
    activationEvents: sketch.activationEvents,
    contributes: sketch.contributes,
    extensionDependencies: ranges(sketch.dependsOn),
    optionalExtensionDependencies: ranges(sketch.optionallyDependsOn),
    services: sketch.services,
    ...sketch.manifest,
  };
  return JSON.stringify(manifest, undefined, 2) + "\n";
}

function ranges(
  dependencies: readonly string[] | Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  if (!isList(dependencies)) return dependencies;
  return Object.fromEntries(dependencies.map((id) => [id, "*"]));
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}

function sourceText(sketch: ExtensionSketch, main: string): string {
  const lines = [
    ...(sketch.head === undefined ? [] : [sketch.head]),
    `async function activate(context) {`,
    ...supplyLines(sketch),
    sketch.activate ?? "",
    `}`,
  ];
  const names = ["activate"];
  if (sketch.deactivate !== undefined) {
    lines.push(`async function deactivate() {\n${sketch.deactivate}\n}`);
    names.push("deactivate");
  }
  if (sketch.saveState !== undefined) {
    lines.push(`async function saveState() {\n${sketch.saveState}\n}`);
    names.push("saveState");
  }
  const list = names.join(", ");
  lines.push(/\.c[jt]s$/.test(main) ? `module.exports = { ${list} };` : `export { ${list} };`);
  return lines.join("\n") + "\n";
}

function supplyLines(sketch: ExtensionSketch): readonly string[] {
  const points = new Set([...Object.keys(sketch.contributes ?? {}), ...Object.keys(sketch.supplies ?? {})]);
  return [...points].flatMap((point) => {
    const section = sketch.contributes?.[point];
    const declared = isItems(section) ? section.map((item) => item.id) : [];
    const supplied = sketch.supplies?.[point] ?? {};
    return [...new Set([...declared, ...Object.keys(supplied)])].flatMap((id) => {
      const implementation = supplied[id] ?? implementationFor(point, id, sketch.version ?? "1.0.0");
      if (implementation === undefined) return [];
      return [`  context.contribute(${JSON.stringify(point)}, ${JSON.stringify(id)}, ${implementation});`];
    });
  });
}

function isItems(section: unknown): section is readonly { readonly id: string }[] {
  return Array.isArray(section);
}

function implementationFor(point: string, id: string, version: string): string | undefined {
  const prefix = JSON.stringify(`${id} ${version}: `);
  switch (point) {
    case "greeters":
      return `{ greet: (name) => ${prefix} + name }`;
    case "transformers":
      return `{ transform: (input) => ${prefix} + input }`;
    case "commands":
      return `{ execute: (...args) => [${JSON.stringify(id)}, ${JSON.stringify(version)}, ...args] }`;
    default:
      return undefined;
  }
}

async function filesUnder(folder: string): Promise<readonly string[] | undefined> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  } catch {
    return undefined;
  }
}

/** What is in the folder of an extension. */
interface Contents {
  readonly files: Readonly<Record<string, string>>;
  readonly copies: Readonly<Record<string, string>>;
}

async function writeNew({ files, copies }: Contents, parent: string, target: string) {
  const aside = asidePath(parent);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(aside, path)), { recursive: true });
    await writeFile(join(aside, path), text);
  }
  for (const [path, from] of Object.entries(copies)) {
    await mkdir(dirname(join(aside, path)), { recursive: true });
    await copyFile(from, join(aside, path), constants.COPYFILE_FICLONE);
  }
  await rename(aside, target);
}

async function writeOver(
  { files, copies }: Contents,
  present: readonly string[],
  parent: string,
  target: string,
) {
  const aside = asidePath(parent);
  await mkdir(aside, { recursive: true });
  for (const [path, from] of Object.entries(copies)) {
    if (present.includes(path)) continue;
    await mkdir(dirname(join(target, path)), { recursive: true });
    await copyFile(from, join(aside, "file"), constants.COPYFILE_FICLONE);
    await rename(join(aside, "file"), join(target, path));
  }
  // A manifest that names a file must not be seen before the file.
  for (const [path, text] of Object.entries(files).reverse()) {
    await mkdir(dirname(join(target, path)), { recursive: true });
    await writeFile(join(aside, "file"), text);
    await rename(join(aside, "file"), join(target, path));
  }
  await rm(aside, { recursive: true });
  for (const path of present) {
    if (!(path in files) && !(path in copies)) await rm(join(target, path), { force: true });
  }
}

/** A place on the same disk that no host looks at: its name starts with a dot. */
function asidePath(parent: string): string {
  return join(parent, `.aside-${randomUUID()}`);
}

async function writePieces(path: string, text: string, options: SlowWriteOptions) {
  await mkdir(dirname(path), { recursive: true });
  const pieces = options.pieces ?? 2;
  const length = Math.ceil(text.length / pieces);
  const file = await open(path, "w");
  try {
    for (let start = 0; start < text.length; start += length) {
      await file.write(text.slice(start, start + length));
      await sleep(options.pauseMs);
    }
  } finally {
    await file.close();
  }
}
