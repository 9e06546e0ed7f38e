/**
 * Turns the text of a plugin.json5 into a frozen manifest or the Problems that keep it from being one.
 * Pure: opens no file, so that whether paths exist is found elsewhere. Invariant: there is a manifest
 * exactly if no Problem is an error, and only a text with findings is read a second time, for its places.
 */
import type { ErrorCode, Problem, ProblemSeverity } from "@plugboard/extension-api";
import { validateManifest, type ExtensionManifest } from "@plugboard/schemas";
import { isRecord } from "../common/is-record.js";
import { freezeDeeply } from "../common/freeze-deeply.js";
import { identityIn, isExtensionVersion, isInRange, isVersionRange } from "./identity.js";
import { childPointer, offsetOf, TextLines } from "./locate.js";
import { faultOfPath } from "./path-in-folder.js";
import {
  maximumDepth,
  readJson5,
  syntaxErrorWording,
  type KeyFinding,
  type ReadFailure,
} from "./read-json5.js";
import { outlineAlone, type KeptManifest, type ManifestOutline } from "./manifest-outline.js";
import { faultsOfGlobs } from "./watch-globs.js";
import type { StringPool } from "./string-pool.js";
import { mostFindings, formatFindings, type FormattedFinding } from "./format-findings.js";

/** A manifest as it was found. @internal */
export interface ManifestSource {
  readonly text: string;
  /** Absolute path of the plugin.json5. */
  readonly file: string;
}

/** Facts about the host for the parser. @internal */
export interface ParseManifestOptions {
  /** Version of @plugboard/extension-api that the host provides. */
  readonly apiVersion: string;
  /** Shared by all manifests that are kept, so that they share strings. */
  readonly strings?: StringPool | undefined;
}

/** The result of parsing a manifest's text. @internal */
export interface ParsedManifest {
  /** The manifest, frozen at every depth and perhaps worked out when it is asked for; absent if any Problem is an error. */
  readonly manifest?: ExtensionManifest;
  /** That part of the manifest, at once. */
  readonly outline?: ManifestOutline;
  /** The id, also of a broken manifest, whenever it could be read and has the right form. */
  readonly id?: string;
  /** The version, also of a broken manifest, whenever it could be read and is one. */
  readonly version?: string;
  /** All findings, in the order of the text. */
  readonly problems: readonly Problem[];
}

/** Largest manifest that is read, in bytes of UTF-8. @internal */
export const maximumManifestBytes = 256 * 1024;

/** Dependencies of each kind: reading a range takes longer than its text suggests. */
const mostDependencies = 1_000;

/** Longest text that is kept in place of the values in it; it takes a third of their memory, unless most is comments. */
const longestKept = 4096;

/** So much of a glob is shown. */
const longestShown = 80;

const noProblems: readonly Problem[] = Object.freeze([]);

/** A finding that has no line and column yet. */
interface Draft {
  readonly code: ErrorCode;
  readonly severity: ProblemSeverity;
  readonly message: string;
  readonly path?: string;
  readonly suggestion?: string;
  /** The place is the key, not its value. */
  readonly key?: boolean;
  /** Where it stands, when that is known without the path. */
  readonly offset?: number;
}

/**
 * Parses a manifest. Never throws: whatever is wrong with the text becomes a Problem, one for each mistake.
 *
 * @internal
 */
export function parseManifest(source: ManifestSource, options: ParseManifestOptions): ParsedManifest {
  const { text, file } = source;
  if (isTooLarge(text)) {
    const message = `The manifest is larger than ${maximumManifestBytes / 1024} KiB.`;
    return { problems: [{ code: "MANIFEST_TOO_LARGE", severity: "error", file, message }] };
  }
  const { value, keyFindings, failure } = readJson5(text, { detached: text.length > longestKept });
  const drafts =
    failure === undefined
      ? checkValue(value, options, keyFindings.length > 0)
      : [failureDraft(failure, text)];
  const identity = identityIn(value);
  const isClean = drafts.length === 0 && keyFindings.length === 0;
  const problems = isClean ? noProblems : placeDrafts(drafts, source, identity.id);
  if (problems.some((problem) => problem.severity === "error")) return { ...identity, problems };
  return new SoundManifest(value as ExtensionManifest, {
    text,
    strings: options.strings,
    ...identity,
    problems,
  });
}

/** A manifest without errors. Most are never asked for more than their outline. */
class SoundManifest implements ParsedManifest, KeptManifest {
  readonly id?: string;
  readonly version?: string;
  readonly problems: readonly Problem[];
  readonly outline: ManifestOutline;
  readonly #strings: StringPool | undefined;
  /** The manifest, or its text until it is asked for. */
  #manifest: ExtensionManifest | string;

