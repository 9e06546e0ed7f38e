import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CommandContext } from "../../../../core/src/cli/command-context.js";
import { withProgress, type WorkOptions } from "../../../../core/src/cli/long-work.js";
import { Output } from "../../../../core/src/cli/output/output.js";
import { commandWorld } from "./command-world.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

/** Runs work that tells its progress every 400 ms, in a world of strings. */
async function told(
  options: { readonly json?: boolean; readonly columns?: number; readonly turns?: number } = {},
) {
  const world = commandWorld(options.columns === undefined ? {} : { columns: options.columns });
  const context = { io: world.io, output: new Output(world.io, { json: options.json === true }) };
  const result = await withProgress(context as CommandContext, "packing", ({ onProgress }: WorkOptions) => {
    for (let files = 1; files <= (options.turns ?? 20); files++) {
      vi.advanceTimersByTime(400);
      onProgress({ files, totalFiles: 2_000, bytes: files * 2 ** 20 });
    }
    return Promise.resolve("done");
  });
  expect(result).toBe("done");
  expect(world.stdout.text).toBe("");
  return world.stderr.text;
}

test("work that takes longer than some seconds says now and then how far it is", async () => {
  expect(await told()).toBe("packing: 13 of 2,000 files, 13 MB\n");
  expect(await told({ turns: 30 })).toBe(
    "packing: 13 of 2,000 files, 13 MB\npacking: 26 of 2,000 files, 26 MB\n",
  );
});

test("for whom it waits is said after a second", async () => {
  const world = commandWorld();
  const context = { io: world.io, output: new Output(world.io, { json: false }) };
  await withProgress(context as CommandContext, "installing", ({ onWait }: WorkOptions) => {
    for (let turn = 0; turn < 5; turn++) {
      vi.advanceTimersByTime(400);
      onWait(12);
    }
    return Promise.resolve();
  });
  expect(world.stderr.text).toBe("waiting for process 12, which installs into the same folder\n");
});

test("on a terminal it is one line, which is gone in the end", async () => {
  const lines = (await told({ columns: 80 })).split("\r\u001b[2K");
  expect(lines).toHaveLength(20);
  expect(lines[1]).toBe("packing: 3 of 2,000 files, 3.0 MB");
  expect(lines.at(-1)).toBe("");
});

test("a program is told nothing of it", async () => {
  expect(await told({ json: true })).toBe("");
});

test("a wish to stop reaches the work", async () => {
  const world = commandWorld();
  const context = { io: world.io, output: new Output(world.io, { json: false }) };
  const work = withProgress(
    context as CommandContext,
    "packing",
    ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
      }),
  );
  world.stop("SIGTERM");
  await expect(work).rejects.toMatchObject({ name: "StoppedError", reason: "SIGTERM" });
});
