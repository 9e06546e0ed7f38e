import { expect, test } from "vitest";
import { contextWithin } from "../../../../core/src/common/deadline.js";

test("a context without a limit has no end", async () => {
  const { signal, deadline } = contextWithin(0);
  await new Promise((fire) => setTimeout(fire, 5));
  expect({ aborted: signal.aborted, deadline }).toEqual({ aborted: false, deadline: Infinity });
});

test("a context with a limit names its end and says when it has come", async () => {
  const before = Date.now();
  const { signal, deadline } = contextWithin(5);
  expect(deadline).toBeGreaterThanOrEqual(before + 5);
  await new Promise((abort) => {
    signal.addEventListener("abort", abort);
  });
  expect(signal.aborted).toBe(true);
});
