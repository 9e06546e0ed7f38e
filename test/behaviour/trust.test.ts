/** Where trust is asked for, only what somebody trusted runs, and an update that nobody agreed to waits. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTestHost, eventually, type TestHost } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, ids, info, rejection } from "../support/extensions.js";

const english = (version = "1.0.0", more: object = {}) => aGreeter({ id: "acme.english", version, ...more });

async function askingHost(extensions = [english()]): Promise<TestHost> {
  const kit = await createTestHost({ start: "manual", extensions, trust: "asked", watch: true });
  await kit.host.start();
  return kit;
}

const waiting = (kit: TestHost) => info(kit.host, "acme.english").candidate?.reason?.code;

test("an extension that nobody trusted is listed as blocked and contributes nothing, until it is trusted", async () => {
  await using kit = await askingHost([english("1.0.0", { activationEvents: ["onStartup"] })]);
  expect(info(kit.host, "acme.english")).toMatchObject({
    state: "blocked",
    reason: { code: "UNTRUSTED" },
    generation: 1,
    contributes: {},
    problems: [],
    signature: { state: "unsigned" },
  });
  expect(ids(kit.host, "greeters")).toEqual([]);
  expect(await rejection(kit.host.activate("acme.english"))).toMatchObject({ code: "UNTRUSTED" });

  await kit.host.trust("acme.english");
  expect(info(kit.host, "acme.english")).toMatchObject({ state: "active", generation: 1 });
  expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");
});

test("an extension whose trust is taken back while it runs is taken down and unlisted", async () => {
  await using kit = await askingHost();
  await kit.host.trust("acme.english");
  await greet(kit.host, "english");

  await kit.host.untrust("acme.english");
  expect(info(kit.host, "acme.english")).toMatchObject({ state: "blocked", reason: { code: "UNTRUSTED" } });
  expect(ids(kit.host, "greeters")).toEqual([]);

  await kit.host.trust("acme.english");
  expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");
});

test("a changed extension waits while the old generation serves, until the change is trusted", async () => {
  await using kit = await askingHost();
  await kit.host.trust("acme.english");
  await greet(kit.host, "english");

  await kit.write(english("1.1.0"));
  await eventually(() => expect(waiting(kit)).toBe("UNTRUSTED"));
  expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");

  await kit.host.trust("acme.english");
  expect(await greet(kit.host, "english")).toBe("english 1.1.0: World");
  expect(info(kit.host, "acme.english").candidate).toBeUndefined();
});

test("changed code under the same manifest waits, too, and a crash does not let it in", async () => {
  const greeter = '{ greet: (name) => (name === "crash" ? process.exit(1) : name) }';
  const supplies = { greeters: { english: greeter } };
  await using kit = await askingHost([english("1.0.0", { manifest: { runtime: "worker" }, supplies })]);
  await kit.host.trust("acme.english");
  await greet(kit.host, "english");
  const file = join(kit.folder, "acme.english", "extension.js");
  const source = await readFile(file, "utf8");

  await writeFile(file, `${source}\n// changed`);
  await eventually(() => expect(waiting(kit)).toBe("UNTRUSTED"));
  expect(await greet(kit.host, "english")).toBe("World");
  expect(await rejection(greet(kit.host, "english", "crash"))).toMatchObject({ code: "EXTENSION_CRASHED" });
  await eventually(() =>
    expect(info(kit.host, "acme.english")).toMatchObject({ state: "blocked", reason: { code: "UNTRUSTED" } }),
  );
  expect(ids(kit.host, "greeters")).toEqual([]);

  await writeFile(file, source);
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("World"));
});

test("what depends on an extension goes down and comes back with the trust in it", async () => {
  await using kit = await askingHost([english(), aGreeter({ id: "acme.top", dependsOn: ["acme.english"] })]);
  await kit.host.trust("acme.top");
  expect(info(kit.host, "acme.top").reason?.message).toContain("Nobody has trusted acme.english");
  await kit.host.trust("acme.english");
  expect(await greet(kit.host, "top")).toBe("top 1.0.0: World");
  await kit.host.untrust("acme.english");
  expect(info(kit.host, "acme.top").state).toBe("blocked");
  await kit.host.trust("acme.english");
  await eventually(() => expect(info(kit.host, "acme.top").state).toBe("active"));
});

test("files that are tampered with before anything of them ran are refused at the first call, and unlisted", async () => {
  await using kit = await askingHost();
  await kit.host.trust("acme.english");
  await writeFile(join(kit.folder, "acme.english", "more.js"), "");
  expect(await rejection(greet(kit.host, "english"))).toMatchObject({ code: "UNTRUSTED" });
  await eventually(() => expect(ids(kit.host, "greeters")).toEqual([]));
});

test("a folder under development is trusted as such", async () => {
  await using outer = await createTestHost({ start: "manual" });
  await outer.write(english());
  const developed = join(outer.folder, "acme.english");
  await using kit = await createTestHost({ trust: "asked", developmentFolders: [developed] });
  expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");
});

test("what was trusted is remembered beside other state, and what can't be read trusts nothing", async () => {
  await using outer = await createTestHost({ start: "manual" });
  const stateFolder = join(outer.temporaryFolder, "state");
  await outer.write(english());
  const options = { trust: "asked" as const, stateFolder, extensionFolders: [outer.folder] };
  {
    await using kit = await createTestHost(options);
    await kit.host.trust("acme.english");
  }
  {
    await using kit = await createTestHost(options);
    expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");
  }
  await mkdir(stateFolder, { recursive: true });
  await writeFile(join(stateFolder, "trust.json"), '{"acme.english": {"digest": 1}}');
  await using kit = await createTestHost(options);
  expect(info(kit.host, "acme.english").reason?.code).toBe("UNTRUSTED");
  expect(kit.host.problems).toMatchObject([{ code: "STATE_UNREADABLE" }]);
});

test("keys that can't be read make nothing trusted, and the host says so", async () => {
  await using outer = await createTestHost({ start: "manual" });
  const keys = join(outer.temporaryFolder, "keys");
  await mkdir(keys);
  await writeFile(join(keys, "revoked.json"), "nobody");
  await using kit = await createTestHost({ keys, extensions: [english()] });
  expect(kit.host.problems).toMatchObject([{ code: "TRUST_RING_INVALID", file: keys }]);
  // Nobody asked for trust.
  expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");
});

test("a host that is stopped while it looks at its folders stops", async () => {
  const extensions = Array.from({ length: 40 }, (_none, index) => aGreeter({ id: `acme.e${index}` }));
  await using kit = await createTestHost({ start: "manual", extensions, trust: "asked" });
  const starting = kit.host.start();
  await eventually(() => expect(kit.host.extensions.size).toBe(40));
  await kit.host.stop();
  expect((await starting).outcomes).toEqual([]);
});
