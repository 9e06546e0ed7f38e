/** Which events activate an extension, and which of them are remembered. */
import { createTestHost, anExtension, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info, states } from "../support/extensions.js";
import { journal } from "../support/shared.js";

test("onStartup and its synonym * activate an extension before start resolves", async () => {
  await using kit = await createTestHost({
    extensions: [
      anExtension({ id: "acme.plain", activationEvents: ["onStartup"] }),
      anExtension({ id: "acme.star", activationEvents: ["*"] }),
    ],
  });

  expect(states(kit.host)).toEqual({ "acme.plain": "active", "acme.star": "active" });
});

test("onStartupFinished activates an extension after every start-up extension has settled", async () => {
  const log = journal();
  await using kit = await createTestHost({
    extensions: [
      anExtension({
        id: "acme.after",
        activationEvents: ["onStartupFinished"],
        activate: log.says("after"),
      }),
      anExtension({
        id: "acme.slow",
        activationEvents: ["onStartup"],
        activate: `await new Promise((done) => setTimeout(done, 30)); ${log.says("slow")}`,
      }),
      anExtension({
        id: "acme.throws",
        activationEvents: ["onStartup"],
        activate: `${log.says("throws")} throw new Error("no");`,
      }),
    ],
  });

  await eventually(() => expect(log.lines).toEqual(["throws", "slow", "after"]));
  expect(states(kit.host)).toEqual({
    "acme.after": "active",
    "acme.slow": "active",
    "acme.throws": "failed",
  });
});

test("an extension without a reason to run stays ready", async () => {
  await using kit = await createTestHost({ extensions: [aGreeter({ id: "acme.english" })] });

  expect(info(kit.host, "acme.english").state).toBe("ready");
});

test("listing contributions and reading their fields activates nothing", async () => {
  await using kit = await createTestHost({ extensions: [aGreeter({ id: "acme.english" })] });
  const listed = [...kit.host.contributions("greeters")].map((stub) => JSON.stringify(stub));

  expect(listed).toHaveLength(1);
  expect(info(kit.host, "acme.english").state).toBe("ready");
});

test("the first call of a contribution activates its extension", async () => {
  await using kit = await createTestHost({ extensions: [aGreeter({ id: "acme.english" })] });

  expect(await greet(kit.host, "english")).toBe("english 1.0.0: World");
  expect(info(kit.host, "acme.english")).toMatchObject({
    state: "active",
    activatedBy: "onGreeter:english",
  });
});

test.each([
  ["greeters", { id: "x", lang: "X" }, "onGreeter:x"],
  ["transformers", { id: "x", name: "X" }, "onTransformer:x"],
  ["commands", { id: "x", title: "X" }, "onCommand:x"],
])("an item of %s implies its activation event", async (point, item, event) => {
  await using kit = await createTestHost({
    extensions: [anExtension({ id: "acme.x", contributes: { [point]: [item] } })],
  });

  const report = await kit.host.activateByEvent(event);
  expect(report.outcomes).toMatchObject([{ id: "acme.x", state: "active", activatedBy: event }]);
});

test("a trailing :* matches every event of that kind, and no other", async () => {
  await using kit = await createTestHost({
    extensions: [anExtension({ id: "acme.orders", activationEvents: ["onOrder:*"] })],
  });

  await kit.host.activateByEvent("onOrders:paid");
  expect(info(kit.host, "acme.orders").state).toBe("ready");
  await kit.host.activateByEvent("onOrder:paid");
  expect(info(kit.host, "acme.orders").state).toBe("active");
});

test("an event that nobody waits for resolves with an empty report", async () => {
  await using kit = await createTestHost();

  const report = await kit.host.activateByEvent("onNothing");
  expect(report.outcomes).toEqual([]);
  expect(report.failed).toEqual([]);
});

test("an extension that arrives after its event is activated on arrival", async () => {
  await using kit = await createTestHost();
  await kit.host.activateByEvent("onOrder:paid");

  await kit.write(
    anExtension({ id: "acme.paid", activationEvents: ["onOrder:paid"] }),
    anExtension({ id: "acme.any", activationEvents: ["onOrder:*"] }),
    anExtension({ id: "acme.start", activationEvents: ["onStartup"] }),
    anExtension({ id: "acme.finished", activationEvents: ["onStartupFinished"] }),
    anExtension({ id: "acme.other", activationEvents: ["onOrder:open"] }),
  );
  await kit.host.rescan();

  await eventually(() =>
    expect(states(kit.host)).toEqual({
      "acme.any": "active",
      "acme.finished": "active",
      "acme.other": "ready",
      "acme.paid": "active",
      "acme.start": "active",
    }),
  );
});

test("an event that a call implies is not remembered", async () => {
  await using kit = await createTestHost({ extensions: [aGreeter({ id: "acme.english" })] });
  await greet(kit.host, "english");

  await kit.write(anExtension({ id: "acme.late", activationEvents: ["onGreeter:english"] }));
  await kit.host.rescan();

  expect(info(kit.host, "acme.late").state).toBe("ready");
});

test("the report of an event names who failed and why, and the event still resolves", async () => {
  await using kit = await createTestHost({
    extensions: [
      anExtension({ id: "acme.good", activationEvents: ["onOrder:paid"] }),
      anExtension({
        id: "acme.bad",
        activationEvents: ["onOrder:paid"],
        activate: `throw new Error("out of paper");`,
      }),
    ],
  });

  const report = await kit.host.activateByEvent("onOrder:paid");
  expect(report.outcomes.map(({ id, state }) => [id, state]).sort()).toEqual([
    ["acme.bad", "failed"],
    ["acme.good", "active"],
  ]);
  expect(report.failed.map(({ id, reason }) => [id, reason?.code])).toEqual([
    ["acme.bad", "ACTIVATION_FAILED"],
  ]);
  expect(report.failed[0]?.reason?.message).toContain("out of paper");
  expect(report.format()).toContain("acme.bad");
});

test("an extension that was deactivated stays down though its event is remembered, until the next", async () => {
  await using kit = await createTestHost({
    extensions: [aGreeter({ id: "acme.once", activationEvents: ["onOrder:paid"] })],
  });
  await kit.host.activateByEvent("onOrder:paid");

  await kit.host.deactivate("acme.once");
  await kit.host.rescan();
  expect(info(kit.host, "acme.once").state).toBe("ready");

  await kit.host.activateByEvent("onOrder:paid");
  expect(info(kit.host, "acme.once").state).toBe("active");
});
