/** What callers put where the options of a call belong. */
import type { CallOptions } from "@plugboard/core";
import { createTestHost } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, rejection } from "../support/extensions.js";

const slow = aGreeter({
  id: "acme.slow",
  supplies: {
    greeters: { slow: `{ greet: (name) => new Promise((answer) => setTimeout(answer, 30, name)) }` },
  },
});

test.for([Infinity, 2 ** 31, 0])("a timeoutMs of %s is no limit, active or not", async (timeoutMs) => {
  await using kit = await createTestHost({ extensions: [slow] });

  expect(await greet(kit.host, "slow", "first", { timeoutMs })).toBe("first");
  expect(await greet(kit.host, "slow", "second", { timeoutMs })).toBe("second");
});

test.for([NaN, -1, "50"])("a timeoutMs of %s is refused, active or not", async (timeoutMs) => {
  await using kit = await createTestHost({ extensions: [slow] });
  const options = { timeoutMs } as CallOptions;

  expect(await rejection(greet(kit.host, "slow", "first", options))).toBeInstanceOf(TypeError);
  await greet(kit.host, "slow");
  expect(await rejection(greet(kit.host, "slow", "second", options))).toBeInstanceOf(TypeError);
});

test("a signal that is none is refused, active or not", async () => {
  await using kit = await createTestHost({ extensions: [slow] });
  const options = { signal: {} } as CallOptions;

  expect(await rejection(greet(kit.host, "slow", "first", options))).toBeInstanceOf(TypeError);
  await greet(kit.host, "slow");
  expect(await rejection(greet(kit.host, "slow", "second", options))).toBeInstanceOf(TypeError);
});

test.for([null, 5, "x"])("%s in the place of the options says nothing", async (options) => {
  await using kit = await createTestHost({ extensions: [slow] });

  expect(await greet(kit.host, "slow", "first", options as CallOptions)).toBe("first");
  expect(await greet(kit.host, "slow", "second", options as CallOptions)).toBe("second");
});
