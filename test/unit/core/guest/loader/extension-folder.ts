/** Makes extension folders on a real disk for the tests of the loader, and loads them. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { isExtensionError, type ExtensionError } from "@plugboard/extension-api";
import {
  createModuleLoader,
  type ModuleLoader,
  type ModuleLoaderOptions,
} from "../../../../../core/src/guest/loader/module-loader.js";
import { TransformCache } from "../../../../../core/src/guest/loader/transform-cache.js";

/** Text by path; the folder is removed when the test ends. */
export async function anExtensionFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "plugboard-loader-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFiles(folder, files);
  return folder;
}

export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

export function aLoader(folder: string, options: Partial<ModuleLoaderOptions> = {}): ModuleLoader {
  return createModuleLoader({ folder, provided: new Map(), cache: new TransformCache(), ...options });
}

export async function load(
  folder: string,
  main: string,
  options: Partial<ModuleLoaderOptions> = {},
): Promise<Record<string, any>> {
  return aLoader(folder, options).load(main);
}

/** Loads files given by text; the first one is main. */
export async function loadFiles(
  files: Readonly<Record<string, string>>,
  options: Partial<ModuleLoaderOptions> = {},
): Promise<Record<string, any>> {
  const folder = await anExtensionFolder(files);
  return load(folder, `./${Object.keys(files)[0]}`, options);
}

/** The error that the work ends with. */
export async function failureOf(work: Promise<unknown>): Promise<ExtensionError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (isExtensionError(error)) return error;
  throw new Error("expected an ExtensionError", { cause: error });
}

/** Code, and what the details say that the expectation names; paths relative to the folder. */
export function summaryOf(error: ExtensionError, folder: string): Record<string, unknown> {
  const { file, line, column } = error.details;
  return { code: error.code, file: String(file).replace(`${folder}/`, ""), line, column };
}
