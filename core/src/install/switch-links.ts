/**
 * Lets several versions count in one step, as far as a disk allows. What counted before is written down first, and
 * forgotten once all is done. Invariant: whoever holds the lock next finds all of the new or all of the old.
 */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { flushFolder, writeWhole } from "../common/write-whole.js";
import { asObject, objectIn } from "../source/source-record.js";
import { ownFolder, VersionStore, type StoredVersion } from "./version-store.js";

const journalName = "switching.json";

/** One link that is to lead elsewhere. @internal */
export interface LinkSwitch {
  readonly id: string;
  readonly store: VersionStore;
  readonly from: StoredVersion | undefined;
  readonly to: StoredVersion;
}

/** Switches in the order given. If one fails, those before it are taken back. @internal */
export async function switchLinks(extensions: string, switches: readonly LinkSwitch[]): Promise<void> {
  // One rename is one step by itself.
  if (switches.length > 1) {
    const before = Object.fromEntries(switches.map(({ id, from }) => [id, from?.name ?? null]));
    await writeWhole(join(extensions, ownFolder, journalName), JSON.stringify(before), { mode: 0o600 });
  }
  try {
    for (const { store, to } of switches) await store.choose(to);
  } catch (error) {
    await undoSwitches(extensions);
    throw error;
  }
  if (switches.length > 1) await forget(extensions);
}

/** Takes back what a run has begun and was killed before it was done. @internal */
export async function undoSwitches(extensions: string): Promise<void> {
  const journal = join(extensions, ownFolder, journalName);
  let text: string;
  try {
    text = await readFile(journal, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  for (const [id, name] of Object.entries(asObject(objectIn(text)) ?? {})) {
    const store = new VersionStore(extensions, id);
    const current = await store.current();
    if (current === "foreign" || (current?.name ?? null) === name) continue;
    const before = typeof name === "string" ? store.stored(name) : undefined;
    // It may have been damaged since.
    if (before !== undefined && (await store.isThere(before))) await store.choose(before);
    else await store.chooseNone();
  }
  await forget(extensions);
}

async function forget(extensions: string): Promise<void> {
  const own = join(extensions, ownFolder);
  await rm(join(own, journalName));
  // Otherwise the disk could bring it back after a power failure, and the next run take everything back.
  await flushFolder(own);
}
