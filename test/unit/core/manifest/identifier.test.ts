import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  identifierPattern,
  identifierWording,
  isContributionId,
  isExtensionId,
  isExtensionVersion,
  maximumExtensionIdLength,
} from "../../../../core/src/manifest/identifier.js";

test.each(["a", "acme.english", "a-b_c.d", "0", "a1"])("%s is an id", (id) => {
  expect([isExtensionId(id), isContributionId(id)]).toEqual([true, true]);
});

test.each(["", "A", "a.", ".a", "a..b", "a b", "a/b", "é", "a\n", 1, undefined])("%j is no id", (id) => {
  expect([isExtensionId(id), isContributionId(id)]).toEqual([false, false]);
});

test("only the ids of extensions have a limit of length", () => {
  expect([isExtensionId("a".repeat(128)), isExtensionId("a".repeat(129))]).toEqual([true, false]);
  expect(isContributionId("a".repeat(129))).toBe(true);
});

test("the pattern, its wording and the limit are those of the schema", () => {
  const schema = new URL("../../../../schemas/plugin.schema.json", import.meta.url);
  const { properties } = JSON.parse(readFileSync(schema, "utf8")) as { properties: { id: object } };
  expect(properties.id).toMatchObject({
    pattern: identifierPattern.source,
    patternErrorMessage: identifierWording,
    maxLength: maximumExtensionIdLength,
  });
});

test.each(["1.0.0", "0.1.2-beta.1", "1.0.0+build5", "1.0.0-rc.1+20.abc"])("%s is a version", (version) => {
  expect(isExtensionVersion(version)).toBe(true);
});

test.each(["1.0", "v1.0.0", " 1.0.0", "01.0.0", "1.0.0+", "1.0.0+a_b", "1.0.0/..", 1, undefined])(
  "%j is no version",
  (version) => {
    expect(isExtensionVersion(version)).toBe(false);
  },
);
