/** How a host ends. */
import { anExtension, createTestHost, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, rejection, states } from "../support/extensions.js";
import { gate, journal } from "../support/shared.js";

test("stop deactivates everything, dependents first", async () => {
  const log = journal();
  await using kit = await createTestHost({
    extensions: [
      aGreeter({ id: "acme.base", deactivate: `await null; ${log.says("base")}` }),
      aGreeter({
        id: "acme.top",
        dependsOn: ["acme.base"],
        activationEvents: ["onStartup"],
        deactivate: `await null; ${log.says("top")}`,
      }),
    ],
  });

  await kit.host.stop();
  expect(log.lines).toEqual(["top", "base"]);
});

test("stop may be called again and at the same time", async () => {
  const log = journal();
  await using kit = await createTestHost({
    extensions: [aGreeter({ id: "acme.english", deactivate: log.says("deactivate") })],
  });
  await greet(kit.host, "english");

  await Promise.all([kit.host.stop(), kit.host.stop()]);
  await kit.host.stop();
  expect(log.lines).toEqual(["deactivate"]);
});

test("after stop calls and requests reject with HOST_STOPPED", async () => {
  await using kit = await createTestHost({ extensions: [aGreeter({ id: "acme.english" })] });
  const { host } = kit;
  const stub = host.contributions("greeters").get("english") as unknown as {
    greet(name: string): Promise<string>;
  };
  await host.stop();

  for (const request of [
    () => host.activateByEvent("onOrder:paid"),
    () => host.activate("acme.english"),
    () => host.reload("acme.english"),
    () => host.executeCommand("x"),
    () => host.start(),
  ]) {
    expect(await rejection(request())).toMatchObject({ code: "HOST_STOPPED" });
  }
  expect(["HOST_STOPPED", "EXTENSION_GONE"]).toContain(
    ((await rejection(stub.greet("World"))) as { code: string }).code,
  );
});

test("a stop during start is not lost", async () => {
  const door = gate();
  const log = journal();
  await using kit = await createTestHost({
    start: "manual",
    extensions: [
      anExtension({
        id: "acme.slow",
        activationEvents: ["onStartup"],
        activate: `context.signal.addEventListener("abort", () => { ${log.says("aborted")} });
          ${log.says("begins")} await ${door.code};`,
      }),
    ],
  });

  const start = kit.host.start().then(
    () => "settled",
    () => "settled",
  );
  await eventually(() => expect(log.lines).toEqual(["begins"]));
  const stop = kit.host.stop();
  await eventually(() => expect(log.lines).toEqual(["begins", "aborted"]));
  door.open();
  await stop;
  expect(await start).toBe("settled");
  expect(Object.values(states(kit.host))).not.toContain("active");
});

test("stop at the same moment as start leaves nothing running", async () => {
  const log = journal();
  await using kit = await createTestHost({
    start: "manual",
    watch: true,
    extensions: [
      anExtension({
        id: "acme.english",
        activationEvents: ["onStartup"],
        activate: log.says("activate"),
        deactivate: log.says("deactivate"),
      }),
    ],
  });

  await Promise.allSettled([kit.host.start(), kit.host.stop()]);
  expect(log.lines.filter((line) => line === "activate")).toHaveLength(
    log.lines.filter((line) => line === "deactivate").length,
  );
  expect(Object.values(states(kit.host))).not.toContain("active");
});

test("a stop ends within its limit although extensions hang", async () => {
  const log = journal();
  await using kit = await createTestHost({
    limits: { stopMs: 200, deactivateMs: 60_000 },
    extensions: [
      anExtension({
        id: "acme.hangs",
        activationEvents: ["onStartup"],
        deactivate: `${log.says("hangs")} await new Promise(() => {});`,
      }),
      anExtension({ id: "acme.well", activationEvents: ["onStartup"], deactivate: log.says("well") }),
    ],
  });

  await kit.host.stop();
  expect([...log.lines].sort()).toEqual(["hangs", "well"]);
});

test("calls that wait when the host stops get HOST_STOPPED", async () => {
  const log = journal();
  await using kit = await createTestHost({
    extensions: [
      aGreeter({
        id: "acme.english",
        activate: `${log.says("begins")} await new Promise((_, no) => context.signal.addEventListener("abort", no));`,
      }),
    ],
  });
  const waiting = rejection(greet(kit.host, "english"));
  await eventually(() => expect(log.lines).toEqual(["begins"]));

  await kit.host.stop();
  expect(await waiting).toMatchObject({ code: "HOST_STOPPED" });
});

test("a host that was never started stops", async () => {
  await using kit = await createTestHost({ start: "manual" });

  await expect(kit.host.stop()).resolves.toBeUndefined();
});

test("what a stopped host's folder does is no longer followed", async () => {
  await using kit = await createTestHost({ watch: true });
  await kit.host.stop();
  kit.record.clear();

  await kit.write(aGreeter({ id: "acme.english", activationEvents: ["onStartup"] }));
  await new Promise((next) => setTimeout(next, 150));
  expect(kit.record.events).toEqual([]);
});
