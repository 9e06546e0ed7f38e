/**
 * Finds out what an extension's folder consists of and what its signature is worth. Reads files again only when the
 * system says that something about them has changed.
 * Invariant: what it tells is about the very manifest that the description was made of.
 */
import { ExtensionError, isExtensionError } from "@plugboard/extension-api";
import type { ListedFile } from "../archive/file-list.js";
import { thrownText } from "../common/thrown-text.js";
import type { ExtensionDescription } from "../discovery/extension-description.js";
import { manifestName } from "../discovery/manifest-file.js";
import { askedRights } from "../manifest/asked-rights.js";
import { outlineOf } from "../manifest/manifest-outline.js";
import type { ExaminedContent } from "../trust/decision.js";
import { judge } from "../trust/judge.js";
import { emptyKeyRing, readKeyRing, type KeyRing } from "../trust/key-ring.js";

interface KnownContent {
  readonly fingerprint: string;
  readonly stamp: string | undefined;
  readonly digest: string;
  readonly signature: string | undefined;
  /** What a signature is compared with; none where there is no signature. */
  readonly files: readonly ListedFile[];
}

/** Examines the content of folders. @internal */
export class ContentExaminer {
  readonly #keys: string | undefined;
  readonly #known = new Map<string, KnownContent>();
  #ring: KeyRing | undefined;

  /** @param keys - a folder of trusted keys, or one public key's file; nobody is trusted without */
  constructor(keys: string | undefined) {
    this.#keys = keys;
  }

  /**
   * The trusted keys as they are now; undefined if none are named.
   *
   * @throws ExtensionError with a `TRUST_*` code
   */
  readRing(): KeyRing | undefined {
    if (this.#keys === undefined || this.#ring !== undefined) return this.#ring;
    try {
      this.#ring = readKeyRing(this.#keys);
    } catch (cause) {
      if (isExtensionError(cause)) throw cause;
      throw new ExtensionError("TRUST_KEY_UNREADABLE", `${this.#keys} can't be read.`, { cause });
    }
    // Many folders are looked at in one turn, and the keys once.
    setImmediate(() => (this.#ring = undefined));
    return this.#ring;
  }

  /**
   * Examines what lies in the folder now.
   *
   * @throws ExtensionError `TRUST_CONTENT`, or a `TRUST_*` code when the content is signed and the keys can't be read
   */
  async examine(description: ExtensionDescription): Promise<ExaminedContent> {
    const { id, version } = description;
    const { files, digest, signature } = await this.#contentOf(description);
    const ring = signature === undefined ? emptyKeyRing : (this.readRing() ?? emptyKeyRing);
    const verdict = judge({ files, digest, signature }, ring, Date.now());
    return { id, version, digest, rights: askedRights(outlineOf(description)), verdict };
  }

  /** Forgets what it knows of a folder. */
  forget(folder: string): void {
    this.#known.delete(folder);
  }

  async #contentOf(description: ExtensionDescription): Promise<KnownContent> {
    const { id, folder, fingerprint } = description;
    // Hosts that ask for no trust load nothing of what reads archives and signatures.
    const [{ contentOf }, { folderStamp }, { asSigned }, { digestOfFiles }] = await Promise.all([
      import("../archive/extension-content.js"),
      import("../archive/folder-stamp.js"),
      import("../trust/verify-extension.js"),
      import("../archive/file-list.js"),
    ]);
    try {
      const stamp = await folderStamp(folder);
      const known = this.#known.get(folder);
      if (stamp !== undefined && known?.stamp === stamp && known.fingerprint === fingerprint) return known;
      const content = await contentOf(folder);
      const manifest = content.files.find(({ path }) => path === manifestName);
      if (content.id !== id || manifest === undefined || !fingerprint.startsWith(`${manifest.sha256} `))
        throw unknowable(id, "its manifest is being changed.", { details: { isOutdated: true } });
      const { signature } = content;
      const files = asSigned(content.files, signature);
      const found = {
        fingerprint,
        stamp,
        digest: digestOfFiles(files),
        signature,
        files: signature === undefined ? [] : files,
      };
      this.#known.set(folder, found);
      return found;
    } catch (error) {
      this.#known.delete(folder);
      if (isExtensionError(error, "TRUST_CONTENT")) throw error;
      throw unknowable(id, thrownText(error), { cause: error });
    }
  }
}

function unknowable(
  id: string,
  what: string,
  more: { readonly details?: Readonly<Record<string, unknown>>; readonly cause?: unknown },
): ExtensionError {
  const message = `What ${id} consists of can't be told: ${what}`;
  return new ExtensionError("TRUST_CONTENT", message, { extensionId: id, ...more });
}
