/** What an extension keeps, and for how long. */
import { join } from "node:path";
import { createTestHost } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet } from "../support/extensions.js";

const keeper = aGreeter({
  id: "acme.keeper",
  head: `let own;`,
  supplies: {
    greeters: {
      keeper: `{ async greet(name) {
        const { storage, secrets } = own;
        const seen = (await storage.get("seen")) ?? [];
        const before = await secrets.get("key");
        await storage.set("seen", [...seen, name]);
        await secrets.set("key", "secret of " + name);
        seen.push("a change of the copy");
        return JSON.stringify({ seen: await storage.get("seen"), keys: await storage.keys(), before });
      } }`,
    },
  },
  activate: `own = context;`,
});

test("storage and secrets last across generations, and hand out copies", async () => {
  await using kit = await createTestHost({ extensions: [keeper] });
  await greet(kit.host, "keeper", "one");
  await kit.host.reload("acme.keeper");

  expect(JSON.parse(await greet(kit.host, "keeper", "two"))).toEqual({
    seen: ["one", "two"],
    keys: ["seen"],
    before: "secret of one",
  });
});

test("storage and secrets last across hosts with one state folder", async () => {
  await using place = await createTestHost({ start: "manual" });
  const stateFolder = join(place.temporaryFolder, "state");
  {
    await using kit = await createTestHost({ stateFolder, extensions: [keeper] });
    await greet(kit.host, "keeper", "one");
  }
  await using kit = await createTestHost({ stateFolder, extensions: [keeper] });

  expect(JSON.parse(await greet(kit.host, "keeper", "two"))).toMatchObject({
    seen: ["one", "two"],
    before: "secret of one",
  });
});

test("two hosts that share a state folder keep what each of them stores, and find it at once", async () => {
  const shelf = aGreeter({
    id: "acme.shelf",
    head: `let own;`,
    supplies: {
      greeters: {
        shelf: `{ async greet(name) {
          await Promise.all([own.storage.set(name, name), own.secrets.set(name, "secret of " + name)]);
          const names = (await own.storage.keys()).sort();
          return JSON.stringify(await Promise.all(names.map((one) => own.secrets.get(one))));
        } }`,
      },
    },
    activate: `own = context;`,
  });
  await using place = await createTestHost({ start: "manual" });
  const options = { stateFolder: join(place.temporaryFolder, "state"), extensions: [shelf] };
  await using one = await createTestHost(options);
  await using two = await createTestHost(options);
  await Promise.all(
    ["a", "b", "c"].flatMap((name) => [greet(one.host, "shelf", name), greet(two.host, "shelf", `${name}2`)]),
  );

  const kept = ["a", "a2", "b", "b2", "c", "c2", "d"].map((name) => `secret of ${name}`);
  expect(JSON.parse(await greet(one.host, "shelf", "d"))).toEqual(kept);
  expect(JSON.parse(await greet(two.host, "shelf", "d"))).toEqual(kept);
});

test("storage belongs to its extension alone", async () => {
  await using kit = await createTestHost({
    extensions: [
      keeper,
      keeper.with({
        id: "acme.keeper2",
        contributes: { greeters: [{ id: "keeper2", lang: "K" }] },
        supplies: { greeters: { keeper2: keeper.sketch.supplies?.["greeters"]?.["keeper"] ?? "" } },
      }),
    ],
  });
  await greet(kit.host, "keeper", "one");

  expect(JSON.parse(await greet(kit.host, "keeper2", "two"))).toEqual({
    seen: ["two"],
    keys: ["seen"],
  });
});

test("without a state folder a new host remembers nothing", async () => {
  {
    await using kit = await createTestHost({ extensions: [keeper] });
    await greet(kit.host, "keeper", "one");
  }
  await using kit = await createTestHost({ extensions: [keeper] });

  expect(JSON.parse(await greet(kit.host, "keeper", "two"))).toMatchObject({ seen: ["two"] });
});

test("the next host on the same state folder sees what changed while none ran", async () => {
  await using place = await createTestHost({ start: "manual" });
  const stateFolder = join(place.temporaryFolder, "state");
  const english = aGreeter({ id: "acme.english" });
  const spanish = aGreeter({ id: "acme.spanish" });
  await english.writeTo(place.folder);
  await spanish.writeTo(place.folder);
  const options = { stateFolder, extensionFolders: [place.folder] };
  {
    await using kit = await createTestHost(options);
    expect(kit.host.extensions.size).toBe(2);
  }
  await spanish.removeFrom(place.folder);
  await english.with({ version: "1.0.1" }).writeTo(place.folder);
  await aGreeter({ id: "acme.french" }).writeTo(place.folder);
  await using kit = await createTestHost(options);

  expect([...kit.host.extensions].map(({ id, version }) => [id, version])).toEqual([
    ["acme.english", "1.0.1"],
    ["acme.french", "1.0.0"],
  ]);
  expect(await greet(kit.host, "english")).toBe("english 1.0.1: World");
});

test("a key that every object has holds nothing until something is stored under it", async () => {
  const odd = aGreeter({
    id: "acme.odd",
    head: `let own;`,
    supplies: {
      greeters: {
        odd: `{ async greet(name) {
          const before = [await own.storage.get(name), await own.secrets.get(name)];
          await own.storage.set(name, "stored");
          return JSON.stringify([before, await own.storage.get(name)]);
        } }`,
      },
    },
    activate: `own = context;`,
  });
  await using kit = await createTestHost({ extensions: [odd] });

  for (const key of ["constructor", "__proto__"])
    expect(JSON.parse(await greet(kit.host, "odd", key))).toEqual([[null, null], "stored"]);
});