  constructor(
    value: ExtensionManifest,
    facts: Pick<ParsedManifest, "id" | "version" | "problems"> &
      Pick<ManifestSource, "text"> &
      Pick<ParseManifestOptions, "strings">,
  ) {
    const { text, strings, id, version, problems } = facts;
    if (id !== undefined) this.id = id;
    if (version !== undefined) this.version = version;
    this.problems = problems;
    this.#strings = strings;
    const isKept = text.length <= longestKept;
    this.outline = isKept ? outlineAlone(value) : value;
    this.#manifest = isKept ? text : freezeDeeply(value);
  }

  get manifest(): ExtensionManifest {
    if (typeof this.#manifest === "string") {
      const { value } = readJson5(this.#manifest, { frozen: true, strings: this.#strings });
      this.#manifest = value as ExtensionManifest;
    }
    return this.#manifest;
  }

  get json(): string {
    const manifest = this.#manifest;
    return JSON.stringify(typeof manifest === "string" ? readJson5(manifest).value : manifest);
  }
}

function isTooLarge(text: string): boolean {
  // A UTF-16 unit takes at most three bytes, which spares most manifests the count.
  return text.length * 3 > maximumManifestBytes && Buffer.byteLength(text) > maximumManifestBytes;
}

function failureDraft(failure: ReadFailure, text: string): Draft {
  const { offset } = failure;
  if (failure.kind === "depth") {
    const message = `The manifest nests deeper than ${maximumDepth} levels.`;
    return { code: "MANIFEST_TOO_DEEP", severity: "error", message, offset };
  }
  const wording = syntaxErrorWording(text) ?? failure.message;
  return {
    code: "MANIFEST_SYNTAX",
    severity: "error",
    message: `The manifest is not JSON5: ${wording}.`,
    offset,
  };
}

/** All that can be said about the value without its text. */
function checkValue(value: unknown, options: ParseManifestOptions, hasKeyFindings: boolean): Draft[] {
  const findings = validateManifest(value);
  const drafts = new Drafts(
    findings.length === 0 ? [] : formatFindings(findings, { value, whole: "The manifest" }).map(schemaDraft),
  );
  if (isRecord(value)) {
    checkVersions(value, options, drafts);
    checkPaths(value, drafts);
  }
  // The draft of a forbidden key says more than that the key is unknown.
  return hasKeyFindings
    ? drafts.all.filter((draft) => !/\/(?:__proto__|constructor|prototype)$/.test(draft.path ?? ""))
    : drafts.all;
}

/** Findings about a value. Invariant: what the schema has found wrong is not found wrong once more. */
class Drafts {
  readonly all: Draft[];
  #added = 0;
  #paths: Set<string | undefined> | undefined;

  constructor(drafts: Draft[]) {
    this.all = drafts;
  }

