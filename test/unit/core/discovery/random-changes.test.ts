/**
 * Does random things to a real folder, faster than any person would, and compares what is known by events with what
 * a fresh look finds. Which things, and in which order, is fast-check's choice, so a seed brings a failure back.
 */
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { placeOf } from "../../../../core/src/discovery/folder-entry.js";
import { ExtensionDiscovery } from "../../../../core/src/discovery/extension-discovery.js";
import {
  DiscoveryHarness,
  manifestText,
  parseWithJson5,
  saveByRename,
  temporaryFolder,
  until,
  writeExtension,
} from "./discovery-harness.js";

const names = ["a", "b", "c", "d", "e", "f"] as const;
const targets = ["one", "two"] as const;

const step = fc.record({
  kind: fc.constantFrom(
    ...([
      "write",
      "write",
      "save",
      "break",
      "remove",
      "remove",
      "rename",
      "swap",
      "move out",
      "move in",
    ] as const),
    ...([
      "copy",
      "link",
      "link",
      "edit target",
      "replace target",
      "relink manifest",
      "replace root",
    ] as const),
  ),
  name: fc.constantFrom(...names),
  other: fc.constantFrom(...names),
  target: fc.constantFrom(...targets),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const bursts = fc.array(fc.array(step, { minLength: 1, maxLength: 8 }), { minLength: 2, maxLength: 4 });

/** A folder of extensions and what lies around it, with everything that people and tools do to them. */
class Playground {
  readonly root: string;
  readonly #around = temporaryFolder();
  #version = 0;

  constructor() {
    this.root = join(this.#around, "extensions");
    mkdirSync(this.root);
    for (const target of targets) writeExtension(join(this.#around, target), `acme.${target}`);
  }

  take({ kind, name, other, target }: Step): void {
    const folder = join(this.root, name);
    const manifest = join(folder, "plugin.json5");
    const outside = join(this.#around, `out-${other}`);
    const behind = join(this.#around, target);
    const text = manifestText(`acme.${name}`, `1.0.${++this.#version}`);
    const isFolder = existsSync(folder) && lstatSync(folder).isDirectory();
    switch (kind) {
      case "write":
        if (exists(folder) && !existsSync(folder)) break;
        mkdirSync(folder, { recursive: true });
        if (!exists(manifest) || existsSync(manifest)) writeFileSync(manifest, text);
        break;
      case "save":
        if (isFolder) saveByRename(manifest, text);
        break;
      case "break":
        if (existsSync(manifest)) writeFileSync(manifest, text.slice(0, 20));
        break;
      case "remove":
        rmSync(folder, { recursive: true, force: true });
        break;
      case "rename":
        if (exists(folder) && !exists(join(this.root, other))) renameSync(folder, join(this.root, other));
        break;
      case "swap":
        if (name === other || !exists(folder) || !exists(join(this.root, other))) break;
        renameSync(folder, join(this.root, ".swap"));
        renameSync(join(this.root, other), folder);
        renameSync(join(this.root, ".swap"), join(this.root, other));
        break;
      case "move out":
        if (exists(folder) && !exists(outside)) renameSync(folder, outside);
        break;
      case "move in":
        if (exists(outside) && !exists(folder)) renameSync(outside, folder);
        break;
      case "copy":
        if (isFolder && !exists(join(this.root, other)))
          cpSync(folder, join(this.root, other), { recursive: true, verbatimSymlinks: true });
        break;
      case "link":
        if (exists(folder) && !isFolder) unlinkSync(folder);
        if (!exists(folder)) symlinkSync(behind, folder);
        break;
      case "edit target":
        if (existsSync(behind)) saveByRename(join(behind, "plugin.json5"), text);
        break;
      case "replace target":
        rmSync(behind, { recursive: true, force: true });
        if (name < other) writeExtension(behind, `acme.${target}`, `2.0.${this.#version}`);
        break;
      case "relink manifest":
        if (!isFolder) break;
        rmSync(manifest, { force: true });
        symlinkSync(join(behind, "plugin.json5"), manifest);
        break;
      case "replace root": {
        const last = join(this.#around, `last-${this.#version}`);
        renameSync(this.root, last);
        if (name < other) cpSync(last, this.root, { recursive: true, verbatimSymlinks: true });
        else mkdirSync(this.root);
        break;
      }
    }
  }

  /** Edits whatever can be edited, so that a folder that is watched no more shows. */
  editAll(): void {
    for (const name of names) this.take({ kind: "write", name, other: name, target: "one" });
    for (const target of targets) this.take({ kind: "edit target", name: "a", other: "a", target });
  }
}

test(
  "what is known by events is what a fresh look finds, whatever happens to the folders",
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(bursts, async (rounds) => {
        const playground = new Playground();
        const harness = await DiscoveryHarness.watching({ folders: [playground.root] });
        for (const steps of rounds) {
          for (const one of steps) playground.take(one);
          await untilSame(harness, playground.root);
        }
        playground.editAll();
        await untilSame(harness, playground.root);
        expect(harness.errors).toEqual([]);
        await harness.discovery.close();
      }),
      // A failure is told with its seed; `seed` and `path` here bring it back.
      { numRuns: 100, endOnFailure: true, interruptAfterTimeLimit: 10_000 },
    );
  },
);

async function untilSame(harness: DiscoveryHarness, root: string): Promise<void> {
  const fresh = new ExtensionDiscovery({ folders: [root], parse: parseWithJson5 });
  fresh.scan();
  const wanted = contentOf(fresh);
  await until(
    () => JSON.stringify(contentOf(harness.discovery)) === JSON.stringify(wanted),
    () => ({ known: contentOf(harness.discovery), wanted }),
  );
}

function contentOf(discovery: ExtensionDiscovery): string[] {
  const folders = [...discovery.entries()].map(
    (entry) => `${entry.kind} ${placeOf(entry).name} ${placeOf(entry).fingerprint}`,
  );
  const problems = discovery.problems().map(({ code, file }) => `${code} ${file}`);
  return [...folders, ...problems].sort();
}

/** Whether anything bears the name, a link that leads nowhere too. */
function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
