/** Extensions as files on a disk and as archives, made in a folder of their own. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packExtension } from "@plugboard/core/packaging";
import { onTestFinished } from "vitest";

/** What is told of an extension that only declares things. */
export interface DeclaredExtension {
  readonly id: string;
  readonly version?: string;
  /** Ranges by id. */
  readonly needs?: Readonly<Record<string, string>>;
  /** What its package.json holds, if it has one. */
  readonly packageFile?: unknown;
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-sources-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes an extension into a folder below another, and gives its path. */
export async function writeExtension(
  parent: string,
  { id, version = "1.0.0", needs = {}, packageFile }: DeclaredExtension,
): Promise<string> {
  const folder = join(parent, `${id}-source`);
  await rm(folder, { recursive: true, force: true });
  const manifest = {
    manifestVersion: 1,
    id,
    version,
    engines: { plugboard: "^1.0.0" },
    extensionDependencies: needs,
  };
  const files: Record<string, unknown> = { "plugin.json5": manifest, "package.json": packageFile };
  for (const [name, content] of Object.entries(files)) {
    if (content === undefined) continue;
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), JSON.stringify(content));
  }
  return folder;
}

/** Packs an extension into a folder and gives the archive's path. */
export async function packInto(folder: string, extension: DeclaredExtension): Promise<string> {
  const source = await writeExtension(await temporaryFolder(), extension);
  return (await packExtension(source, { outFolder: folder })).archive;
}

/** The bytes of an extension's archive. */
export async function packed(extension: DeclaredExtension): Promise<Buffer> {
  return readFile(await packInto(await temporaryFolder(), extension));
}
