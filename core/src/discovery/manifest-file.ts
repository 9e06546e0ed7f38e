/**
 * Reads plugin.json5 without ever blocking or trusting what stands in its place: one descriptor is opened, judged
 * and read. Knows bytes and text, not JSON5.
 */
import { isUtf8 } from "node:buffer";
import { fstatSync, openSync, readSync } from "node:fs";
import type { ErrorCode, FileStamp } from "@plugboard/extension-api";
import { errorCode } from "../common/look-at.js";
import { nodeCrypto } from "../common/late-builtins.js";
import { closeRead, nonBlockingRead } from "../common/read-regular-file.js";
import { maximumManifestBytes } from "../manifest/parse-manifest.js";
import { manifestName } from "../manifest/identity.js";

/** The part of a stamp that tells two states of a manifest apart without reading it. @internal */
export type ManifestStamp = Required<Pick<FileStamp, "mtimeMs" | "ctimeMs" | "size" | "ino">>;

/** Tells whether nothing has happened to the file between two stamps. @internal */
export function sameStamp(left: ManifestStamp, right: ManifestStamp | undefined): boolean {
  return (
    left.mtimeMs === right?.mtimeMs &&
    left.ctimeMs === right.ctimeMs &&
    left.size === right.size &&
    left.ino === right.ino
  );
}

/** The text of a manifest, or why there is none. @internal */
export type ManifestFile =
  | {
      readonly kind: "text";
      readonly text: string;
      readonly digest: string;
      readonly stamp: ManifestStamp;
    }
  | {
      readonly kind: "fault";
      readonly code: ErrorCode;
      readonly message: string;
      readonly digest: string;
    };

/** Reads manifests through one buffer, which it reuses. @internal */
export class ManifestFileReader {
  readonly #buffer = Buffer.allocUnsafeSlow(maximumManifestBytes + 1);

  /** Reads the file; every failure is an answer, none is thrown. */
  readManifest(file: string): ManifestFile {
    let descriptor: number;
    try {
      descriptor = openSync(file, nonBlockingRead);
    } catch (error) {
      return openingFault(error);
    }
    try {
      return this.#readOpened(descriptor);
    } catch (error) {
      return unreadable(error);
    } finally {
      closeRead(descriptor);
    }
  }

  #readOpened(descriptor: number): ManifestFile {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return fault("MANIFEST_NOT_A_FILE", `${manifestName} is not a regular file.`);
    let length = 0;
    while (length <= maximumManifestBytes && stat.size <= maximumManifestBytes) {
      const count = readSync(descriptor, this.#buffer, length, this.#buffer.length - length, -1);
      length += count;
      if (count === 0 || length === stat.size) break;
    }
    if (Math.max(length, stat.size) > maximumManifestBytes) {
      const message = `${manifestName} has ${Math.max(length, stat.size)} bytes; at most ${maximumManifestBytes} are read.`;
      return {
        ...fault("MANIFEST_TOO_LARGE", message),
        digest: `MANIFEST_TOO_LARGE ${stat.size} ${stat.mtimeMs}`,
      };
    }
    const bytes = this.#buffer.subarray(0, length);
    const digest = nodeCrypto().hash("sha256", bytes, "hex");
    if (!isUtf8(bytes)) {
      return { ...fault("MANIFEST_ENCODING", `${manifestName} is not UTF-8 text.`), digest };
    }
    const text = bytes.toString("utf8");
    return {
      kind: "text",
      // Editors don't count a byte order mark as a column.
      text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text,
      digest,
      stamp: { mtimeMs: stat.mtimeMs, ctimeMs: stat.ctimeMs, size: stat.size, ino: stat.ino },
    };
  }
}

function openingFault(error: unknown): ManifestFile {
  const code = errorCode(error);
  if (code === "ENOENT") return fault("MANIFEST_MISSING", `The folder holds no ${manifestName}.`);
  // What opening a socket, and on Windows a folder, answers.
  if (code === "ENXIO" || code === "EISDIR") {
    return fault("MANIFEST_NOT_A_FILE", `${manifestName} is not a regular file.`);
  }
  return unreadable(error);
}

function unreadable(error: unknown): ManifestFile {
  const code = errorCode(error);
  return {
    ...fault("MANIFEST_UNREADABLE", `${manifestName} can't be read: ${code}.`),
    digest: `MANIFEST_UNREADABLE ${code}`,
  };
}

function fault(code: ErrorCode, message: string): ManifestFile & { kind: "fault" } {
  return { kind: "fault", code, message, digest: code };
}
