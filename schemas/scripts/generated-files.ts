/**
 * Makes the source files that follow from the schemas: types and validators.
 * Writes nothing; generate.ts writes, and a test compares.
 */
import { configFiles } from "./config-files.ts";
import { frameFiles } from "./frame-files.ts";
import { manifestFiles } from "./manifest-files.ts";

/** Contents by path relative to the package. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  return new Map([...(await manifestFiles()), ...(await configFiles()), ...(await frameFiles())]);
}
