/** What could not be read for a moment is read again, though the file is the same as before. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExtensionError } from "@plugboard/extension-api";
import { expect, onTestFinished, test, vi } from "vitest";
import type { StateFolder } from "../../../../../core/src/host/state/state-folder.js";
import type { TrustTerms } from "../../../../../core/src/host/trust/content-judge.js";
import { TrustGate } from "../../../../../core/src/host/trust/trust-gate.js";

async function aGate(terms: (folder: string) => Partial<TrustTerms>) {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-gate-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const trust = vi.fn(() => ({}));
  const state = { trustFile: join(folder, "trust.json"), digestsFile: undefined, trust };
  const told: string[] = [];
  const gate = new TrustGate({
    terms: {
      policy: "all",
      revokedKeys: "stop",
      keys: undefined,
      lockfile: undefined,
      developmentFolders: [],
      ...terms(folder),
    },
    state: state as Partial<StateFolder> as StateFolder,
    lastEventAt: () => undefined,
    incompleteMs: 0,
    onVerdicts: () => undefined,
    isRunning: () => false,
    onDistrust: () => Promise.resolve(),
    onFault: (error) => void told.push((error as ExtensionError).code),
    onReadable: () => void told.push("readable"),
  });
  onTestFinished(() => gate.dispose());
  return { gate, folder, trust, told };
}

test("what people decided is read again after the disk has failed, and the failure is told once", async () => {
  const { gate, trust, told } = await aGate(() => ({ policy: "asked" }));
  trust.mockImplementation(() => {
    throw new ExtensionError("STATE_UNREADABLE", "trust.json can't be read: EMFILE.");
  });
  await gate.begin({ isFollowing: true });
  await vi.waitFor(() => expect(trust.mock.calls.length).toBeGreaterThan(2), { timeout: 10_000 });
  trust.mockImplementation(() => ({}));
  await vi.waitFor(() => expect(told).toEqual(["STATE_UNREADABLE", "readable"]), { timeout: 10_000 });
});

test.skipIf(process.platform === "win32")(
  "keys are read again once they can be, though nothing in their folder has changed",
  async () => {
    const { gate, folder } = await aGate((place) => ({
      keys: join(place, "keys"),
      lockfile: join(place, "lock"),
    }));
    await mkdir(join(folder, "keys"));
    await symlink(join(folder, "elsewhere"), join(folder, "keys", "revoked.json"));
    await writeFile(join(folder, "lock"), '{"lockVersion": 1, "extensions": {}}');
    await gate.begin({ isFollowing: true });
    const lockFault = () => gate.problems.find(({ file }) => file === join(folder, "lock"))?.code;
    expect(lockFault()).toBe("TRUST_KEY_UNREADABLE");
    await writeFile(join(folder, "elsewhere"), '{"revoked": []}');
    await vi.waitFor(() => expect(lockFault()).not.toBe("TRUST_KEY_UNREADABLE"), { timeout: 10_000 });
  },
);
