import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ExtensionDescription } from "../../../../core/src/discovery/extension-description.js";
import { comparePlaces, type FolderEntry } from "../../../../core/src/discovery/folder-entry.js";
import { KnownExtensions, type Reconciliation } from "../../../../core/src/discovery/known-extensions.js";

const folderOf = (rank: number, name: string): string => `/root-${rank}/${name}`;

function good(rank: number, name: string, id: string, content = "1"): FolderEntry {
  const folder = folderOf(rank, name);
  const description: ExtensionDescription = {
    folder,
    root: `/root-${rank}`,
    rank,
    name,
    id,
    version: `${content}.0.0`,
    manifest: { id, version: `${content}.0.0` } as never,
    fingerprint: `${id} ${content} ${folder}`,
    problems: [],
  };
  return { kind: "extension", description };
}

function bad(rank: number, name: string, id?: string, content = "x"): FolderEntry {
  const folder = folderOf(rank, name);
  return {
    kind: "broken",
    broken: {
      folder,
      root: `/root-${rank}`,
      rank,
      name,
      id,
      fingerprint: `broken ${id} ${content} ${folder}`,
      problems: [],
    },
  };
}

const entryFolder = (entry: FolderEntry): string =>
  entry.kind === "extension" ? entry.description.folder : entry.broken.folder;

function feed(known: KnownExtensions, ...entries: FolderEntry[]): Reconciliation {
  return known.reconcile(new Map(entries.map((entry) => [entryFolder(entry), entry])));
}

function drop(known: KnownExtensions, ...folders: string[]): Reconciliation {
  return known.reconcile(new Map(folders.map((folder) => [folder, undefined])));
}

/** A reconciliation as words, so that a failing test reads well. */
function words(result: Reconciliation): string[] {
  return [
    ...result.delta.added.map((after) => `added ${after.id} ${after.folder}`),
    ...result.delta.changed.map(
      ({ before, after }) => `changed ${before.id} ${before.folder} to ${after.folder}`,
    ),
    ...result.delta.removed.map((before) => `removed ${before.id} ${before.folder}`),
    ...result.broken.map((held) => `broken ${held.id} ${held.entry.folder}`),
    ...result.repaired.map((after) => `repaired ${after.id} ${after.folder}`),
    ...result.shadowed.map((shadow) => `shadowed ${shadow.description.folder} by ${shadow.by}`),
    ...result.unshadowed.map((folder) => `unshadowed ${folder}`),
  ];
}

