/**
 * Puts a signature into an archive, in place of one that may be there. The other files stay as they are, and
 * so does their digest. Invariant: the archive is the old one or the signed one, never anything between.
 */
import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ExtensionError } from "@plugboard/extension-api";
import { extractArchive } from "../archive/extract-archive.js";
import { identityOf, type ExtensionIdentity } from "../archive/extension-identity.js";
import { digestOfFiles, signatureName } from "../archive/file-list.js";
import type { ArchiveProgress } from "../archive/read-archive.js";
import { writeArchive } from "../archive/write-archive.js";
import { archiveError } from "../archive/archive-error.js";
import { diskRefusal } from "../common/disk-refusal.js";
import { asideOf } from "../common/write-whole.js";
import { readEndorsement } from "./key-ring.js";
import { signatureText } from "./signature.js";
import { readSigningKey } from "./signing-key.js";
import { manifestName } from "../manifest/identity.js";

/** With what an archive is signed. @public */
export interface SignOptions {
  /** File of the secret key. */
  readonly key: string;
  /** When the signature ends, in milliseconds; never unless given. */
  readonly expires?: number | undefined;
  /** Files in which an older key endorses this one, to travel in the archive. */
  readonly endorsements?: readonly string[] | undefined;
  /** The time to note, in milliseconds; now unless given. */
  readonly now?: number | undefined;
  /** Told after each file. */
  readonly onProgress?: ((progress: ArchiveProgress) => void) | undefined;
  /** Stops the work; the archive stays as it was. */
  readonly signal?: AbortSignal | undefined;
}

/** A signed archive. @public */
export interface SignedArchive extends ExtensionIdentity {
  /** Absolute path of the archive. */
  readonly archive: string;
  /** Names the content; signing does not change it. */
  readonly digest: string;
  /** Names the key. */
  readonly key: string;
}

/**
 * Signs an archive.
 *
 * @throws ExtensionError with a `TRUST_*` code for keys, an `ARCHIVE_*` code for the archive
 * @public
 */
export async function signArchive(archive: string, options: SignOptions): Promise<SignedArchive> {
  const { now = Date.now(), expires, onProgress, signal } = options;
  const key = readSigningKey(options.key);
  const endorsements = await Promise.all(
    (options.endorsements ?? []).map(async (file) => {
      if (readEndorsement(file).new.id === key.public.id) return readFile(file, "utf8");
      throw new ExtensionError("TRUST_RING_INVALID", `${file} endorses another key than ${options.key}.`);
    }),
  );
  const target = resolve(archive);
  const aside = await makeAside(target);
  try {
    const all = await extractArchive(target, join(aside, "files"), { signal });
    const files = all.filter(({ path }) => path !== signatureName);
    const identity = await identityIn(join(aside, "files"));
    const text = Buffer.from(signatureText(files, key, { signedAt: now, expires, endorsements }));
    const contents = files.map(({ sha256: _sha256, ...file }) => ({
      ...file,
      content: join(aside, "files", file.path),
    }));
    const signature = { path: signatureName, size: text.length, isExecutable: false, content: text };
    await writeArchive(target, [...contents, signature], { onProgress, signal });
    return { ...identity, archive: target, digest: digestOfFiles(files), key: key.public.id };
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function makeAside(target: string): Promise<string> {
  try {
    const aside = asideOf(target);
    await mkdir(aside, { mode: 0o700 });
    return aside;
  } catch (cause) {
    const why = diskRefusal(cause) ?? "";
    throw archiveError("ARCHIVE_UNWRITABLE", `${dirname(target)} can't be written: ${why}.`, { cause });
  }
}

async function identityIn(folder: string): Promise<ExtensionIdentity> {
  try {
    return identityOf(await readFile(join(folder, manifestName), "utf8"));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    throw archiveError("ARCHIVE_LAYOUT", `The archive holds no ${manifestName}.`);
  }
}
