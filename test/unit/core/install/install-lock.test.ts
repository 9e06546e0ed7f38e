import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { installLockHolder, withInstallLock } from "../../../../core/src/install/install-lock.js";
import { temporaryFolder } from "../../../support/packed-extension.js";

/** No process has it: numbers go up to 2 to the 22nd. */
const nobody = 2 ** 30;

const built = new URL("../../../../core/dist/install/install-lock.js", import.meta.url).href;

/** Tries to get at one folder after the other, together with its siblings, and counts who is in at once. */
const contender = `
import { parentPort, workerData } from "node:worker_threads";
const { folders, counts, siblings, module } = workerData;
const { withInstallLock } = await import(module);
const shared = new Int32Array(counts);
const [arrived, inside, most, got] = [0, 1, 2, 3];
for (const [round, folder] of folders.entries()) {
  Atomics.add(shared, arrived, 1);
  while (Atomics.load(shared, arrived) < siblings * (round + 1)) await new Promise(setImmediate);
  const work = async () => {
    const now = Atomics.add(shared, inside, 1) + 1;
    if (now > Atomics.load(shared, most)) Atomics.store(shared, most, now);
    await new Promise((resolve) => setTimeout(resolve, 3));
    Atomics.add(shared, got, 1);
    Atomics.sub(shared, inside, 1);
  };
  await withInstallLock(folder, work).catch((error) => {
    if (error.code !== "INSTALL_BUSY") throw error;
  });
}
parentPort.postMessage("done");
`;

test("of several that find a lock left behind at once, one takes it over", async () => {
  const parent = await temporaryFolder();
  const folders = Array.from({ length: 100 }, (_, index) => join(parent, String(index)));
  for (const folder of folders) {
    await mkdir(join(folder, ".plugboard"), { recursive: true });
    await writeFile(join(folder, ".plugboard/install.lock"), `${nobody} left\n`);
  }
  const siblings = 3;
  const counts = new SharedArrayBuffer(16);
  const workerData = { folders, counts, siblings, module: built };
  const source = new URL(`data:text/javascript,${encodeURIComponent(contender)}`);
  await Promise.all(
    Array.from({ length: siblings }, () => {
      const worker = new Worker(source, { workerData });
      onTestFinished(async () => void (await worker.terminate()));
      return new Promise((resolve, reject) => {
        worker.once("message", resolve).once("error", reject);
      });
    }),
  );
  const [, inside, most, got = 0] = new Int32Array(counts);
  expect([inside, most]).toEqual([0, 1]);
  expect(got).toBeGreaterThanOrEqual(folders.length);
  for (const folder of folders) expect(await readdir(join(folder, ".plugboard"))).toEqual([]);
});

test("whoever was killed while taking a lock over keeps nobody out either", async () => {
  const folder = await temporaryFolder();
  const own = join(folder, ".plugboard");
  await mkdir(own);
  await writeFile(join(own, "install.lock"), `${nobody} first\n`);
  await writeFile(join(own, `install.lock.after-${nobody}-first-.new`), `${nobody} second\n`);
  expect(installLockHolder(folder)).toBe("gone");
  expect(await withInstallLock(folder, () => Promise.resolve(installLockHolder(folder)))).toBe(process.pid);
  expect(await readdir(own)).toEqual([]);
  expect(installLockHolder(folder)).toBeUndefined();
});

test("a lock that is held keeps others out and says by whom", async () => {
  const folder = await temporaryFolder();
  await withInstallLock(folder, async () => {
    await expect(withInstallLock(folder, () => Promise.resolve())).rejects.toMatchObject({
      code: "INSTALL_BUSY",
      message: expect.stringContaining(String(process.pid)) as string,
    });
  });
});
