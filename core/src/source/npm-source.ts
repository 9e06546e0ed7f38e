/**
 * Packages of a registry that speaks as npm's does: what versions there are, and their archives. Runs no npm and
 * no script. Invariant: an archive is handed on only if it has the SHA-512 that the registry told.
 */
import rcompare from "semver/functions/rcompare.js";
import satisfies from "semver/functions/satisfies.js";
import { isExtensionVersion, isVersionRange } from "../manifest/identity.js";
import { addressText, permittedAddress } from "./address.js";
import type { HttpClient } from "./http-client.js";
import { sourceError } from "./source-error.js";
import { asObject, objectIn } from "./source-record.js";

/** A version of a package. @internal */
export interface PackageVersion {
  readonly version: string;
  readonly tarball: URL;
  /** What its bytes have to be. */
  readonly integrity: string;
  /** When it was published, if that was asked and the registry tells. */
  readonly publishedAt: Date | undefined;
}

/** A question to a registry. @internal */
export interface PackageRequest {
  readonly name: string;
  /** A range, a version or a tag. */
  readonly wanted: string;
  readonly registry: URL;
  /** Whether to find out when versions were published; takes a longer answer. */
  readonly needsTimes: boolean;
}

const largestAnswer = 64 * 2 ** 20;
/** The short form leaves out texts for people; a registry that doesn't know it gives the long one. */
const shortForm = "application/vnd.npm.install-v1+json, application/json;q=0.8";
/** Only this one tells when a version was published. */
const longForm = "application/json";

/**
 * The versions that fit, the one to prefer first. As with npm, that is the one tagged `latest` if it fits, otherwise
 * the newest. Words without a range mean `latest`, or an older one where that can't be had.
 *
 * @throws ExtensionError `SOURCE_MISSING`, `SOURCE_INVALID` and what the client throws
 * @internal
 */
export async function packageVersions(
  client: HttpClient,
  { name, wanted, registry, needsTimes }: PackageRequest,
): Promise<readonly PackageVersion[]> {
  const address = permittedAddress(name.replace("/", "%2f"), registry);
  const accept = needsTimes ? longForm : shortForm;
  const text = await client.text({ address, accept, limit: largestAnswer });
  if (text === undefined) {
    throw sourceError("SOURCE_MISSING", `The registry ${addressText(registry)} has no package ${name}.`);
  }
  const answer = objectIn(text);
  const entries = asObject(answer?.["versions"]);
  if (entries === undefined) {
    throw sourceError("SOURCE_INVALID", `${addressText(address)} does not answer as a registry does.`);
  }
  const known = Object.keys(entries).filter((version) => isExtensionVersion(version));
  const tags = asObject(answer?.["dist-tags"]) ?? {};
  const times = asObject(answer?.["time"]) ?? {};
  const fitting = fittingVersions(known.sort(rcompare), wanted, tags);
  return fitting.map((version) => {
    const dist = asObject(asObject(entries[version])?.["dist"]);
    const archive = archiveOf(dist, `${name}@${version}`, registry);
    // Copied property by property its getters would be asked.
    return Object.assign(archive, { version, publishedAt: timeIn(times, version) });
  });
}

function timeIn(times: Readonly<Record<string, unknown>>, version: string): Date | undefined {
  const told = Object.hasOwn(times, version) ? times[version] : undefined;
  const time = typeof told === "string" ? new Date(told) : undefined;
  return time === undefined || Number.isNaN(time.getTime()) ? undefined : time;
}

function fittingVersions(
  known: readonly string[],
  wanted: string,
  tags: Readonly<Record<string, unknown>>,
): readonly string[] {
  const tagged = (name: string) => {
    const version = Object.hasOwn(tags, name) ? tags[name] : undefined;
    return typeof version === "string" && known.includes(version) ? version : undefined;
  };
  const latest = tagged("latest");
  const preferring = (first: string | undefined, others: readonly string[]) =>
    first === undefined ? others : [first, ...others.filter((version) => version !== first)];
  if (isVersionRange(wanted)) {
    const fitting = known.filter((version) => satisfies(version, wanted));
    return preferring(latest !== undefined && fitting.includes(latest) ? latest : undefined, fitting);
  }
  const version = tagged(wanted);
  if (version === undefined) return [];
  if (wanted !== "latest") return [version];
  return preferring(
    version,
    known.filter((other) => satisfies(other, `<${version}`)),
  );
}

/** Looked at only where it is used: one bad version among many harms nobody. */
function archiveOf(dist: Readonly<Record<string, unknown>> | undefined, what: string, registry: URL) {
  const told = (key: string): string => {
    const value = dist?.[key];
    if (typeof value === "string" && value !== "") return value;
    const why = key === "integrity" ? "no SHA-512 of its archive" : `no ${key}`;
    throw sourceError("SOURCE_INTEGRITY", `The registry tells ${why} of ${what}.`);
  };
  return {
    get tarball() {
      return permittedAddress(told("tarball"), registry);
    },
    get integrity() {
      return told("integrity");
    },
  };
}
