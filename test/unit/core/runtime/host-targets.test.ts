import { expect, test } from "vitest";
import type { ActivateRequest } from "../../../../extension-api/src/index.js";
import { hostTarget } from "../../../../core/src/runtime/host-targets.js";

const context = { signal: new AbortController().signal, deadline: Infinity, transfer: () => undefined };

test.each([
  ["more", ["one", { timeoutMs: 0, transfer: [] }, "three"], ["one"]],
  ["fewer", [], [undefined]],
])("a guest that gives %s arguments than a method takes gives it as many", (_, given, taken) => {
  const seen: unknown[][] = [];
  const render = (...args: unknown[]) => void seen.push(args);
  const request = {
    services: [{ id: "orders", methods: { render: 1 }, value: { render } }],
    points: [{ id: "panels", methods: { render: 1 } }],
    collection: () => ({ get: () => ({ render }) }),
  } as unknown as ActivateRequest;

  for (const target of ["service/orders/render", "point/panels/clock/render"])
    void hostTarget(request, target)?.(given, context);
  expect(seen).toEqual([taken, [...taken, { signal: context.signal, timeoutMs: 0 }]]);
});
