/**
 * Holds what a generation loads to what was trusted, at the moment it is read.
 * Invariant: bytes that pass are those somebody trusted; nothing is read a second time for it.
 */
import { relative, sep } from "node:path";
import { moduleError } from "./module-error.js";

/** The files that an extension may load. @internal */
export class TrustedFiles {
  readonly #root: string;
  readonly #digests: ReadonlyMap<string, string>;

  /**
   * @param root - real path of the extension's folder
   * @param digests - SHA-256 in hexadecimal by path from the folder, with `/`
   */
  constructor(root: string, digests: ReadonlyMap<string, string>) {
    this.#root = root;
    this.#digests = digests;
  }

  /** @throws ExtensionError `TRUST_CHANGED` for other bytes than those trusted, and for a file that nobody trusted */
  assertTrusted(file: string, bytes: Uint8Array): void {
    const digest = this.#digests.get(relative(this.#root, file).split(sep).join("/"));
    if (digest === undefined) {
      throw moduleError("TRUST_CHANGED", "This file was not among those that were trusted", { file });
    }
    if (process.getBuiltinModule("node:crypto").hash("sha256", bytes, "hex") !== digest) {
      throw moduleError("TRUST_CHANGED", "This file is not as it was when it was trusted", { file });
    }
  }
}
