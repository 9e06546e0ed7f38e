/**
 * Versions and ranges of versions, as semver reads them. What most of them are, three numbers and a caret before three
 * numbers, is read in a tenth of semver's time, so that most starts never load it.
 */
import { ownPackage } from "../common/own-files.js";
import type * as Semver from "./semver-parts.js";

const number = String.raw`(0|[1-9]\d{0,8})`;
const threeNumbers = new RegExp(`^${number}\\.${number}\\.${number}$`);
const caretRange = new RegExp(`^\\^${number}\\.${number}\\.${number}$`);

/** Whether the text is a semantic version, written as itself. @internal */
export function isVersion(text: string): boolean {
  return threeNumbers.test(text) || semver().valid(text) === text.replace(/\+.*$/, "");
}

/** Whether the text is a range of versions. @internal */
export function isRange(text: string): boolean {
  return text === "*" || caretRange.test(text) || semver().validRange(text) !== null;
}

/** Whether the version is in the range, pre-releases included. @internal */
export function isInRange(version: string, range: string): boolean {
  if (range === "*") return true;
  const [, major, minor, patch] = caretRange.exec(range) ?? [];
  const [, ownMajor, ownMinor, ownPatch] = threeNumbers.exec(version) ?? [];
  if (major === undefined || ownMajor === undefined || major === "0")
    return semver().satisfies(version, range, { includePrerelease: true });
  if (ownMajor !== major) return false;
  const difference = Number(ownMinor) - Number(minor);
  return difference > 0 || (difference === 0 && Number(ownPatch) >= Number(patch));
}

function semver(): typeof Semver {
  return ownPackage("semver") as typeof Semver;
}
