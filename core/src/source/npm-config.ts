/**
 * What npm's own configuration says about registries: their addresses, what to show them, what certificates to
 * trust, through which proxy to go, and how old a version has to be. Read from the environment, the project's, the user's and the machine's
 * .npmrc, an earlier one before a later one. npm itself is asked for one thing only: its registry, where none of them names one.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parse } from "ini";
import { readRegularFile } from "../common/read-regular-file.js";
import { WatchGlobs } from "../manifest/watch-globs.js";
import { permittedAddress } from "./address.js";
import { sourceError } from "./source-error.js";

const longestQuestionMs = 20_000;
const largestFile = 2 ** 20;

/** The places in which configuration is looked for. @internal */
export interface NpmSurroundings {
  /** The project's .npmrc lies in it or above. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Which versions of a package are old enough to be installed. @internal */
export interface ReleaseLimit {
  /** Those published until then. */
  readonly until: Date;
  /** How old they have to be, where that is what was set: the limit moves on with time. */
  readonly ageMs?: number | undefined;
  /** The setting, for people. */
  readonly setting: string;
}

const dayMs = 86_400_000;
/** The two say the same in two ways: whichever place is looked at first and has one of them decides. */
const limitKeys = ["before", "min-release-age"] as const;

/** The settings that count here. @internal */
export class NpmConfig {
  readonly #settings: ReadonlyMap<string, string>;
  readonly #surroundings: NpmSurroundings;

  constructor(settings: ReadonlyMap<string, string>, surroundings: NpmSurroundings) {
    this.#settings = settings;
    this.#surroundings = surroundings;
  }

  /**
   * The registry of a package: that of its scope, if there is one.
   *
   * @throws ExtensionError `SOURCE_CONFIG` where none is named and there is no npm to tell its own
   */
  async registryOf(name: string): Promise<URL> {
    const scope = name.startsWith("@") ? name.slice(0, name.indexOf("/")) : undefined;
    const ofScope = scope === undefined ? undefined : this.#settings.get(`${scope}:registry`);
    const address = ofScope ?? this.#settings.get("registry") ?? (await this.#registryOfNpm());
    return permittedAddress(address.endsWith("/") ? address : `${address}/`);
  }

  /** What to show to whom an address belongs, as the value of the header `authorization`. */
  authorization({ host, pathname }: URL): string | undefined {
    for (let place = pathname; ; place = place.slice(0, place.lastIndexOf("/"))) {
      for (const key of [`//${host}${place}/`, `//${host}${place}`]) {
        const token = this.#settings.get(`${key}:_authToken`);
        if (token !== undefined) return `Bearer ${token}`;
        const basic = this.#settings.get(`${key}:_auth`) ?? this.#basic(key);
        if (basic !== undefined) return `Basic ${basic}`;
      }
      if (place === "") return undefined;
    }
  }