describe("KnownExtensions", () => {
  test("the same id with other content is changed", () => {
    const known = new KnownExtensions();
    feed(known, good(0, "a", "x"));
    expect(words(feed(known, good(0, "a", "x", "2")))).toEqual(["changed x /root-0/a to /root-0/a"]);
  });

  test("a folder that is read again without a difference gives nothing", () => {
    const known = new KnownExtensions();
    feed(known, good(0, "a", "x"));
    const result = feed(known, good(0, "a", "x"));
    expect([words(result), result.folders]).toEqual([[], []]);
  });

  test("a folder that keeps its place and takes another id is removed and added", () => {
    const known = new KnownExtensions();
    feed(known, good(0, "a", "x"));
    expect(words(feed(known, good(0, "a", "y")))).toEqual(["added y /root-0/a", "removed x /root-0/a"]);
  });

  test("a renamed folder is one change", () => {
    const known = new KnownExtensions();
    feed(known, good(0, "a", "x"));
    const result = known.reconcile(
      new Map([
        [folderOf(0, "a"), undefined],
        [folderOf(0, "b"), good(0, "b", "x")],
      ]),
    );
    expect(words(result)).toEqual(["changed x /root-0/a to /root-0/b"]);
  });

  test("the earlier root provides an id, then the smaller folder name, whoever came first", () => {
    const known = new KnownExtensions();
    feed(known, good(1, "a", "x"));
    expect(words(feed(known, good(0, "b", "x")))).toEqual([
      "changed x /root-1/a to /root-0/b",
      "shadowed /root-1/a by /root-0/b",
    ]);
    expect(words(feed(known, good(0, "B", "x")))).toEqual([
      "changed x /root-0/b to /root-0/B",
      "shadowed /root-0/b by /root-0/B",
      "shadowed /root-1/a by /root-0/B",
    ]);
  });

  test("a shadowed folder is told which folder comes first", () => {
    const known = new KnownExtensions();
    feed(known, good(0, "a", "x"), good(1, "a", "x"));
    expect(known.shadow(folderOf(1, "a"))?.problem).toMatchObject({
      code: "DISCOVERY_DUPLICATE_ID",
      file: "/root-1/a",
      message: "/root-1/a is not used: /root-0/a comes first and has the same id, x.",
      extensionId: "x",
    });
  });

  test("an id moves to the shadowed folder when the first one goes", () => {
    const known = new KnownExtensions();
    feed(known, good(0, "a", "x"), good(1, "a", "x"));
    expect(words(drop(known, folderOf(0, "a")))).toEqual([
      "changed x /root-0/a to /root-1/a",
      "unshadowed /root-1/a",
    ]);
  });

  test("a folder that breaks keeps the id it provided, before folders of lower precedence", () => {
    const known = new KnownExtensions();
    feed(known, good(0, "a", "x"), good(1, "a", "x"));
    expect(words(feed(known, bad(0, "a", "x")))).toEqual(["broken x /root-0/a"]);
    expect(known.provider("x")?.folder).toBe("/root-0/a");
  });

  test("a folder whose id can't be read any more keeps the id it provided", () => {
    const known = new KnownExtensions();
    feed(known, good(0, "a", "x"));
    expect(words(feed(known, bad(0, "a")))).toEqual(["broken x /root-0/a"]);
    expect(words(feed(known, bad(0, "a", undefined, "y")))).toEqual(["broken x /root-0/a"]);
    expect(words(feed(known, good(0, "a", "x", "2")))).toEqual(["changed x /root-0/a to /root-0/a"]);
  });

  test("a folder that is mended back to what it was is repaired, not changed", () => {
    const known = new KnownExtensions();
    feed(known, good(0, "a", "x"));
    feed(known, bad(0, "a"));
    expect(words(feed(known, good(0, "a", "x")))).toEqual(["repaired x /root-0/a"]);
  });

  test("a folder that breaks while it names another id gives up the one it provided", () => {
    const known = new KnownExtensions();
    feed(known, good(0, "a", "x"));
    expect(words(feed(known, bad(0, "a", "y")))).toEqual(["removed x /root-0/a"]);
  });

  test("a broken folder that was never good hides nothing", () => {
    const known = new KnownExtensions();
    feed(known, bad(0, "a", "x"));
    expect(words(feed(known, good(1, "a", "x")))).toEqual(["added x /root-1/a"]);
  });

  test("a broken folder that is removed gives up its id", () => {
    const known = new KnownExtensions();
    feed(known, good(0, "a", "x"));
    feed(known, bad(0, "a"));
    expect(words(drop(known, folderOf(0, "a")))).toEqual(["removed x /root-0/a"]);
  });

  test("a folder of higher precedence takes an id from a broken one", () => {
    const known = new KnownExtensions();
    feed(known, good(1, "a", "x"));
    feed(known, bad(1, "a", "x"));
    expect(words(feed(known, good(0, "a", "x")))).toEqual(["changed x /root-1/a to /root-0/a"]);
    expect(words(feed(known, good(1, "a", "x")))).toEqual(["shadowed /root-1/a by /root-0/a"]);
  });

  test("what is known after any edits, in any batches, is what a fresh start would find", () => {
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 25 }), (batches) => {
        const known = new KnownExtensions();
        const disk = new Map<string, FolderEntry>();
        const host = new Map<string, ExtensionDescription>();
        for (const batch of batches) {
          const before = new Map(host);
          const changes = new Map<string, FolderEntry | undefined>();
          for (const { folder, entry } of batch) {
            changes.set(folder, entry);
            if (entry) disk.set(folder, entry);
            else disk.delete(folder);
          }
          applyToHost(host, known.reconcile(changes));
          expect(contents(host)).toEqual(contents(expected(disk, before)));
          expect(contents(new Map([...known.providers()].map((each) => [each.id, each])))).toEqual(
            contents(host),
          );
          expect(shadows(known)).toEqual(expectedShadows(disk, host));
          expect([...known.entries()].map(entryFolder).sort()).toEqual([...disk.keys()].sort());
        }
        // With everything mended, nothing is left of the way it came about.
        const mended = new Map(
          [...disk].filter(([, entry]) => entry.kind === "broken").map(([key]) => [key, undefined]),
        );
        applyToHost(host, known.reconcile(mended));
        for (const folder of mended.keys()) disk.delete(folder);
        const fresh = new KnownExtensions();
        fresh.reconcile(disk);
        expect(contents(host)).toEqual(
          contents(new Map([...fresh.providers()].map((each) => [each.id, each]))),
        );
        expect(shadows(known)).toEqual(shadows(fresh));
      }),
      { numRuns: 400 },
    );
  });
});

