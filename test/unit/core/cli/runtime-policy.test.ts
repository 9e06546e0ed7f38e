import { expect, test } from "vitest";
import { runtimePolicyOf } from "../../../../core/src/cli/runtime-policy.js";
import type { ExtensionDescription } from "../../../../core/src/index.js";

function kindFor(table: Readonly<Record<string, string>>, id: string, runtime?: unknown): string {
  return runtimePolicyOf(table)({ id, manifest: { runtime } } as unknown as ExtensionDescription);
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
  expect(kindFor({ "acme.*": "worker" }, "other.english", "process")).toBe("process");
  expect(kindFor({ "acme.*": "worker" }, "other.english", { kind: "go-plugin" })).toBe("go-plugin");
  expect(kindFor({ "acme.*": "worker" }, "other.english")).toBe("in-process");
});

test("an id named like a member of every object is not a rule", () => {
  expect(kindFor({}, "constructor")).toBe("in-process");
});
