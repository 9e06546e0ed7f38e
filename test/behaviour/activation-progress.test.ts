/** Whoever wants an extension active waits for what is under way, and never keeps the event loop from its turn. */
import { createTestHost, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info, rejection } from "../support/extensions.js";
import { FragileRuntime, type FragileSession } from "../support/fragile-runtime.js";
import { gate, journal, shared } from "../support/shared.js";

const english = aGreeter({ id: "acme.english" });

test("a manifest that changes while its extension waits for a dependency is the one that runs", async () => {
  const base = gate();
  const dependent = aGreeter({ id: "acme.dependent", dependsOn: ["acme.base"] });
  await using kit = await createTestHost({
    extensions: [aGreeter({ id: "acme.base", activate: `await ${base.code};` }), dependent],
  });
  const call = greet(kit.host, "dependent");
  await eventually(() => expect(info(kit.host, "acme.base").state).toBe("activating"));

  await kit.write(dependent.with({ version: "1.1.0" }));
  const rescan = kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.dependent").version).toBe("1.1.0"));
  base.open();

  expect(await call).toBe("dependent 1.1.0: World");
  await rescan;
});

test("a manifest that breaks while its extension waits for a dependency is shown when it has arrived", async () => {
  const base = gate();
  const dependent = aGreeter({ id: "acme.dependent", dependsOn: ["acme.base"] });
  await using kit = await createTestHost({
    limits: { incompleteMs: 1 },
    extensions: [aGreeter({ id: "acme.base", activate: `await ${base.code};` }), dependent],
  });
  const call = greet(kit.host, "dependent");
  await eventually(() => expect(info(kit.host, "acme.base").state).toBe("activating"));

  await kit.write(dependent.with({ manifestText: `{ id: "acme.dependent", version: }` }));
  await kit.host.rescan();
  base.open();

  expect(await call).toBe("dependent 1.0.0: World");
  await eventually(() => expect(info(kit.host, "acme.dependent").candidate?.state).toBe("invalid"));
});

/** Waits with its second activation as version 1.0.0 until the gate is open. */
function slowToRestore() {
  const restoration = gate();
  const begun = shared({ times: 0 });
  const server = english.with({
    manifest: { update: "replace" },
    activate: `if (context.extension.version === "1.0.0" && ++${begun.code}.times > 1) await ${restoration.code};`,
  });
  return { server, restoration };
}

test("an event during the restoration of an old generation waits for it", async () => {
  const { server, restoration } = slowToRestore();
  await using kit = await createTestHost({ extensions: [server] });
  await greet(kit.host, "english");

  await kit.write(server.with({ version: "2.0.0", activate: `throw new Error("no luck");` }));
  const rescan = kit.host.rescan();
  await eventually(() =>
    expect(info(kit.host, "acme.english")).toMatchObject({ state: "activating", version: "1.0.0" }),
  );
  const activation = kit.host.activate("acme.english");
  setImmediate(() => restoration.open());

  await activation;
  expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");
  await rescan;
});

test("a change while an old generation is restored is not dropped", async () => {
  const { server, restoration } = slowToRestore();
  await using kit = await createTestHost({ extensions: [server] });
  await greet(kit.host, "english");

  await kit.write(server.with({ version: "2.0.0", activate: `throw new Error("no luck");` }));
  const first = kit.host.rescan();
  await eventually(() =>
    expect(info(kit.host, "acme.english")).toMatchObject({ state: "activating", version: "1.0.0" }),
  );
  await kit.write(server.with({ version: "3.0.0" }));
  const second = kit.host.rescan();
  setTimeout(() => restoration.open(), 50);

  await eventually(async () => expect(await greet(kit.host, "english")).toBe("english 3.0.0: World"));
  await Promise.all([first, second]);
});

test("a change while the next generation replaces the one before is not dropped", async () => {
  const second = gate();
  const log = journal();
  const server = english.with({ manifest: { update: "replace" } });
  await using kit = await createTestHost({ extensions: [server] });
  await greet(kit.host, "english");

  await kit.write(server.with({ version: "2.0.0", activate: `${log.says("two")} await ${second.code};` }));
  const rescan = kit.host.rescan();
  await eventually(() => expect(log.lines).toEqual(["two"]));
  await kit.write(server.with({ version: "3.0.0" }));
  const again = kit.host.rescan();
  setTimeout(() => second.open(), 50);

  await eventually(async () => expect(await greet(kit.host, "english")).toBe("english 3.0.0: World"));
  await Promise.all([rescan, again]);
});

