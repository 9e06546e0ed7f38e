/**
 * Judges which files a guest may name to the host. The host looks at what it is told of: without this a guest would
 * learn from what the host does whether a file exists that it may not see, what it holds and when it changes.
 * Invariant: a path that is refused by its text has not been touched.
 */
import { dirname, resolve } from "node:path";
import type { Channel, StartRequest } from "@plugboard/extension-api";
import { lookBehind } from "../common/look-at.js";
import { nearestExisting } from "../common/nearest-existing.js";

/** What an extension may read. @internal */
export class ReadablePaths {
  readonly #folders: ReadonlySet<string> | "everything";

  /** @param readable - what the channel says that its guest may read */
  constructor(
    { extension, capabilities }: Pick<StartRequest, "extension" | "capabilities">,
    readable: Channel["readable"] = [],
  ) {
    if (readable === "everything") {
      this.#folders = readable;
    } else {
      const { found: real = extension.path } = lookBehind(extension.path);
      const folders = [extension.path, real, ...capabilities.fs.read, ...readable];
      this.#folders = new Set(folders.map(comparable));
    }
  }

  /** Whether the file, there or not, is the extension's to read. @param path - absolute */
  allow(path: string): boolean {
    if (this.#folders === "everything") return true;
    if (!isWithinAny(this.#folders, path)) return false;
    // A link may have been made in a folder that the extension may write.
    const existing = nearestExisting(path);
    // The folder itself may be gone.
    if (!isWithinAny(this.#folders, existing)) return true;
    const { found: real } = lookBehind(existing);
    return real === undefined || isWithinAny(this.#folders, real);
  }
}

/** Costs the depth of the path, however many folders there are: a guest may tell of tens of thousands. */
function isWithinAny(folders: ReadonlySet<string>, path: string): boolean {
  for (let each = comparable(path); ; each = dirname(each)) {
    if (folders.has(each)) return true;
    if (each === dirname(each)) return false;
  }
}

function comparable(path: string): string {
  const whole = resolve(path);
  return process.platform === "win32" ? whole.toLowerCase() : whole;
}