const step = fc
  .record({
    rank: fc.integer({ min: 0, max: 1 }),
    name: fc.constantFrom("a", "b", "c"),
    id: fc.constantFrom("x", "y", "z"),
    content: fc.constantFrom("1", "2"),
    action: fc.constantFrom("good", "good", "bad", "bad without id", "gone"),
  })
  .map(({ rank, name, id, content, action }) => {
    const folder = folderOf(rank, name);
    if (action === "gone") return { folder, entry: undefined };
    if (action === "good") return { folder, entry: good(rank, name, id, content) };
    return { folder, entry: bad(rank, name, action === "bad" ? id : undefined, content) };
  });

/** What a host keeps; an id may be in one list only, and has to fit what was told before. */
function applyToHost(host: Map<string, ExtensionDescription>, result: Reconciliation): void {
  const seen = new Set<string>();
  const once = (id: string): void => {
    expect(seen.has(id)).toBe(false);
    seen.add(id);
  };
  for (const after of result.delta.added) {
    once(after.id);
    expect(host.has(after.id)).toBe(false);
    host.set(after.id, after);
  }
  for (const { before, after } of result.delta.changed) {
    once(after.id);
    expect(host.get(before.id)?.fingerprint).toBe(before.fingerprint);
    expect(after.fingerprint).not.toBe(before.fingerprint);
    host.set(after.id, after);
  }
  for (const before of result.delta.removed) {
    once(before.id);
    expect(host.delete(before.id)).toBe(true);
  }
  for (const held of result.broken) {
    once(held.id);
    expect(host.get(held.id)?.fingerprint).toBe(held.description.fingerprint);
  }
  for (const after of result.repaired) {
    once(after.id);
    expect(host.get(after.id)?.fingerprint).toBe(after.fingerprint);
  }
}

/** The rule, said naively over everything: the best good folder, unless a broken one keeps what it provided. */
function expected(
  disk: ReadonlyMap<string, FolderEntry>,
  before: ReadonlyMap<string, ExtensionDescription>,
): Map<string, ExtensionDescription> {
  const result = new Map<string, ExtensionDescription>();
  for (const entry of disk.values()) {
    if (entry.kind !== "extension") continue;
    const best = result.get(entry.description.id);
    if (!best || comparePlaces(entry.description, best) < 0)
      result.set(entry.description.id, entry.description);
  }
  for (const [id, description] of before) {
    const entry = disk.get(description.folder);
    if (entry?.kind !== "broken" || (entry.broken.id ?? id) !== id) continue;
    const best = result.get(id);
    if (!best || comparePlaces(description, best) < 0) result.set(id, description);
  }
  return result;
}

function expectedShadows(
  disk: ReadonlyMap<string, FolderEntry>,
  host: ReadonlyMap<string, ExtensionDescription>,
): string[] {
  return [...disk.values()]
    .flatMap((entry) => (entry.kind === "extension" ? [entry.description] : []))
    .filter(({ id, folder }) => host.get(id)?.folder !== folder)
    .map(({ id, folder }) => `${folder} by ${host.get(id)?.folder}`)
    .sort();
}

function shadows(known: KnownExtensions): string[] {
  return [...known.shadowed()].map(({ description, by }) => `${description.folder} by ${by}`).sort();
}

function contents(host: ReadonlyMap<string, ExtensionDescription>): string[] {
  return [...host].map(([id, { fingerprint }]) => `${id}: ${fingerprint}`).sort();
}
