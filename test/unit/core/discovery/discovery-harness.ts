/**
 * A folder on a real disk with a discovery that follows it. Waits for conditions, never for a time alone; keeps a
 * set of ids by applying the deltas, as a host does, so that a wrong delta shows.
 */
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import JSON5 from "json5";
import type { ExtensionManifest } from "@plugboard/schemas";
import { onTestFinished } from "vitest";
import type { ExtensionDescription } from "../../../../core/src/discovery/extension-description.js";
import {
  ExtensionDiscovery,
  type DiscoveryChange,
  type DiscoveryOptions,
} from "../../../../core/src/discovery/extension-discovery.js";
import type { ManifestParser } from "../../../../core/src/discovery/folder-entry.js";

/** Reads a manifest with json5 and asks for an id and a version, nothing else. */
export const parseWithJson5: ManifestParser = ({ text, file }) => {
  try {
    const manifest = JSON5.parse(text) as { id?: string; version?: string };
    const { id, version } = manifest;
    const facts = { ...(id === undefined ? {} : { id }), ...(version === undefined ? {} : { version }) };
    if (id !== undefined && version !== undefined) {
      return {
        ...facts,
        manifest: manifest as ExtensionManifest,
        outline: manifest as ExtensionManifest,
        problems: [],
      };
    }
    return {
      ...facts,
      problems: [{ code: "MANIFEST_INVALID", severity: "error", file, message: "id or version is missing" }],
    };
  } catch (error) {
    return { problems: [{ code: "MANIFEST_SYNTAX", severity: "error", file, message: String(error) }] };
  }
};

/** A new empty folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "plugboard-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes the file and the folders it lies in. */
export function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Writes an extension's folder. */
export function writeExtension(folder: string, id: string, version = "1.0.0"): void {
  write(join(folder, "plugin.json5"), manifestText(id, version));
}

/** The text of a manifest. */
export function manifestText(id: string, version = "1.0.0"): string {
  return `{ manifestVersion: 1, id: "${id}", version: "${version}" }\n`;
}

/** Replaces a file as careful editors do: written aside, then renamed over it. */
export function saveByRename(file: string, text: string): void {
  writeFileSync(`${file}.tmp`, text);
  renameSync(`${file}.tmp`, file);
}

/** Polls until the condition holds; fails with what it last answered. */
export async function until(condition: () => unknown, what: () => unknown = () => undefined): Promise<void> {
  const end = performance.now() + 10_000;
  while (performance.now() < end) {
    if (condition()) return;
    await delay(5);
  }
  throw new Error(
    `waited 10 s for ${condition.toString()}; last seen ${JSON.stringify(what(), undefined, 1)}`,
  );
}

/** A discovery together with what a host would make of its deltas. */
export class DiscoveryHarness {
  readonly discovery: ExtensionDiscovery;
  readonly changes: DiscoveryChange[] = [];
  readonly errors: unknown[] = [];
  readonly #running = new Map<string, ExtensionDescription>();

  constructor(options: Omit<DiscoveryOptions, "parse"> & { parse?: ManifestParser }) {
    this.discovery = new ExtensionDiscovery({
      parse: parseWithJson5,
      onInternalError: (error) => this.errors.push(error),
      ...options,
    });
    this.discovery.onDidChange((change) => this.take(change));
    onTestFinished(() => this.discovery.close());
  }

  /** Scans, watches and waits until events are trusted. */
  static async watching(
    options: ConstructorParameters<typeof DiscoveryHarness>[0],
  ): Promise<DiscoveryHarness> {
    const harness = new DiscoveryHarness(options);
    harness.take(harness.discovery.scan());
    harness.discovery.watch();
    await harness.discovery.ready;
    return harness;
  }

  /** Applies a change and refuses one that contradicts what was told before. */
  take(change: DiscoveryChange): void {
    this.changes.push(change);
    for (const description of change.delta.added) {
      if (this.#running.has(description.id)) this.errors.push(new Error(`${description.id} was added twice`));
      this.#running.set(description.id, description);
    }
    for (const { before, after } of change.delta.changed) {
      if (this.#running.get(before.id) !== before)
        this.errors.push(new Error(`${before.id} was not known so`));
      this.#running.set(after.id, after);
    }
    for (const description of change.delta.removed) {
      if (!this.#running.delete(description.id))
        this.errors.push(new Error(`${description.id} was not there`));
    }
  }

  /** What runs now, as `id@version folder-name`, in order. */
  get running(): string[] {
    return [...this.#running.values()].map(({ id, version, name }) => `${id}@${version} ${name}`).sort();
  }

  /** Codes of the findings about the extension folders. */
  get problemCodes(): string[] {
    return this.discovery.problems().map((problem) => problem.code);
  }

  /** Deltas seen since the given number of changes, as words. */
  deltasSince(count: number): string[] {
    return this.changes
      .slice(count)
      .flatMap(({ delta, broken, repaired }) => [
        ...delta.added.map(({ id }) => `added ${id}`),
        ...delta.changed.map(({ after }) => `changed ${after.id}`),
        ...delta.removed.map(({ id }) => `removed ${id}`),
        ...broken.map(({ id }) => `broken ${id}`),
        ...repaired.map(({ id }) => `repaired ${id}`),
      ]);
  }

  /** Waits until exactly these run. */
  async untilRunning(...expected: string[]): Promise<void> {
    const wanted = JSON.stringify(expected.sort());
    await until(
      () => JSON.stringify(this.running) === wanted,
      () => ({ running: this.running, wanted: expected, problems: this.problemCodes }),
    );
    if (this.errors.length > 0) throw new AggregateError(this.errors, String(this.errors[0]));
  }
}
