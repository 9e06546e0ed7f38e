/**
 * Refuses options that an application can only have given by mistake, before a host is made of them. TypeScript refuses
 * most of them as well; JavaScript, and objects that were put together elsewhere, are only checked here.
 */
import { ExtensionError } from "@plugboard/extension-api";
import { isRecord } from "../../common/is-record.js";
import { didYouMean } from "./host-errors.js";
import { defaultLimits, defaultRestart, type HostOptions } from "./host-options.js";

/** Says what a value has to be; undefined where it is that. */
type Check = (value: unknown) => string | undefined;

const check =
  (fits: (value: unknown) => boolean, otherwise: string): Check =>
  (value) =>
    fits(value) ? undefined : otherwise;
const listOf =
  (fits: (value: unknown) => boolean, otherwise: string): Check =>
  (value) =>
    Array.isArray(value) && value.every(fits) ? undefined : otherwise;

const isText = (value: unknown) => typeof value === "string";
const isFunction = (value: unknown) => typeof value === "function";
const isPoint = (value: unknown) => isRecord(value) && isText(value.id) && isRecord(value.methods);
const isOffer = (value: unknown) =>
  isRecord(value) && isText(value.id) && value.id !== "" && isRecord(value.methods);
const isRuntime = (value: unknown) => isRecord(value) && isText(value.kind) && isFunction(value.start);

const path = check(isText, "has to be a path");
const paths = listOf(isText, "has to be a list of paths");
const ids = listOf(isText, "has to be a list of ids");
const truth = check((value) => typeof value === "boolean", "has to be true or false");
const table = check(isRecord, "has to be an object");
const tableOrFunction = check(
  (value) => isRecord(value) || isFunction(value),
  "has to be an object or a function",
);
const oneOf = (...words: readonly string[]): Check =>
  check(
    (value) => words.includes(value as string),
    `has to be ${words.map((word) => `"${word}"`).join(" or ")}`,
  );

const checks: Readonly<Record<keyof HostOptions, Check>> = {
  extensionFolders: paths,
  developmentFolders: paths,
  points: listOf(
    isPoint,
    "has to be a list of contribution points, each made by contributionPoint()({ id, … })",
  ),
  services: listOf(isOffer, "has to be a list of services, each made by offer(token, value, { methods })"),
  container: check(isRecord, "has to be an inversify container"),
  watch: truth,
  settings: table,
  enabled: ids,
  disabled: ids,
  configFile: path,
  packages: table,
  runtimePolicy: tableOrFunction,
  grants: tableOrFunction,
  strictBoundaries: truth,
  trust: oneOf("all", "asked"),
  keys: path,
  revokedKeys: oneOf("stop", "next start"),
  lockfile: path,
  runtimes: listOf(isRuntime, "has to be a list of runtimes, each with a kind and start()"),
  stateFolder: path,
  watchdog: oneOf("record", "print"),
  inProcessScope: check(isFunction, "has to be a function"),
  limits: table,
  restart: tableOrFunction,
  logger: check(isRecord, "has to be a logger: an object with debug, info, warn and error"),
};

/**
 * Looks an application's options over.
 *
 * @throws ExtensionError `CONFIG_INVALID` for what is no option, and for a value that an option can't have
 * @internal
 */
export function checkHostOptions(options: unknown): void {
  if (!isRecord(options)) throw invalid("", "createExtensionHost takes an object of options.");
  checkNames(options, checks, "createExtensionHost has no option");
  for (const [name, value] of Object.entries(options)) {
    // What is left undefined is not given.
    const otherwise = value === undefined ? undefined : checks[name as keyof HostOptions](value);
    if (otherwise !== undefined) throw invalid(name, `The option ${name} ${otherwise}, not ${shown(value)}.`);
  }
  if (isRecord(options.limits)) checkNames(options.limits, defaultLimits, "The option limits has no limit");
  if (isRecord(options.restart)) checkNames(options.restart, defaultRestart, "The option restart has no");
}

function checkNames(given: object, known: object, sentence: string): void {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(known, name))
      throw invalid(name, `${sentence} "${name}".${didYouMean(name, Object.keys(known))}`);
  }
}

function invalid(option: string, message: string): ExtensionError {
  return new ExtensionError("CONFIG_INVALID", message, { details: { option } });
}

const longestShown = 60;

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, longestShown));
  if (Array.isArray(value)) return "such a list";
  if (typeof value === "function") return "a function";
  return typeof value === "object" && value !== null ? "such an object" : String(value);
}
