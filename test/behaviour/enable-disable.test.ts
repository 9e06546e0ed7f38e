/** Who may run is up to the operator. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTestHost, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, ids, info, rejection, states } from "../support/extensions.js";
import { journal } from "../support/shared.js";

test("a disabled extension is deactivated, unlisted and stays down", async () => {
  const log = journal();
  await using kit = await createTestHost({
    extensions: [aGreeter({ id: "acme.english", deactivate: log.says("deactivate") })],
  });
  const stub = kit.host.contributions("greeters").get("english") as unknown as {
    greet(name: string): Promise<string>;
  };
  await stub.greet("World");

  await kit.host.disable("acme.english");
  expect(log.lines).toEqual(["deactivate"]);
  expect(info(kit.host, "acme.english")).toMatchObject({
    state: "blocked",
    reason: { code: "DISABLED" },
  });
  expect(ids(kit.host, "greeters")).toEqual([]);
  expect(await rejection(stub.greet("World"))).toMatchObject({ code: "EXTENSION_GONE" });
  expect(await rejection(kit.host.activate("acme.english"))).toMatchObject({ code: "EXTENSION_DISABLED" });
});

test("an enabled extension is listed again and answers to remembered events", async () => {
  await using kit = await createTestHost({
    disabled: ["acme.english"],
    extensions: [aGreeter({ id: "acme.english", activationEvents: ["onStartup"] })],
  });
  expect(info(kit.host, "acme.english").reason?.code).toBe("DISABLED");

  await kit.host.enable("acme.english");
  await eventually(() => expect(info(kit.host, "acme.english").state).toBe("active"));
  expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");
});

test("disabling an extension takes its dependents down, enabling it brings them back", async () => {
  await using kit = await createTestHost({
    extensions: [aGreeter({ id: "acme.base" }), aGreeter({ id: "acme.top", dependsOn: ["acme.base"] })],
  });
  await greet(kit.host, "top");

  await kit.host.disable("acme.base");
  expect(info(kit.host, "acme.top")).toMatchObject({ state: "blocked" });
  await kit.host.enable("acme.base");
  await eventually(() => expect(info(kit.host, "acme.top").state).toBe("active"));
});

test("what was disabled stays disabled in the next host on the same state folder", async () => {
  await using first = await createTestHost({ start: "manual", extensions: [] });
  const stateFolder = join(first.temporaryFolder, "state");
  const english = aGreeter({ id: "acme.english" });
  {
    await using kit = await createTestHost({ stateFolder, extensions: [english] });
    await kit.host.disable("acme.english");
  }
  {
    await using kit = await createTestHost({ stateFolder, extensions: [english] });
    expect(info(kit.host, "acme.english").reason?.code).toBe("DISABLED");
    await kit.host.enable("acme.english");
  }
  await using kit = await createTestHost({ stateFolder, extensions: [english] });
  expect(info(kit.host, "acme.english").state).toBe("ready");
});

test("a deactivated extension is activated again by the next call", async () => {
  await using kit = await createTestHost({ extensions: [aGreeter({ id: "acme.english" })] });
  await greet(kit.host, "english");

  await kit.host.deactivate("acme.english");
  expect(info(kit.host, "acme.english").state).toBe("ready");
  expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");
  expect(info(kit.host, "acme.english").generation).toBe(2);
});

test("requests about an extension that nobody knows reject with EXTENSION_UNKNOWN", async () => {
  await using kit = await createTestHost();

  for (const name of ["activate", "reload", "deactivate", "retry"] as const) {
    expect(await rejection(kit.host[name]("acme.nobody"))).toMatchObject({ code: "EXTENSION_UNKNOWN" });
  }
});

test("as long as the list of disabled extensions can't be read none runs, and then those that may", async () => {
  await using before = await createTestHost({ start: "manual" });
  const stateFolder = join(before.temporaryFolder, "state");
  await mkdir(stateFolder);
  await writeFile(join(stateFolder, "extensions.json"), "{");
  await using kit = await createTestHost({
    stateFolder,
    watch: true,
    disabled: ["acme.third"],
    extensions: ["first", "second", "third"].map((name) => aGreeter({ id: `acme.${name}` })),
  });

  expect(Object.values(states(kit.host))).toEqual(["blocked", "blocked", "blocked"]);
  expect(info(kit.host, "acme.first").reason?.message).toContain("can't be read");
  expect(kit.host.problems).toMatchObject([{ code: "STATE_UNREADABLE", severity: "error" }]);

  await writeFile(join(stateFolder, "extensions.json"), `{ "disabled": ["acme.second"] }`);
  await eventually(() =>
    expect(states(kit.host)).toEqual({
      "acme.first": "ready",
      "acme.second": "blocked",
      "acme.third": "blocked",
    }),
  );
  expect(kit.host.problems).toEqual([]);
});
