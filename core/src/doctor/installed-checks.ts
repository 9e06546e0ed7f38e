/** Checks of what was installed: whether it is still that, whether its key may still vouch for it, and what updates pass over. */
import { lookAt } from "../common/look-at.js";
import { heldExtension } from "../install/held-extensions.js";
import { installedVersion } from "../install/install-extension.js";
import { installedContent } from "../install/installed-content.js";
import { installedIds } from "../install/installed-extensions.js";
import { VersionStore } from "../install/version-store.js";
import { judge } from "../trust/judge.js";
import { emptyKeyRing, readKeyRing, type KeyRing } from "../trust/key-ring.js";
import { checkNamed, type Check } from "./check.js";

/** Looks at every installed extension, with the keys that are trusted. @internal */
export async function checkInstalled(
  folders: readonly string[],
  keys: string | undefined,
): Promise<readonly Check[]> {
  const { ok } = checkNamed("installed");
  const ring = ringOf(keys);
  const checks: Check[] = [];
  let count = 0;
  for (const folder of folders) {
    for (const id of await installedIds(folder)) {
      checks.push(...(await checkOne(new VersionStore(folder, id), id, ring)));
      count++;
    }
  }
  if (checks.some(({ outcome }) => outcome !== "ok")) return checks;
  const what = count === 1 ? "1 extension is" : `${count} extensions are`;
  return [ok(count === 0 ? "plugboard has installed nothing here." : `${what} as installed.`), ...checks];
}

async function checkOne(store: VersionStore, id: string, ring: KeyRing): Promise<readonly Check[]> {
  const { ok, warning, problem } = checkNamed("installed");
  const stored = await installedVersion(store, id);
  const { content, damage } = await installedContent(store, { id, stored });
  const found: Check[] = [];
  if (damage !== undefined) {
    const advice = `Install ${id} again from where it came, which repairs it; or plugboard uninstall ${id}.`;
    // Whole, but other than it was: an extension that writes into its own folder does that.
    const finding = content?.id === id ? warning : problem;
    found.push(finding(`${damage} (${store.link})`, advice));
  }
  const verdict = content === undefined ? undefined : judge(content, ring, Date.now());
  if (verdict?.state === "revoked")
    found.push(
      problem(
        `${id} ${stored.label}: ${verdict.message}`,
        `Install a version that is signed by another key, or plugboard uninstall ${id}.`,
      ),
    );
  const held = await heldExtension(store, id);
  return [...found, ...(held?.sentences ?? []).map((sentence) => ok(sentence))];
}

/** What is wrong with the keys is a finding of its own. */
function ringOf(keys: string | undefined): KeyRing {
  try {
    if (keys !== undefined && lookAt(keys).found !== undefined) return readKeyRing(keys);
  } catch {
    // checkKeys says so.
  }
  return emptyKeyRing;
}