  /** Certificates to trust beside those that Node does. */
  certificates(): readonly string[] {
    const file = this.#settings.get("cafile");
    const inline = this.#settings.get("ca")?.replaceAll("\\n", "\n");
    const fromFile = file === undefined ? undefined : readSetting(resolve(this.#surroundings.cwd, file));
    return [inline, fromFile].filter((text) => text !== undefined && text.trim() !== "") as string[];
  }

  /** The proxies, named as in the environment. */
  proxies(): Readonly<Record<string, string>> {
    const { env } = this.#surroundings;
    const found = {
      HTTP_PROXY: this.#settings.get("proxy") ?? env["HTTP_PROXY"] ?? env["http_proxy"],
      HTTPS_PROXY: this.#settings.get("https-proxy") ?? env["HTTPS_PROXY"] ?? env["https_proxy"],
      NO_PROXY: this.#settings.get("noproxy") ?? env["NO_PROXY"] ?? env["no_proxy"],
    };
    return Object.fromEntries(Object.entries(found).filter(([, value]) => isSet(value))) as Record<
      string,
      string
    >;
  }

  /**
   * How old versions of a package have to be, as `min-release-age` and `before` say; undefined if they may be new.
   *
   * @throws ExtensionError `SOURCE_CONFIG` for what is no number of days or no date: a slip must not lift the limit
   */
  releaseLimit(name: string, now = Date.now()): ReleaseLimit | undefined {
    const before = this.#settings.get("before");
    const age = this.#settings.get("min-release-age");
    if (isSet(before)) {
      const until = new Date(before);
      if (Number.isNaN(until.getTime())) throw notUnderstood("before", before, "a date such as 2026-01-31");
      return this.#isExcluded(name) ? undefined : { until, setting: `before=${before}` };
    }
    if (!isSet(age)) return undefined;
    const days = Number(age);
    if (!(days >= 0 && Number.isFinite(days)))
      throw notUnderstood("min-release-age", age, "a number of days");
    if (days === 0 || this.#isExcluded(name)) return undefined;
    const ageMs = days * dayMs;
    return { until: new Date(now - ageMs), ageMs, setting: `min-release-age=${age}` };
  }

  /** Read as npm does: a pattern only ever lifts the limit, so none may turn into one for everything by a slip. */
  #isExcluded(name: string): boolean {
    const patterns = (this.#settings.get("min-release-age-exclude") ?? "").split(/[,\n]/);
    const listed = patterns.map((pattern) => pattern.trim()).filter((pattern) => pattern !== "");
    if (listed.length === 0 || listed.includes(name)) return listed.length > 0;
    return new WatchGlobs(listed).fits(name);
  }

  #registryOfNpm(): Promise<string> {
    const { cwd, env } = this.#surroundings;
    const options = {
      cwd,
      env: { ...env },
      timeout: longestQuestionMs,
      // On Windows npm is a script of the shell's.
      shell: process.platform === "win32",
    };
    return new Promise((resolve, reject) => {
      execFile("npm", ["config", "get", "registry"], options, (cause, stdout) => {
        if (cause === null) resolve(stdout.trim());
        else
          reject(
            sourceError("SOURCE_CONFIG", "No registry is named, and npm can't be asked for its own.", {
              cause,
            }),
          );
      });
    });
  }

  #basic(key: string): string | undefined {
    const user = this.#settings.get(`${key}:username`);
    const password = this.#settings.get(`${key}:_password`);
    if (user === undefined || password === undefined) return undefined;
    // npm keeps the password, and only the password, in base64.
    return Buffer.from(`${user}:${Buffer.from(password, "base64").toString()}`).toString("base64");
  }
}

/**
 * Reads the configuration.
 *
 * @throws ExtensionError `SOURCE_CONFIG` for a file that is there and can't be read
 * @internal
 */
export function readNpmConfig(surroundings: NpmSurroundings): NpmConfig {
  const { cwd, env } = surroundings;
  const settings = fromEnvironment(env);
  const add = (file: string | undefined) => {
    if (file === undefined || !existsSync(file)) return;
    const found = fromFile(file, env);
    if (limitKeys.some((key) => settings.has(key))) for (const key of limitKeys) found.delete(key);
    for (const [key, value] of found) if (!settings.has(key)) settings.set(key, value);
  };
  const home = env["HOME"] ?? env["USERPROFILE"] ?? homedir();
  add(join(projectFolder(cwd), ".npmrc"));
  add(settings.get("userconfig") ?? join(home, ".npmrc"));
  const prefix = settings.get("prefix") ?? dirname(dirname(process.execPath));
  add(settings.get("globalconfig") ?? join(prefix, "etc", "npmrc"));
  return new NpmConfig(settings, surroundings);
}

/** `npm_config_fetch_timeout` means `fetch-timeout`; what starts with two slashes belongs to an address. */
function fromEnvironment(env: NpmSurroundings["env"]): Map<string, string> {
  const settings = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    const [, key] = /^npm_config_(.+)$/i.exec(name) ?? [];
    if (key === undefined || value === undefined || value === "") continue;
    settings.set(key.startsWith("//") ? key : key.toLowerCase().replaceAll(/(?!^)_/g, "-"), value);
  }
  return settings;
}

function fromFile(file: string, env: NpmSurroundings["env"]): Map<string, string> {
  const settings = new Map<string, string>();
  for (const [key, value] of Object.entries(parse(readSetting(file)))) {
    // A list, such as that of certificates, is written with the same key again and again.
    const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
    // A limit of none lifts that of a place that is looked at later.
    const isLifted = value === null && limitKeys.some((limit) => limit === key);
    if (!isLifted && parts.some((part) => typeof part === "object")) continue;
    settings.set(withVariables(key, env), withVariables(parts.map(String).join("\n"), env));
  }
  return settings;
}

/** `${NAME}` stands for a variable of the environment; `${NAME?}` for nothing where there is none. */
function withVariables(text: string, env: NpmSurroundings["env"]): string {
  return text.replaceAll(
    /\$\{([^${}?]+)(\?)?\}/g,
    (whole, name: string, isOptional?: string) => env[name] ?? (isOptional === undefined ? whole : ""),
  );
}

/** Where npm takes the project to begin: the nearest folder that has packages or is one. */
function projectFolder(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const isProject = ["package.json", "node_modules"].some((name) => existsSync(join(folder, name)));
    if (isProject) return folder;
    if (dirname(folder) === folder) return cwd;
  }
}

function readSetting(file: string): string {
  try {
    return readRegularFile(file, largestFile);
  } catch (cause) {
    throw sourceError("SOURCE_CONFIG", `${file} can't be read.`, { cause });
  }
}

function notUnderstood(key: string, value: string, wanted: string) {
  const message = `npm's setting ${key} is ${JSON.stringify(value)}; it has to be ${wanted}.`;
  return sourceError("SOURCE_CONFIG", message);
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "" && value !== "null" && value !== "false";
}
