/** What saveState returns reaches the next generation, and no call falls between the two. */
import { createTestHost, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info } from "../support/extensions.js";
import { gate, journal } from "../support/shared.js";

const counter = aGreeter({
  id: "acme.counter",
  head: `let count = 0;`,
  supplies: { greeters: { counter: "{ greet: () => String(++count) }" } },
  activate: `count = context.state?.value.count ?? 0;`,
  saveState: `return { version: 1, value: { count } };`,
});

test("the next generation finds what the one before saved", async () => {
  const log = journal();
  const logged = counter.with({
    activate: `${log.tells("JSON.stringify(context.state)")} ${counter.sketch.activate ?? ""}`,
  });
  await using kit = await createTestHost({ extensions: [logged] });
  expect(await greet(kit.host, "counter")).toBe("1");
  expect(await greet(kit.host, "counter")).toBe("2");

  await kit.host.reload("acme.counter");
  expect(await greet(kit.host, "counter")).toBe("3");
  expect(log.lines).toEqual(["undefined", `{"version":1,"value":{"count":2}}`]);
});

test("no call is counted twice or lost under reloads", async () => {
  await using kit = await createTestHost({ extensions: [counter] });
  const answers: string[] = [];
  const reloads = (async () => {
    for (let i = 0; i < 20; i++) await kit.host.reload("acme.counter");
  })();
  let reloading = true;
  const finished = reloads.finally(() => (reloading = false));
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      while (reloading) {
        answers.push(await greet(kit.host, "counter"));
        await new Promise((next) => setImmediate(next));
      }
    }),
  );
  await finished;

  const numbers = answers.map(Number).sort((a, b) => a - b);
  expect(numbers).toEqual(numbers.map((_, i) => i + 1));
});

test("calls in flight are drained before the snapshot", async () => {
  const door = gate();
  const log = journal();
  const slow = counter.with({
    supplies: {
      greeters: {
        counter: `{ async greet(name) {
          if (name === "slow") { ${log.says("asked")} await ${door.code}; }
          return String(++count);
        } }`,
      },
    },
    saveState: `${log.says("snapshot")} return { version: 1, value: { count } };`,
  });
  await using kit = await createTestHost({ extensions: [slow] });
  const call = greet(kit.host, "counter", "slow");
  await eventually(() => expect(log.lines).toEqual(["asked"]));

  const reload = kit.host.reload("acme.counter");
  door.open();
  expect(await call).toBe("1");
  await reload;
  expect(log.lines).toEqual(["asked", "snapshot"]);
  expect(await greet(kit.host, "counter")).toBe("2");
});

test("new calls wait from the snapshot to the swap", async () => {
  const door = gate();
  const log = journal();
  const logged = counter.with({
    activate: `${log.says("activate")} if (context.state) await ${door.code};
      ${counter.sketch.activate ?? ""}`,
  });
  await using kit = await createTestHost({ extensions: [logged] });
  expect(await greet(kit.host, "counter")).toBe("1");

  const reload = kit.host.reload("acme.counter");
  await eventually(() => expect(log.lines).toEqual(["activate", "activate"]));
  const call = greet(kit.host, "counter");
  let settled = false;
  void call.then(() => (settled = true));
  await new Promise((next) => setImmediate(next));
  expect(settled).toBe(false);
  door.open();
  await reload;
  expect(await call).toBe("2");
  expect(info(kit.host, "acme.counter").generation).toBe(2);
});

test("when the update fails the old generation goes on with its own memory and the waiting calls", async () => {
  const door = gate();
  const log = journal();
  await using kit = await createTestHost({ extensions: [counter] });
  expect(await greet(kit.host, "counter")).toBe("1");

  await kit.write(
    counter.with({
      version: "2.0.0",
      activate: `${log.says("candidate")} await ${door.code}; throw new Error("no");`,
    }),
  );
  const rescan = kit.host.rescan();
  await eventually(() => expect(log.lines).toEqual(["candidate"]));
  const waiting = greet(kit.host, "counter");
  door.open();
  expect(await waiting).toBe("2");
  await rescan;
  expect(info(kit.host, "acme.counter")).toMatchObject({ state: "active", version: "1.0.0" });
});

test.each([
  ["throws", `throw new Error("no");`, "STATE_FAILED"],
  ["returns what is not plain data", `return { version: 1, value: { f() {} } };`, "STATE_INVALID"],
])("a saveState that %s is told and does not take the extension down", async (_, saveState, code) => {
  await using kit = await createTestHost({ extensions: [counter.with({ saveState })] });
  await greet(kit.host, "counter");

  await kit.host.reload("acme.counter").catch(() => undefined);
  const told = JSON.stringify([
    kit.record.events.map(({ problem, reason }) => [problem?.code, reason?.code]),
    info(kit.host, "acme.counter"),
  ]);
  expect(told).toContain(code);
  expect(await greet(kit.host, "counter")).toMatch(/^\d$/);
});