test("a call to a dependent that has gone down waits until its provider has as well", async () => {
  const stop = gate();
  const log = journal();
  await using kit = await createTestHost({
    extensions: [
      english.with({ deactivate: `${log.says("stopping")} await ${stop.code};` }),
      aGreeter({ id: "acme.dependent", dependsOn: ["acme.english"] }),
    ],
  });
  await greet(kit.host, "dependent");
  const deactivation = kit.host.deactivate("acme.english");
  await eventually(() => expect(log.lines).toEqual(["stopping"]));
  const call = greet(kit.host, "dependent");
  const activation = kit.host.activate("acme.dependent");
  stop.open();

  expect(await call).toBe("dependent 1.0.0: World");
  await activation;
  await deactivation;
});

const fragile = aGreeter({ id: "acme.fragile", manifest: { runtime: "fragile" } });

test("a call to a dependent that crashed while its provider was replaced in vain is told of the provider", async () => {
  const snapshot = gate();
  const begun = shared({ times: 0 });
  const log = journal();
  const server = english.with({
    manifest: { update: "replace" },
    activate: `if (++${begun.code}.times > 1) throw new Error("no luck");`,
    head: `export async function saveState() { ${log.says("saving")} await ${snapshot.code}; return { version: 1, value: 1 }; }`,
  });
  const runtime = new FragileRuntime();
  await using kit = await createTestHost({
    limits: { retryMs: 60_000 },
    extensions: [server, fragile.with({ dependsOn: ["acme.english"] })],
    restart: { delaysMs: [1] },
    runtimes: [runtime],
  });
  await greet(kit.host, "fragile");
  await kit.write(server.with({ version: "2.0.0" }));
  const rescan = kit.host.rescan();
  await eventually(() => expect(log.lines.at(-1)).toBe("saving"));
  runtime.session("acme.fragile").crash();
  await eventually(() => expect(info(kit.host, "acme.fragile").state).toBe("failed"));
  snapshot.open();
  await rescan;

  expect(await rejection(greet(kit.host, "fragile"))).toMatchObject({ code: "DEPENDENCY_FAILED" });
});

test.each(["dispose", "leftovers"] as const)(
  "a session whose %s throws keeps no next generation from coming",
  async (fault) => {
    const fails = (session: FragileSession) => {
      if (session.generation === 1) throw new Error("the runtime is at fault");
    };
    const kit = await createTestHost({
      extensions: [fragile],
      runtimes: [new FragileRuntime({ [fault]: fails })],
    });
    await greet(kit.host, "fragile");
    await kit.host.deactivate("acme.fragile");

    expect(await greet(kit.host, "fragile")).toBe("fragile 2: World");
    // Whether the fault counts as one of the host is not the point here.
    await Promise.allSettled([kit.dispose()]);
  },
);

test("a listener that hears of an activation may wait for it", async () => {
  await using kit = await createTestHost({ extensions: [english] });
  const waits: Promise<void>[] = [];
  kit.host.extensions.onDidChange(() => {
    if (info(kit.host, "acme.english").state === "activating") waits.push(kit.host.activate("acme.english"));
  });
  await greet(kit.host, "english");

  await Promise.all(waits);
  expect(waits).not.toEqual([]);
});

test("a broken manifest that is put back as it was leaves no candidate of an extension that told of no files", async () => {
  await using kit = await createTestHost({
    limits: { incompleteMs: 1 },
    extensions: [fragile],
    runtimes: [new FragileRuntime()],
  });
  await greet(kit.host, "fragile");
  await kit.write(fragile.with({ manifestText: "{ broken: }" }));
  await kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.fragile").candidate?.state).toBe("invalid"));

  await kit.write(fragile);
  await kit.host.rescan();
  expect(info(kit.host, "acme.fragile").candidate).toBeUndefined();
  expect(await greet(kit.host, "fragile")).toBe("fragile 1: World");
});
