/** An activation asks for no more of a manifest than its outline: to work out the rest would cost more than all else. */
import { expect, test } from "vitest";
import { KeptDescription } from "../../../../core/src/discovery/extension-description.js";
import { runtimeOf } from "../../../../core/src/lifecycle/base/activator.js";
import { hasDependencies, requiredIds } from "../../../../core/src/lifecycle/extension/dependency-terms.js";
import { outlineAlone, type ManifestOutline } from "../../../../core/src/manifest/manifest-outline.js";

function described(outline: ManifestOutline): KeptDescription {
  return new KeptDescription(
    { folder: "/extensions/english", root: "/extensions", rank: 0, name: "english" },
    { id: "acme.english", version: "1.0.0", fingerprint: "1", problems: [] },
    {
      outline: outlineAlone(outline),
      get manifest(): never {
        throw new Error("the whole manifest was asked for");
      },
    },
  );
}

test("whether an extension has dependencies, and which, is told by the outline", () => {
  expect(hasDependencies(described({}))).toBe(false);
  expect(hasDependencies(described({ extensionDependencies: ["acme.base"] }))).toBe(true);
  expect(hasDependencies(described({ optionalExtensionDependencies: ["acme.extra"] }))).toBe(true);
  expect(requiredIds(described({ extensionDependencies: ["acme.base"] }))).toEqual(["acme.base"]);
});

test("a runtime that is only named is told by the outline", () => {
  expect(runtimeOf(described({}))).toEqual({ kind: "in-process" });
  expect(runtimeOf(described({ runtime: "worker" }))).toEqual({ kind: "worker" });
});
