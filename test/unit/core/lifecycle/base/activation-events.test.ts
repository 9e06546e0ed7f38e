import { beforeEach, expect, test } from "vitest";
import { matchesActivationEvent } from "../../../../../core/src/manifest/activation-event.js";
import { ActivationEvents } from "../../../../../core/src/lifecycle/base/activation-events.js";

let events: ActivationEvents;
beforeEach(() => {
  events = new ActivationEvents();
});

const listen = (id: string, names: readonly string[]): void => {
  events.listen(id, {
    events: names,
    waitsFor: (event) => names.some((name) => matchesActivationEvent(name, event)),
  });
};
const listeners = (event: string): readonly string[] => [...events.listeners(event)].sort();

test("an event is heard by those who name it", () => {
  listen("acme.one", ["onOrder:paid", "onStartup"]);
  listen("acme.two", ["onOrder:sent"]);
  expect(listeners("onOrder:paid")).toEqual(["acme.one"]);
  expect(listeners("onOrder")).toEqual([]);
});

test("a trailing asterisk hears everything after its colon, at any depth", () => {
  listen("acme.all", ["onOrder:*"]);
  listen("acme.some", ["onOrder:paid:*"]);
  expect(listeners("onOrder:sent")).toEqual(["acme.all"]);
  expect(listeners("onOrder:paid:twice")).toEqual(["acme.all", "acme.some"]);
  expect(listeners("onOrders:sent")).toEqual([]);
});

test("an extension that hears an event in two ways is named once", () => {
  listen("acme.one", ["onOrder:*", "onOrder:paid"]);
  expect(listeners("onOrder:paid")).toEqual(["acme.one"]);
});

test("listening anew replaces what was listened for", () => {
  listen("acme.one", ["onA", "onB:*"]);
  listen("acme.one", ["onC"]);
  expect([...listeners("onA"), ...listeners("onB:x")]).toEqual([]);
  expect(events.of("acme.one")).toEqual(["onC"]);
});

test("forgetting one extension leaves the others listening", () => {
  listen("acme.one", ["onA:*"]);
  listen("acme.two", ["onA:*"]);
  events.forget("acme.one");
  expect(listeners("onA:x")).toEqual(["acme.two"]);
  expect(events.of("acme.one")).toEqual([]);
});

test("who comes after an event learns that it missed it, by its full name", () => {
  events.remember("onOrder:paid");
  listen("acme.one", ["onNever", "onOrder:paid"]);
  listen("acme.all", ["onOrder:*"]);
  listen("acme.other", ["onOrder:sent"]);
  expect(["acme.one", "acme.all", "acme.other"].map((id) => events.missed(id))).toEqual([
    "onOrder:paid",
    "onOrder:paid",
    undefined,
  ]);
});

test("the newest 10,000 events are remembered, counting one that happens again as new", () => {
  listen("acme.first", ["onEvent:0"]);
  listen("acme.second", ["onEvent:1"]);
  for (let number = 0; number < 10_000; number++) events.remember(`onEvent:${number}`);
  events.remember("onEvent:0");
  events.remember("onEvent:10000");
  expect(events.missed("acme.first")).toBe("onEvent:0");
  expect(events.missed("acme.second")).toBeUndefined();
});

test("questions are answered alike before and after there are enough of them for an index", () => {
  listen("acme.one", ["onOrder:paid", "onOrder:paid"]);
  listen("acme.all", ["onOrder:*"]);
  listen("acme.gone", ["onOrder:*"]);
  events.forget("acme.gone");
  const answers = Array.from({ length: 4 }, () => [listeners("onOrder:paid"), listeners("onOrder")]);
  expect(answers).toEqual(answers.map(() => [["acme.all", "acme.one"], []]));
  listen("acme.two", ["onOrder:paid"]);
  listen("acme.one", []);
  expect(listeners("onOrder:paid")).toEqual(["acme.all", "acme.two"]);
});
