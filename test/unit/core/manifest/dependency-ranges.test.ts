import { expect, test } from "vitest";
import {
  dependencyRanges,
  optionalDependencyRanges,
} from "../../../../core/src/manifest/dependency-ranges.js";

test("both ways to write dependencies give ranges by id, in the order of the manifest", () => {
  expect([...dependencyRanges({ extensionDependencies: { b: "^1.0.0", a: "*" } })]).toEqual([
    ["b", "^1.0.0"],
    ["a", "*"],
  ]);
  expect([...dependencyRanges({ extensionDependencies: ["b", "a"] })]).toEqual([
    ["b", "*"],
    ["a", "*"],
  ]);
});

test("dependencies and optional ones are kept apart", () => {
  const manifest = { extensionDependencies: ["a"], optionalExtensionDependencies: { b: "2.x" } } as const;
  expect([...dependencyRanges(manifest)]).toEqual([["a", "*"]]);
  expect([...optionalDependencyRanges(manifest)]).toEqual([["b", "2.x"]]);
});

test("a manifest without dependencies gives none", () => {
  expect([dependencyRanges({}).size, optionalDependencyRanges({}).size]).toEqual([0, 0]);
});
