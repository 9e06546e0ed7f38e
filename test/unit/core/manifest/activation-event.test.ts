import { expect, test } from "vitest";
import {
  canonicalActivationEvent,
  matchesActivationEvent,
  parseActivationEvent,
} from "../../../../core/src/manifest/activation-event.js";

test.each([
  ["onStartup", "onStartup"],
  ["*", "onStartup"],
  ["onStartup", "*"],
  ["onGreeter:english", "onGreeter:english"],
  ["onGreeter:*", "onGreeter:english"],
  ["onOrder:eu:*", "onOrder:eu:paid"],
  ["onOrder:*", "onOrder:eu:paid"],
])("the pattern %s matches the event %s", (pattern, event) => {
  expect(matchesActivationEvent(pattern, event)).toBe(true);
});

test.each([
  ["*", "onStartupFinished"],
  ["*", "onGreeter:english"],
  ["onGreeter:*", "onGreeter"],
  ["onGreeter:*", "onGreeters:english"],
  ["onGreeter", "onGreeter:english"],
  ["onGreeter:english", "onGreeter:*"],
  ["onGreeter:en", "onGreeter:english"],
])("the pattern %s does not match the event %s", (pattern, event) => {
  expect(matchesActivationEvent(pattern, event)).toBe(false);
});

test("an event is taken apart at its first colon", () => {
  expect(parseActivationEvent("onOrder:eu:paid")).toEqual({ name: "onOrder", argument: "eu:paid" });
  expect(parseActivationEvent("*")).toEqual({ name: "onStartup" });
});

test("only the asterisk has another spelling", () => {
  expect(["*", "onStartup", "onX:*"].map(canonicalActivationEvent)).toEqual([
    "onStartup",
    "onStartup",
    "onX:*",
  ]);
});
