/** What happens to one extension happens one thing after the other, and the last wish wins. */
import { createTestHost, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info, rejection } from "../support/extensions.js";
import { gate, journal } from "../support/shared.js";

const english = aGreeter({ id: "acme.english" });

function hesitant() {
  const door = gate();
  const log = journal();
  const extension = english.with({
    activate: `context.signal.addEventListener("abort", () => { ${log.says("aborted")} });
      ${log.says("begins")} await ${door.code}; ${log.says("goes on")}`,
    deactivate: log.says("deactivate"),
  });
  return { door, log, extension };
}

test("a removal while an extension activates aborts its signal, and its calls get EXTENSION_GONE", async () => {
  const { door, log, extension } = hesitant();
  await using kit = await createTestHost({ extensions: [extension] });
  const call = rejection(greet(kit.host, "english"));
  await eventually(() => expect(log.lines).toEqual(["begins"]));

  await kit.remove(extension);
  const rescan = kit.host.rescan();
  await eventually(() => expect(log.lines).toEqual(["begins", "aborted"]));
  door.open();
  await rescan;
  expect(await call).toMatchObject({ code: "EXTENSION_GONE" });
  await eventually(() => expect(kit.host.extensions.size).toBe(0));
});

test("a change while an extension activates for the first time is served, not the older text", async () => {
  const { door, log, extension } = hesitant();
  await using kit = await createTestHost({ watch: true, extensions: [extension] });
  const call = greet(kit.host, "english");
  await eventually(() => expect(log.lines).toEqual(["begins"]));

  await kit.write(english.with({ version: "2.0.0" }));
  door.open();
  expect(await call).toMatch(/^english [12]\.0\.0: World$/);
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("english 2.0.0: World"));
});

test("deactivating an extension that activates aborts it", async () => {
  const { door, log, extension } = hesitant();
  await using kit = await createTestHost({ extensions: [extension] });
  const activation = Promise.allSettled([kit.host.activate("acme.english")]);
  await eventually(() => expect(log.lines).toEqual(["begins"]));

  const deactivation = kit.host.deactivate("acme.english");
  await eventually(() => expect(log.lines).toEqual(["begins", "aborted"]));
  door.open();
  await Promise.all([activation, deactivation]);
  expect(info(kit.host, "acme.english").state).toBe("ready");
});

test.each([
  ["enabled", "ready", ["disable", "enable"]],
  ["disabled", "blocked", ["enable", "disable"]],
  ["enabled", "ready", ["disable", "enable", "disable", "enable"]],
] as const)("the last of several wishes wins: %s (%#)", async (_, state, wishes) => {
  await using kit = await createTestHost({ extensions: [english] });

  await Promise.all(wishes.map((wish) => kit.host[wish]("acme.english")));
  expect(info(kit.host, "acme.english").state).toBe(state);
});

test("reloads at the same moment leave one generation serving and reject none", async () => {
  const log = journal();
  const counted = english.with({ activate: log.says("+"), deactivate: log.says("-") });
  await using kit = await createTestHost({ extensions: [counted] });
  await greet(kit.host, "english");

  await Promise.all(Array.from({ length: 10 }, () => kit.host.reload("acme.english")));
  const begun = log.lines.filter((line) => line === "+").length;
  await eventually(() => expect(log.lines.filter((line) => line === "-")).toHaveLength(begun - 1));
  expect(info(kit.host, "acme.english").state).toBe("active");
});

test("different extensions change in parallel", async () => {
  const { door, log, extension } = hesitant();
  await using kit = await createTestHost({ extensions: [extension, aGreeter({ id: "acme.spanish" })] });
  const call = greet(kit.host, "english");
  await eventually(() => expect(log.lines).toEqual(["begins"]));

  await greet(kit.host, "spanish");
  await kit.host.reload("acme.spanish");
  expect(info(kit.host, "acme.spanish").generation).toBe(2);
  door.open();
  await call;
});