  /** Adds an error about a value, unless there is a finding about it already. */
  addError(path: string, code: ErrorCode, message: string): void {
    this.#paths ??= new Set(this.all.map((draft) => draft.path));
    if (this.#paths.has(path) || this.#added === mostFindings) return;
    this.#added++;
    this.#paths.add(path);
    this.all.push({ code, severity: "error", message, path });
  }
}

function schemaDraft(finding: FormattedFinding): Draft {
  const { path, message, key, suggestion } = finding;
  return {
    code: finding.unknownKey ? "MANIFEST_UNKNOWN_KEY" : "MANIFEST_INVALID",
    severity: finding.unknownKey ? "warning" : "error",
    message,
    path,
    key,
    ...(suggestion === undefined ? undefined : { suggestion }),
  };
}

function checkVersions(
  manifest: Record<string, unknown>,
  options: ParseManifestOptions,
  drafts: Drafts,
): void {
  const { version, engines } = manifest;
  if (typeof version === "string" && !isExtensionVersion(version)) {
    drafts.addError("/version", "MANIFEST_INVALID", `"version" has to be a semantic version such as 1.2.0.`);
  }
  if (isRecord(engines) && typeof engines.plugboard === "string")
    checkEngine(engines.plugboard, options, drafts);
  checkRanges(manifest, "extensionDependencies", drafts);
  checkRanges(manifest, "optionalExtensionDependencies", drafts);
}

function checkEngine(range: string, { apiVersion }: ParseManifestOptions, drafts: Drafts): void {
  const path = "/engines/plugboard";
  if (!isVersionRange(range)) {
    drafts.addError(
      path,
      "MANIFEST_INVALID",
      `"engines.plugboard" has to be a range of versions such as ^1.0.0.`,
    );
  } else if (!isInRange(apiVersion, range)) {
    const message = `The extension asks for Plugboard ${range}, and this host provides ${apiVersion}.`;
    drafts.addError(path, "MANIFEST_INCOMPATIBLE", message);
  }
}

function checkRanges(
  manifest: Record<string, unknown>,
  field: "extensionDependencies" | "optionalExtensionDependencies",
  drafts: Drafts,
): void {
  const dependencies = manifest[field];
  if (!isRecord(dependencies)) return;
  const ranges = Object.entries(dependencies);
  if (ranges.length > mostDependencies) {
    const message = `"${field}" must not name more than ${mostDependencies} extensions.`;
    drafts.addError(`/${field}`, "MANIFEST_INVALID", message);
    return;
  }
  for (const [id, range] of ranges) {
    if (typeof range !== "string" || isVersionRange(range)) continue;
    const message = `The range of "${id}" in "${field}" has to be a range of versions such as ^1.0.0.`;
    drafts.addError(childPointer(`/${field}`, id), "MANIFEST_INVALID", message);
  }
}

function checkPaths(manifest: Record<string, unknown>, drafts: Drafts): void {
  const { main, icon, watch, contributes } = manifest;
  if (main !== undefined) checkPath(main, "/main", drafts);
  if (icon !== undefined) checkPath(icon, "/icon", drafts);
  if (Array.isArray(watch)) checkGlobs(watch, drafts);
  if (!isRecord(contributes)) return;
  checkItemPaths(contributes, "points", "schema", drafts);
  checkItemPaths(contributes, "runtimes", "settings", drafts);
}

function checkGlobs(watch: readonly unknown[], drafts: Drafts): void {
  for (const [index, glob] of watch.entries()) checkPath(glob, `/watch/${index}`, drafts);
  const globs = watch.map((glob) => (typeof glob === "string" ? glob : ""));
  for (const { index, fault } of faultsOfGlobs(globs)) {
    const message = `The glob ${JSON.stringify(shortened(globs[index] ?? ""))} ${fault}.`;
    drafts.addError(`/watch/${index}`, "MANIFEST_INVALID", message);
  }
}

function shortened(glob: string): string {
  return glob.length > longestShown ? `${glob.slice(0, longestShown)}…` : glob;
}

function checkItemPaths(
  contributes: Readonly<Record<string, unknown>>,
  section: string,
  key: string,
  drafts: Drafts,
): void {
  const items = contributes[section];
  if (!Array.isArray(items)) return;
  for (const [index, item] of (items as unknown[]).entries()) {
    if (isRecord(item)) checkPath(item[key], `/contributes/${section}/${index}/${key}`, drafts);
  }
}

function checkPath(path: unknown, pointer: string, drafts: Drafts): void {
  if (typeof path !== "string") return;
  const fault = faultOfPath(path);
  if (fault !== undefined)
    drafts.addError(pointer, "MANIFEST_PATH", `The path ${JSON.stringify(path)} ${fault}.`);
}

/** Reads the text again, now for its places, and finishes the Problems in the order of the text. */
function placeDrafts(
  drafts: readonly Draft[],
  { text, file }: ManifestSource,
  id: string | undefined,
): Problem[] {
  const { place, keyFindings } = readJson5(text, { places: true });
  const lines = new TextLines(text);
  return [...drafts, ...keyFindings.slice(0, mostFindings).map((finding) => keyDraft(finding, lines))]
    .map((draft) => ({
      draft,
      offset: draft.offset ?? offsetOf(place, draft.path ?? "", draft.key ? "key" : "value"),
    }))
    .sort((a, b) => a.offset - b.offset)
    .map(({ draft, offset }) => ({
      code: draft.code,
      severity: draft.severity,
      file,
      ...lines.at(offset),
      ...(draft.path === undefined ? undefined : { path: draft.path }),
      message: draft.message,
      ...(draft.suggestion === undefined ? undefined : { suggestion: draft.suggestion }),
      ...(id === undefined ? undefined : { extensionId: id }),
    }));
}

function keyDraft(finding: KeyFinding, lines: TextLines): Draft {
  const { key, offset, path, firstOffset } = finding;
  const place = { offset, ...(path === undefined ? undefined : { path }) };
  if (finding.kind === "forbidden") {
    const message = `The key "${key}" is refused: it could change the prototype of an object.`;
    return { code: "MANIFEST_FORBIDDEN_KEY", severity: "error", message, ...place };
  }
  const first = firstOffset === undefined ? "" : `, first in line ${lines.at(firstOffset).line}`;
  const message = `The key ${JSON.stringify(key)} is named twice${first}.`;
  return { code: "MANIFEST_DUPLICATE_KEY", severity: "error", message, ...place };
}
