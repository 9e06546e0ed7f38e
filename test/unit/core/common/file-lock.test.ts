import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { lockHoldersOf, withLock } from "../../../../core/src/common/file-lock.js";
import { ownMark } from "../../../../core/src/common/process-mark.js";

async function claimsFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-claims-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "claims");
}

const busy = (processId: number) => new Error(`busy: ${String(processId)}`);
const terms = (folder: string, waitMs = 10_000) => ({ folder, name: "a thing", waitMs, busy });

/** A claim as a process leaves it that is killed. */
async function leave(folder: string, mark: string, { ageMs = 0 } = {}): Promise<string> {
  const file = join(folder, `a thing~${mark}~aaaaaaaaaaaa`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, "");
  const then = (Date.now() - ageMs) / 1000;
  await utimes(file, then, then);
  return file;
}

const [id, start, machine] = ownMark().split(".") as [string, string, string];
const gone = `99999999.${start}.${machine}`;
const elsewhere = `${id}.${start}.00000000`;

test("of many who want the same thing one has it at a time, and each its turn", async () => {
  const folder = await claimsFolder();
  let working = 0;
  let most = 0;
  let done = 0;
  await Promise.all(
    Array.from({ length: 12 }, () =>
      withLock(terms(folder), async () => {
        working += 1;
        most = Math.max(most, working);
        await pause(1);
        working -= 1;
        done += 1;
      }),
    ),
  );
  expect({ most, done, left: await readdir(folder) }).toEqual({ most: 1, done: 12, left: [] });
});

test("whoever has one thing keeps nobody from another", async () => {
  const folder = await claimsFolder();
  const both = await withLock(terms(folder), () =>
    withLock({ ...terms(folder, 0), name: "another" }, () => Promise.resolve("both")),
  );
  expect(both).toBe("both");
});

test("work that fails gives its place back", async () => {
  const folder = await claimsFolder();
  await expect(withLock(terms(folder), () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await readdir(folder)).toEqual([]);
});

test("waiting ends with the error of whoever waits, which names the process", async () => {
  const folder = await claimsFolder();
  await withLock(terms(folder), async () => {
    await expect(withLock(terms(folder, 20), () => Promise.resolve())).rejects.toThrow(`busy: ${id}`);
  });
});

test("what a killed process has left is cleared up by many who find it at once, and one goes on at a time", async () => {
  const folder = await claimsFolder();
  await leave(folder, gone);
  let working = 0;
  const work = async () => {
    working += 1;
    await pause(1);
    const others = working - 1;
    working -= 1;
    return others;
  };
  const found = await Promise.all(Array.from({ length: 10 }, () => withLock(terms(folder), work)));
  expect(Math.max(...found)).toBe(0);
  expect(await readdir(folder)).toEqual([]);
});

test("a process in another container is believed for as long as it touches its claim", async () => {
  const folder = await claimsFolder();
  const file = await leave(folder, elsewhere);
  await expect(withLock(terms(folder, 20), () => Promise.resolve())).rejects.toThrow("busy");
  expect(await lockHoldersOf(terms(folder))).toEqual([{ processId: process.pid, file, isGone: false }]);
  await leave(folder, elsewhere, { ageMs: 60_000 });
  expect(await lockHoldersOf(terms(folder))).toMatchObject([{ isGone: true }]);
  expect(await withLock(terms(folder), () => Promise.resolve("done"))).toBe("done");
});

test("a folder that is removed while somebody waits is made again", async () => {
  const folder = await claimsFolder();
  const first = Promise.withResolvers<void>();
  const working = withLock(terms(folder), () => first.promise);
  const waiting = withLock(terms(folder), () => Promise.resolve("done"));
  await pause(5);
  // Whoever waits may put a file into it while it is being removed.
  await rm(folder, { recursive: true, maxRetries: 20, retryDelay: 1 });
  first.resolve();
  await working;
  expect(await waiting).toBe("done");
});
