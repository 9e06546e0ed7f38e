/**
 * The index of a folder on a server: `index.json` beside the archives. It tells what else there is, for
 * dependencies and for updates.
 *
 *     { "extensions": [{ "id": "acme.base", "version": "1.1.0", "file": "acme.base-1.1.0.tgz", "integrity": "sha512-…" }] }
 */
import { isExtensionId, isExtensionVersion } from "../manifest/identity.js";
import { addressText, permittedAddress } from "./address.js";
import type { HttpClient } from "./http-client.js";
import { sha512In } from "./integrity.js";
import { sourceError } from "./source-error.js";
import { asObject, objectIn } from "./source-record.js";

/** An archive that the index lists. @internal */
export interface IndexEntry {
  readonly id: string;
  readonly version: string;
  readonly address: URL;
  /** What its bytes have to be, if the index says so. */
  readonly integrity: string | undefined;
}

const largestIndex = 4 * 2 ** 20;

/**
 * What the index beside an address lists; undefined if there is none.
 *
 * @throws ExtensionError `SOURCE_INVALID` and what the client throws
 * @internal
 */
export async function indexBeside(
  client: HttpClient,
  address: string,
): Promise<readonly IndexEntry[] | undefined> {
  const url = permittedAddress("index.json", new URL(address));
  const text = await client.text({ address: url, accept: "application/json", limit: largestIndex });
  if (text === undefined) return undefined;
  const listed = objectIn(text)?.["extensions"];
  if (!Array.isArray(listed)) throw sourceError("SOURCE_INVALID", `${addressText(url)} is no index.`);
  return (listed as readonly unknown[]).map((entry) => entryOf(entry, url));
}

function entryOf(value: unknown, index: URL): IndexEntry {
  const { id, version, file, integrity } = asObject(value) ?? {};
  const isSound =
    isExtensionId(id) &&
    isExtensionVersion(version) &&
    typeof file === "string" &&
    (integrity === undefined || (typeof integrity === "string" && sha512In(integrity) !== undefined));
  if (!isSound) {
    const text = JSON.stringify(value);
    throw sourceError("SOURCE_INVALID", `${addressText(index)} has an entry that can't be used: ${text}.`);
  }
  const address = permittedAddress(file, index);
  if (address.origin !== index.origin) {
    const message = `${addressText(index)} lists ${addressText(address)}, which is on another server.`;
    throw sourceError("SOURCE_INVALID", message);
  }
  return { id, version, address, integrity };
}
