import { expect, test } from "vitest";
import {
  ActivationTimeline,
  formatTimeline,
  type TimelineEntry,
} from "../../../../../core/src/lifecycle/base/activation-timeline.js";

function entry(id: string, more: Partial<TimelineEntry> = {}): TimelineEntry {
  return { id, state: "active", activatedBy: "onStartup", requiredBy: [], startedAt: 1, ...more };
}

test("dependencies stand beneath those who require them, and the second time only as a reference", () => {
  const text = formatTimeline(
    [
      entry("acme.app", { startedAt: 0, times: { load: 1, call: 2.25, settle: 30 } }),
      entry("acme.base", { requiredBy: ["acme.app", "acme.other"], startedAt: 12.6 }),
      entry("acme.core", { requiredBy: ["acme.base"] }),
      entry("acme.other", { activatedBy: "*" }),
    ],
    123.4,
    "onStartup",
  );
  expect(text.split("\n")).toEqual([
    "onStartup (123 ms)",
    "├─ acme.app active by onStartup +0.0 ms 33 ms (load 1.0 ms, call 2.3 ms, settle 30 ms)",
    "│  └─ acme.base active +13 ms",
    "│     └─ acme.core active +1.0 ms",
    "└─ acme.other active by * +1.0 ms",
    "   └─ acme.base (above)",
  ]);
});

test("what keeps an extension from being active stands behind it", () => {
  const reason = { code: "DISABLED", message: "acme.one is disabled." };
  expect(formatTimeline([entry("acme.one", { state: "blocked", reason })], 1, "onStartup")).toContain(
    "acme.one blocked by onStartup +1.0 ms: DISABLED acme.one is disabled.",
  );
});

test("an extension whose requirer is not written down stands at the left", () => {
  const text = formatTimeline([entry("acme.base", { requiredBy: ["acme.app"] })], 1, "onStartup");
  expect(text.split("\n")[1]).toBe("└─ acme.base active +1.0 ms");
});

test("nothing to activate is one line", () => {
  expect(formatTimeline([], 0.04, "onStartup")).toBe("onStartup (0.0 ms)");
});

test("an extension asked for twice is one entry with both requirers and the first cause", () => {
  const timeline = new ActivationTimeline();
  timeline.ask("acme.base", "onStartup", "acme.one");
  timeline.ask("acme.base", "onOrder", "acme.two");
  timeline.settle("acme.base", { state: "active" });
  timeline.ask("acme.slow", "onStartup", undefined);
  timeline.settle("acme.unknown", { state: "active" });
  expect(timeline.entries()).toMatchObject([
    { id: "acme.base", state: "active", activatedBy: "onStartup", requiredBy: ["acme.one", "acme.two"] },
    { id: "acme.slow", state: "activating", requiredBy: [] },
  ]);
});
