import { createRequire } from "node:module";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isExtensionVersion, isInRange, isVersionRange } from "../../../../core/src/manifest/identity.js";
import { inRepository } from "../../../support/repository.ts";

const semver = createRequire(inRepository("core/package.json"))("semver") as {
  valid(text: string): string | null;
  validRange(text: string): string | null;
  satisfies(version: string, range: string, options: { includePrerelease: boolean }): boolean;
};

const number = fc.oneof(fc.nat(3), fc.constantFrom("00", "01", "1234567890", "x", ""));
const numbers = fc.tuple(number, number, number).map((parts) => parts.join("."));
const version = fc
  .tuple(numbers, fc.constantFrom("", "-1", "-beta.2", "+build"))
  .map((parts) => parts.join(""));
const range = fc.tuple(fc.constantFrom("^", "^", "~", ">=", ""), version).map((parts) => parts.join(""));

test("what is a version, a range and in a range is what semver says, pre-releases included", () => {
  fc.assert(
    fc.property(version, range, (one, wanted) => {
      expect(isExtensionVersion(one)).toBe(semver.valid(one) === one.replace(/\+.*$/, ""));
      expect(isVersionRange(wanted)).toBe(semver.validRange(wanted) !== null);
      if (!isVersionRange(wanted) || !isExtensionVersion(one)) return;
      expect(isInRange(one, wanted)).toBe(semver.satisfies(one, wanted, { includePrerelease: true }));
    }),
    { numRuns: 1_000 },
  );
});
