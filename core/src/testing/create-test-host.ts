/**
 * A host for one test: started, on a folder of its own, and gone without a trace afterwards. Stands on
 * the public index only, and on no test framework.
 */
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createExtensionHost,
  greeters,
  transformers,
  type ExtensionHost,
  type HostLimits,
  type HostOptions,
  type StartReport,
} from "../index.js";
import type { ExtensionFixture } from "./extension-fixture.js";
import { recordEvents, type EventRecord } from "./record-events.js";

/**
 * What {@link createTestHost} is told: a host's own options, and what is there from the start. An extension tests itself
 * as one of the `developmentFolders`, where it lies.
 *
 * @example
 * import { test } from "node:test"; // or any other test runner
 * import { fileURLToPath } from "node:url";
 *
 * test("greets by name", async (t) => {
 *   const extension = fileURLToPath(new URL("..", import.meta.url));
 *   const kit = await createTestHost({ developmentFolders: [extension] });
 *   t.after(() => kit.dispose());
 *   assert.deepEqual(kit.report.problems, []);
 *   const greeter = kit.host.contributions(greeters).get("english");
 *   assert.equal(await greeter?.greet("World"), "Hello, World!");
 * });
 *
 * @public
 */
export interface TestHostOptions extends HostOptions {
  /** Written into the folder before the host starts. */
  readonly extensions?: readonly ExtensionFixture[];
  /** `"manual"` leaves it to the test to call `host.start()`. */
  readonly start?: "at-once" | "manual";
}

/** A host with its folder. Dispose it: with `await using` where Node knows it, from 24 on. @public */
export interface TestHost {
  /** The host. */
  readonly host: ExtensionHost;
  /** A fresh extension folder, the first the host looks at. */
  readonly folder: string;
  /** A fresh folder around it, for anything else the test needs; removed at the end. */
  readonly temporaryFolder: string;
  /** Everything the host told since before its start. */
  readonly record: EventRecord;
  /** What came of the start. */
  readonly report: StartReport;
  /** Writes an extension into the folder, whole. */
  write(...extensions: readonly ExtensionFixture[]): Promise<void>;
  /** Removes extensions from the folder. */
  remove(...extensions: readonly ExtensionFixture[]): Promise<void>;
  /**
   * Stops the host and removes the folders. Rejects, after all of it, if the host could not stop, left an
   * extension running, or recorded a mistake of its own (`INTERNAL`).
   */
  dispose(): Promise<void>;
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Limits a test can wait for; what {@link createTestHost} uses unless told otherwise. @public */
export const testLimits: HostLimits = Object.freeze({
  activateMs: 3_000,
  startTurnMs: 20_000,
  deactivateMs: 2_000,
  callMs: 5_000,
  drainMs: 2_000,
  stopMs: 3_000,
  dependencyMs: 3_000,
  queuedCalls: 10_000,
  callBytes: 16 * 1024 * 1024,
  incompleteMs: 300,
  unresponsiveMs: 1_000,
  memoryBytes: 256 * 1024 * 1024,
  retryMs: 20,
});

/**
 * Starts a host on a fresh folder in the system's temporary folder. Greeters and transformers are open,
 * beside the points given; limits are short ({@link testLimits}); further extension folders come after
 * the fresh one. With `strictBoundaries` a test also finds what would not reach a worker or process.
 *
 * @example
 * await using test = await createTestHost({
 *   extensions: [
 *     anExtension({
 *       id: "acme.english",
 *       contributes: { greeters: [{ id: "english", lang: "English" }] },
 *       supplies: { greeters: { english: "{ greet: (name) => `Hello, ${name}!` }" } },
 *     }),
 *   ],
 * });
 * assert.equal(await test.host.contributions(greeters).get("english")?.greet("World"), "Hello, World!");
 *
 * @public
 */
export async function createTestHost(options: TestHostOptions = {}): Promise<TestHost> {
  const { extensions = [], start = "at-once", ...hostOptions } = options;
  // The real path, since the system's own temporary folder may be a link and paths are compared as text.
  const temporaryFolder = await realpath(await mkdtemp(join(tmpdir(), "plugboard-test-")));
  const folder = join(temporaryFolder, "extensions");
  await mkdir(folder);
  const write = async (...fixtures: readonly ExtensionFixture[]) => {
    for (const fixture of fixtures) await fixture.writeTo(folder);
  };
  await write(...extensions);
  const host = createExtensionHost({
    ...hostOptions,
    extensionFolders: [folder, ...(options.extensionFolders ?? [])],
    points: withoutRepeats([greeters, transformers, ...(options.points ?? [])]),
    limits: { ...testLimits, ...options.limits },
  });
  const record = recordEvents(host);
  const dispose = async () => {
    const faults = await stopStrictly(host, record);
    record.dispose();
    await rm(temporaryFolder, { recursive: true, force: true });
    if (faults.length === 1) throw faults[0];
    if (faults.length > 1) throw new AggregateError(faults, "The host did not end cleanly.");
  };
  let report: StartReport | undefined;
  if (start === "at-once") {
    try {
      report = await host.start();
    } catch (error) {
      await dispose().catch(() => undefined);
      throw error;
    }
  }
  return {
    host,
    folder,
    temporaryFolder,
    record,
    get report() {
      if (report === undefined) throw new TypeError("The test has not left the start to createTestHost.");
      return report;
    },
    write,
    remove: async (...fixtures) => {
      for (const fixture of fixtures) await fixture.removeFrom(folder);
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

function withoutRepeats(points: NonNullable<HostOptions["points"]>): NonNullable<HostOptions["points"]> {
  return [...new Set(points)];
}

/** An extension whose `deactivate` hangs stays in deactivating: nothing in this process can end it. */
const running: ReadonlySet<string> = new Set(["activating", "active"]);

async function stopStrictly(host: ExtensionHost, record: EventRecord): Promise<readonly unknown[]> {
  const faults: unknown[] = [];
  try {
    await host.stop();
  } catch (error) {
    faults.push(error);
  }
  for (const { id, state } of host.extensions) {
    if (running.has(state)) faults.push(new Error(`${String(id)} is ${state} after the stop.`));
  }
  for (const { problem, id } of record.events) {
    if (problem?.code === "INTERNAL") faults.push(new Error(`${String(id)}: ${problem.message}`));
  }
  for (const problem of host.problems) {
    if (problem.code === "INTERNAL") faults.push(new Error(problem.message));
  }
  return faults;
}
