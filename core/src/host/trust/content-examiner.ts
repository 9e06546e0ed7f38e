/**
 * Finds out what an extension's folder consists of and what its signature is worth. Reads files again only when the
 * system says that something about them has changed.
 * Invariant: what it tells is about the very manifest that the description was made of.
 */
import { ExtensionError, isExtensionError } from "@plugboard/extension-api";
import { join } from "node:path";
import { maximumSignatureBytes, signatureName, type ListedFile } from "../../archive/file-list.js";
import { readRegularFile } from "../../common/read-regular-file.js";
import { thrownText } from "../../common/thrown-text.js";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import { askedRights } from "../../manifest/asked-rights.js";
import { outlineOf } from "../../manifest/manifest-outline.js";
import type { ExaminedContent } from "../../trust/decision.js";
import { judge } from "../../trust/judge.js";
import { emptyKeyRing, readKeyRing, type KeyRing } from "../../trust/key-ring.js";
import { RememberedDigests } from "./remembered-digests.js";
import { manifestName } from "../../manifest/identity.js";

/** Content that was examined, with its files where they were asked for. @internal */
export interface ReadContent extends ExaminedContent {
  readonly files: readonly ListedFile[];
}

interface KnownContent {
  readonly fingerprint: string;
  readonly stamp: string | undefined;
  readonly digest: string;
  readonly signature: string | undefined;
}

type FoundContent = KnownContent & { readonly files: readonly ListedFile[] };

/** Examines the content of folders. @internal */
export class ContentExaminer {
  readonly #keys: string | undefined;
  readonly #known = new Map<string, KnownContent>();
  readonly #remembered: RememberedDigests;
  #ring: KeyRing | undefined;

  /**
   * @param keys - a folder of trusted keys, or one public key's file; nobody is trusted without
   * @param remembered - what an earlier host found; nothing unless given
   */
  constructor(keys: string | undefined, remembered = new RememberedDigests(undefined)) {
    this.#keys = keys;
    this.#remembered = remembered;
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
    const known = await this.#knownContentOf(description);
    if (known === undefined) return this.read(description);
    const content = this.#judge(description, { ...known, files: [] });
    // How the files differ from those that were signed, only they can tell.
    return content.verdict.state === "modified" ? this.read(description) : content;
  }

  /**
   * Examines what lies in the folder now, reads every file for it and lists them.
   *
   * @throws ExtensionError as {@link examine} does
   */
  async read(description: ExtensionDescription): Promise<ReadContent> {
    const found = await this.#contentOf(description);
    return { ...this.#judge(description, found), files: found.files };
  }

  /** Forgets what it knows of a folder. */
  forget(folder: string): void {
    this.#known.delete(folder);
    this.#remembered.set(folder, undefined);
  }

  #judge(description: ExtensionDescription, { files, digest, signature }: FoundContent): ExaminedContent {
    const { id, version } = description;
    const ring = signature === undefined ? emptyKeyRing : (this.readRing() ?? emptyKeyRing);
    const verdict = judge({ files, digest, signature }, ring, Date.now());
    return { id, version, digest, rights: askedRights(outlineOf(description)), verdict };
  }

  /** What is known of the folder already, if the system says that nothing in it has changed since. */
  async #knownContentOf({ folder, fingerprint }: ExtensionDescription): Promise<KnownContent | undefined> {
    const found = this.#known.get(folder) ?? this.#remembered.get(folder);
    if (found?.fingerprint !== fingerprint || found.stamp === undefined) return undefined;
    const { folderStamp } = await import("../../archive/folder-stamp.js");
    const stamp = await folderStamp(folder).catch(() => undefined);
    if (stamp !== found.stamp) return undefined;
    if (!("isSigned" in found)) return found;
    const { digest, isSigned } = found;
    const signature = isSigned ? signatureIn(folder) : undefined;
    if (isSigned && signature === undefined) return undefined;
    const known = { fingerprint, stamp, digest, signature };
    this.#known.set(folder, known);
    return known;
  }

  async #contentOf(description: ExtensionDescription): Promise<FoundContent> {
    const { id, folder, fingerprint } = description;
    // Hosts that ask for no trust load nothing of what reads archives and signatures.
    const [{ contentOf }, { folderStamp }, { asSigned }, { digestOfFiles }] = await Promise.all([
      import("../../archive/extension-content.js"),
      import("../../archive/folder-stamp.js"),
      import("../../trust/verify-extension.js"),
      import("../../archive/file-list.js"),
    ]);
    try {
      const stamp = await folderStamp(folder);
      const content = await contentOf(folder);
      const manifest = content.files.find(({ path }) => path === manifestName);
      if (content.id !== id || manifest === undefined || !fingerprint.startsWith(`${manifest.sha256} `))
        throw unknowable(id, "its manifest is being changed.", { details: { isOutdated: true } });
      const { signature } = content;
      const files = asSigned(content.files, signature);
      const known = { fingerprint, stamp, digest: digestOfFiles(files), signature };
      this.#known.set(folder, known);
      const { digest } = known;
      const isSigned = signature !== undefined;
      this.#remembered.set(
        folder,
        stamp === undefined ? undefined : { stamp, fingerprint, digest, isSigned },
      );
      return { ...known, files };
    } catch (error) {
      this.forget(folder);
      if (isExtensionError(error, "TRUST_CONTENT")) throw error;
      throw unknowable(id, thrownText(error), { cause: error });
    }
  }
}

function signatureIn(folder: string): string | undefined {
  try {
    return readRegularFile(join(folder, signatureName), maximumSignatureBytes);
  } catch {
    // Whatever became of it, all is read anew, and the fault is met there.
    return undefined;
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
