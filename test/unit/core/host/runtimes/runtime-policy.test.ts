import { expect, test } from "vitest";
import type { ExtensionDescription } from "../../../../../core/src/index.js";
import { runtimePolicyOf } from "../../../../../core/src/host/runtimes/runtime-policy.js";

function decision(table: Readonly<Record<string, string>>, id: string) {
  return runtimePolicyOf(table)({ id } as unknown as ExtensionDescription);
}

function kindFor(table: Readonly<Record<string, string>>, id: string): string | undefined {
  return decision(table, id)?.kind;
}

test("an id that is named decides over every pattern", () => {
  expect(kindFor({ "*": "process", "acme.*": "worker", "acme.english": "in-process" }, "acme.english")).toBe(
    "in-process",
  );
});

test("the longest pattern that matches decides", () => {
  expect(kindFor({ "*": "process", "acme.*": "worker" }, "acme.english")).toBe("worker");
  expect(kindFor({ "*": "process", "acme.*": "worker" }, "other.english")).toBe("process");
});

test("the manifest is followed where the policy says nothing", () => {
  expect(decision({ "acme.*": "worker" }, "other.english")).toBeUndefined();
  expect(
    runtimePolicyOf(undefined)({ id: "acme.english" } as unknown as ExtensionDescription),
  ).toBeUndefined();
});

test("the key that decided is told", () => {
  expect(decision({ "*": "process", "acme.*": "worker" }, "acme.english")).toEqual({
    kind: "worker",
    pattern: "acme.*",
  });
});

test("an id named like a member of every object is not a rule", () => {
  expect(kindFor({}, "constructor")).toBeUndefined();
});
