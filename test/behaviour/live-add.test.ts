/** A folder that is dropped in becomes a feature of the running application. */
import { cp, mkdir, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { anExtension, createTestHost, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, ids, info, states } from "../support/extensions.js";

const english = aGreeter({ id: "acme.english" });

test("a folder moved in is callable while the host runs, as one change", async () => {
  await using kit = await createTestHost({ watch: true });

  await kit.write(english);
  await eventually(() => expect(ids(kit.host, "greeters")).toEqual(["english"]));
  expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");
  expect(kit.record.changes).toEqual([{ point: "greeters", added: ["english"], changed: [], removed: [] }]);
});

test("a folder copied in is callable while the host runs", async () => {
  await using kit = await createTestHost({ watch: true });
  const source = await english.writeTo(kit.temporaryFolder);

  await cp(source, join(kit.folder, "english"), { recursive: true });
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("english 1.0.0: World"));
});

test("a folder that leaves takes its contributions along and is deactivated", async () => {
  await using kit = await createTestHost({ watch: true, extensions: [english] });
  await greet(kit.host, "english");

  await kit.remove(english);
  await eventually(() => expect(states(kit.host)).toEqual({}));
  expect(ids(kit.host, "greeters")).toEqual([]);
  expect(kit.record.kinds("acme.english")).toEqual([
    "added",
    "activating",
    "activated",
    "removed",
    "deactivated",
  ]);
});

test("a folder that is renamed stays callable under its new place", async () => {
  await using kit = await createTestHost({ watch: true, extensions: [english] });

  await rename(join(kit.folder, "acme.english"), join(kit.folder, "elsewhere"));
  await eventually(() => expect(info(kit.host, "acme.english").folder).toBe(join(kit.folder, "elsewhere")));
  expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");
});

test("many folders dropped and removed at once are all seen", async () => {
  await using kit = await createTestHost({ watch: true });
  const many = Array.from({ length: 100 }, (_, i) => aGreeter({ id: `acme.g${i}` }));

  await kit.write(...many);
  await eventually(() => expect(kit.host.extensions.size).toBe(100));
  await Promise.all(many.slice(0, 60).map((extension) => extension.removeFrom(kit.folder)));
  await eventually(() => expect(kit.host.extensions.size).toBe(40));
  expect(ids(kit.host, "greeters")).toHaveLength(40);
});

test("names that start with a dot, node_modules and plain files are never extensions", async () => {
  await using kit = await createTestHost({
    extensions: [
      aGreeter({ id: "acme.hidden", folder: ".hidden" }),
      aGreeter({ id: "acme.modules", folder: "node_modules" }),
    ],
  });

  expect(kit.host.extensions.size).toBe(0);
  expect(kit.host.problems).toEqual([]);
});

test("an extension folder that is missing is waited for and reported once", async () => {
  await using around = await createTestHost({ start: "manual" });
  const missing = join(around.temporaryFolder, "not", "yet");
  await using kit = await createTestHost({ watch: true, extensionFolders: [missing] });
  expect(kit.host.problems).toMatchObject([{ code: "DISCOVERY_FOLDER_MISSING", file: missing }]);

  await mkdir(missing, { recursive: true });
  await english.writeTo(missing);
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("english 1.0.0: World"));
  // The folder counts as missing until it is listed again; what lies in it may be known sooner.
  await eventually(() => expect(kit.host.problems).toEqual([]));
});

test("an extension folder that is removed and comes back is followed again", async () => {
  await using kit = await createTestHost({ watch: true, extensions: [english] });

  await rm(kit.folder, { recursive: true });
  await eventually(() => expect(ids(kit.host, "greeters")).toEqual([]));
  await mkdir(kit.folder);
  await kit.write(english);
  await eventually(() => expect(ids(kit.host, "greeters")).toEqual(["english"]));
  await kit.write(english.with({ version: "1.1.0" }));
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("english 1.1.0: World"));
});

test("a linked folder is an extension, and a link that leads nowhere becomes one when its target comes", async () => {
  await using kit = await createTestHost({ watch: true });
  const target = join(kit.temporaryFolder, "acme.english");

  await symlink(target, join(kit.folder, "link"));
  await eventually(() =>
    expect(kit.host.problems.map(({ code }) => code)).toEqual(["DISCOVERY_LINK_DANGLING"]),
  );
  await english.writeTo(kit.temporaryFolder);
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("english 1.0.0: World"));
  expect(kit.host.problems).toEqual([]);
});

test("a clash of extension ids goes to the first folder by precedence, whatever the order of arrival", async () => {
  await using later = await createTestHost({ start: "manual" });
  const first = aGreeter({ id: "acme.english", folder: "a", version: "1.0.1" });
  await using kit = await createTestHost({ extensionFolders: [later.folder] });
  await aGreeter({ id: "acme.english", folder: "0", version: "1.0.3" }).writeTo(later.folder);
  await kit.host.rescan();
  expect(await greet(kit.host, "english")).toBe("english 1.0.3: World");

  await kit.write(aGreeter({ id: "acme.english", folder: "b", version: "1.0.2" }));
  await kit.host.rescan();
  expect(await greet(kit.host, "english")).toBe("english 1.0.2: World");
  await kit.write(first);
  await kit.host.rescan();
  expect(await greet(kit.host, "english")).toBe("english 1.0.1: World");

  const shadowed = [...kit.host.extensions].filter(({ reason }) => reason?.code === "SHADOWED");
  expect(shadowed.map(({ folder, state }) => [folder.split("/").at(-1), state]).sort()).toEqual([
    ["0", "blocked"],
    ["b", "blocked"],
  ]);
  expect(shadowed[0]?.problems.map(({ code }) => code)).toEqual(["DISCOVERY_DUPLICATE_ID"]);

  await kit.remove(first);
  await kit.host.rescan();
  expect(await greet(kit.host, "english")).toBe("english 1.0.2: World");
});

test("a development folder is one extension and wins over all others", async () => {
  await using place = await createTestHost({ start: "manual" });
  const folder = await english.with({ version: "2.0.0" }).writeTo(place.temporaryFolder);
  await using kit = await createTestHost({ developmentFolders: [folder], extensions: [english] });

  expect(await greet(kit.host, "english")).toBe("english 2.0.0: World");
});

test("a broken manifest hides no other extension and is listed with its place", async () => {
  await using kit = await createTestHost({
    extensions: [
      english,
      anExtension({ id: "acme.broken", manifestText: "{\n  id: 'acme.broken',\n  version: ,\n}\n" }),
    ],
  });

  expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");
  const broken = [...kit.host.extensions].find(({ state }) => state === "invalid");
  expect(broken?.problems).toMatchObject([{ code: "MANIFEST_SYNTAX", line: 3, column: 12 }]);
});

test("an extension that asks for another version of Plugboard is refused", async () => {
  await using kit = await createTestHost({
    extensions: [english.with({ manifest: { engines: { plugboard: "^99.0.0" } } })],
  });

  expect(info(kit.host, "acme.english")).toMatchObject({
    state: "invalid",
    problems: [{ code: "MANIFEST_INCOMPATIBLE" }],
  });
});
