/** Finds the package that this program is of, by its name as anybody would. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** A path within the package; of the package's folder unless given. @internal */
export function inCore(path = ""): string {
  return join(dirname(createRequire(import.meta.url).resolve("@plugboard/core/package.json")), path);
}
