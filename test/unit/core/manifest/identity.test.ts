import { readFileSync } from "node:fs";
import semver from "semver";
import { expect, test } from "vitest";
import {
  defaultRuntime,
  identifierPattern,
  identifierWording,
  isContributionId,
  isExtensionId,
  isExtensionVersion,
  isInRange,
  isVersionRange,
  maximumExtensionIdLength,
  runtimeKindOf,
} from "../../../../core/src/manifest/identity.js";

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

test("a range holds the versions that semver says, pre-releases included", () => {
  const numbers = ["0.0.0", "0.1.2", "1.0.0", "1.2.3", "1.2.10", "1.10.0", "2.0.0", "10.0.0"];
  const versions = numbers.flatMap((number) => [number, `${number}-rc.1`, `${number}+build.5`]);
  const ranges = [
    "*",
    "",
    ">=1 <2",
    "~1.2.3",
    "1.x",
    ...versions,
    ...versions.map((version) => `^${version}`),
  ];
  for (const range of ranges) {
    expect(isVersionRange(range)).toBe(true);
    const inRange = versions.filter((version) => isInRange(version, range));
    const expected = versions.filter((version) =>
      semver.satisfies(version, range, { includePrerelease: true }),
    );
    expect([range, inRange]).toEqual([range, expected]);
  }
});

test.each(["^1", "^1.2.3.4", "latest", "^01.0.0"])("%j is a range exactly if semver says so", (range) => {
  expect(isVersionRange(range)).toBe(semver.validRange(range) !== null);
  expect(isInRange("1.0.0", range)).toBe(semver.satisfies("1.0.0", range, { includePrerelease: true }));
});

test("a manifest that names no runtime asks for the default", () => {
  expect(runtimeKindOf({})).toBe(defaultRuntime);
  expect(runtimeKindOf({ runtime: "worker" })).toBe("worker");
  expect(runtimeKindOf({ runtime: { kind: "go-plugin", command: ["x"] } })).toBe("go-plugin");
});
