/**
 * What a manifest's `runtime` says of how its plugin is started and reached. Shapes only: whether the program is there
 * and fits this machine is seen when it is launched. Invariant: what comes out needs no further checks of its form.
 */
import { isAbsolute, posix } from "node:path";
import { readContractSettings, type ContractSettings } from "./contract-settings.js";
import { manifestFault, unknownName } from "./manifest-fault.js";
import { readAttachAddress, type AttachAddress } from "./attach-address.js";

/** A cookie: the variable that tells a plugin that its host starts it, and no person. @internal */
export interface Cookie {
  readonly key: string;
  readonly value: string;
}

/** What is known of a plugin before anything runs. @internal */
export interface GoPluginSettings {
  /** The program for this machine, relative to the extension's folder; undefined if a running one is attached. */
  readonly command: string | undefined;
  readonly args: readonly string[];
  readonly cookie: Cookie;
  /** What this host can speak with it, without repetition. */
  readonly versions: readonly number[];
  /** SHA-256 of the program for this machine, in lower-case digits. */
  readonly sha256: string | undefined;
  readonly tls: "none" | "auto";
  readonly startTimeoutMs: number;
  readonly stopGraceMs: number;
  /** First and last port for a plugin that listens on TCP. */
  readonly ports: { readonly minimum: number; readonly maximum: number };
  /** Whether the program is run where it lies, instead of a private copy. */
  readonly inPlace: boolean;
  readonly attach: AttachAddress | undefined;
  /** How its services answer contributions; undefined for a guest written for Plugboard. */
  readonly contract: ContractSettings | undefined;
}

/** Where the settings are read. @internal */
export interface SettingsPlace {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** May hold {@link attachVariable}. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The cookie of guests written for Plugboard. @internal */
export const ownCookie: Cookie = Object.freeze({
  key: "PLUGBOARD_PLUGIN",
  value: "plugboard-guest",
});

/**
 * Names running plugins to attach to instead of starting new ones, for debugging: `acme.english=unix:/tmp/x`, several
 * with `;` between them. @internal
 */
export const attachVariable = "PLUGBOARD_ATTACH";

const knownKeys = [
  "kind",
  "command",
  "args",
  "cookie",
  "versions",
  "sha256",
  "tls",
  "startTimeoutMs",
  "stopGraceMs",
  "ports",
  "inPlace",
  "attach",
  "proto",
  "services",
  "hostServices",
];

/** Ends before the host's own limit of an activation, so that the error is the one that knows more. */
const usualStartTimeoutMs = 9_000;
const usualStopGraceMs = 2_000;
const usualPorts = { minimum: 10_000, maximum: 25_000 };
const longestTimeMs = 600_000;

/**
 * Reads the `runtime` of a manifest.
 *
 * @throws ExtensionError `MANIFEST_INVALID` or `MANIFEST_PATH` with `details.key`
 * @internal
 */
export function readSettings(
  extensionId: string,
  runtime: Readonly<Record<string, unknown>>,
  place: SettingsPlace,
): GoPluginSettings {
  for (const name of Object.keys(runtime)) {
    if (knownKeys.includes(name)) continue;
    const what = "is not a key that the runtime go-plugin knows";
    throw unknownName(extensionId, `runtime.${name}`, { what, name, names: knownKeys });
  }
  const reader = new Reader(extensionId, runtime, place);
  const attach = reader.attach();
  const tls = reader.tls();
  if (attach !== undefined && tls === "auto") {
    const why =
      'can\'t be "auto" for a plugin that is attached: it trusts only the certificate of whoever started it.';
    throw reader.fault("tls", why);
  }
  const inPlace = reader.flag("inPlace");
  const sha256 = reader.sha256();
  if (inPlace && sha256 !== undefined) {
    const why = "can't be true together with sha256: only a private copy stays what was checked.";
    throw reader.fault("inPlace", why);
  }
  return {
    command: attach === undefined ? reader.command() : undefined,
    args: reader.args(),
    cookie: reader.cookie(),
    versions: reader.versions(),
    sha256,
    tls,
    startTimeoutMs: reader.milliseconds("startTimeoutMs", usualStartTimeoutMs, 1),
    stopGraceMs: reader.milliseconds("stopGraceMs", usualStopGraceMs, 0),
    ports: reader.ports(),
    inPlace,
    attach,
    contract: readContractSettings(extensionId, runtime),
  };
}

class Reader {
  readonly #extensionId: string;
  readonly #runtime: Readonly<Record<string, unknown>>;
  readonly #place: SettingsPlace;

  constructor(extensionId: string, runtime: Readonly<Record<string, unknown>>, place: SettingsPlace) {
    this.#extensionId = extensionId;
    this.#runtime = runtime;
    this.#place = place;
  }

  /** @param key - below `runtime` */
  fault(key: string, what: string): Error {
    return manifestFault(this.#extensionId, `runtime.${key}`, what);
  }

  command(): string {
    const { command } = this.#runtime;
    if (command === undefined) throw this.fault("command", "is missing: name the plugin's program.");
    const found = this.#forPlatform("command", command);
    if (found === undefined) {
      const offered = Object.keys(command as object);
      const has = offered.length === 0 ? "nothing" : offered.join(", ");
      const what = `has nothing for ${this.#platform}, which is this machine; it has ${has}.`;
      throw manifestFault(this.#extensionId, "runtime.command", what, {
        details: { platform: this.#platform, offered },
      });
    }
    const { key, value } = found;
    const path = this.#text(key, value).replaceAll("\\", "/");
    const plain = posix.normalize(path);
    if (posix.isAbsolute(path) || isAbsolute(path) || plain === "." || plain.split("/")[0] === "..") {
      const what = `is ${JSON.stringify(value)}, which is not a path inside the extension's folder.`;
      throw manifestFault(this.#extensionId, `runtime.${key}`, what, { code: "MANIFEST_PATH" });
    }
    return plain;
  }

  args(): readonly string[] {
    const { args = [] } = this.#runtime;
    if (!Array.isArray(args)) throw this.fault("args", "has to be a list of texts.");
    return args.map((argument, index) => {
      if (typeof argument !== "string" || argument.includes("\0"))
        throw this.fault(`args.${index}`, "has to be a text.");
      return argument;
    });
  }

  cookie(): Cookie {
    const { cookie } = this.#runtime;
    if (cookie === undefined) return ownCookie;
    if (!isObject(cookie)) throw this.fault("cookie", "has to be an object with key and value.");
    for (const name of Object.keys(cookie)) {
      if (name === "key" || name === "value") continue;
      throw this.fault(`cookie.${name}`, "is not known: a cookie has key and value.");
    }
    const key = this.#text("cookie.key", cookie.key);
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key))
      throw this.fault("cookie.key", "has to be the name of an environment variable.");
    return { key, value: this.#text("cookie.value", cookie.value) };
  }

  versions(): readonly number[] {
    const { versions = [1] } = this.#runtime;
    const isList = Array.isArray(versions);
    if (!isList && !isObject(versions))
      throw this.fault("versions", "has to be a list of whole numbers, or an object with one key for each.");
    const numbers = isList ? versions : Object.keys(versions);
    if (numbers.length === 0) throw this.fault("versions", "has to name at least one version.");
    return [
      ...new Set(
        numbers.map((version: unknown, index) => {
          const number = isList ? version : wholeNumber(version);
          if (Number.isSafeInteger(number) && (number as number) >= 0) return number as number;
          throw this.fault(
            `versions.${isList ? index : String(version)}`,
            "has to be a whole number, 0 or more.",
          );
        }),
      ),
    ];
  }

  sha256(): string | undefined {
    const { sha256 } = this.#runtime;
    if (sha256 === undefined) return undefined;
    const found = this.#forPlatform("sha256", sha256);
    if (found === undefined) {
      // A checksum for other machines only would leave this one without the check that somebody meant it to have.
      throw this.fault("sha256", `has nothing for ${this.#platform}, which is this machine.`);
    }
    const text = this.#text(found.key, found.value).toLowerCase();
    if (!/^[0-9a-f]{64}$/.test(text)) throw this.fault(found.key, "has to be 64 hexadecimal digits.");
    return text;
  }

  tls(): "none" | "auto" {
    const { tls = "none" } = this.#runtime;
    if (tls !== "none" && tls !== "auto") throw this.fault("tls", 'has to be "none" or "auto".');
    return tls;
  }

  flag(name: string): boolean {
    const { [name]: flag = false } = this.#runtime;
    if (typeof flag !== "boolean") throw this.fault(name, "has to be true or false.");
    return flag;
  }

  milliseconds(name: string, usual: number, least: number): number {
    const { [name]: value = usual } = this.#runtime;
    if (typeof value === "number" && value >= least && value <= longestTimeMs) return value;
    throw this.fault(name, `has to be a number of milliseconds, from ${least} to ${longestTimeMs}.`);
  }

  ports(): GoPluginSettings["ports"] {
    const { ports } = this.#runtime;
    if (ports === undefined) return usualPorts;
    const [minimum, maximum, ...more] = Array.isArray(ports) ? (ports as unknown[]) : [];
    if (!isPort(minimum) || !isPort(maximum) || minimum > maximum || more.length > 0)
      throw this.fault("ports", "has to be a list of two ports, the first and the last, from 1 to 65535.");
    return { minimum, maximum };
  }

  attach(): AttachAddress | undefined {
    const wanted = this.#wantedByEnvironment();
    const { attach } = this.#runtime;
    if (attach === undefined && wanted === undefined) return undefined;
    const source = wanted === undefined ? "attach" : `attach (from ${attachVariable})`;
    const address = readAttachAddress(this.#text(source, wanted ?? attach), Math.max(...this.versions()));
    if (address !== undefined) return address;
    const what = 'has to be "unix:" and a path, "tcp:" with host and port, or the line of a handshake.';
    throw this.fault(source, what);
  }

  get #platform(): string {
    return `${this.#place.platform}-${this.#place.arch}`;
  }

  /** What a key says for this machine: itself, or its value for `linux-x64` or `linux`. */
  #forPlatform(key: string, value: unknown): { readonly key: string; readonly value: unknown } | undefined {
    if (!isObject(value)) return { key, value };
    const name = [this.#platform, this.#place.platform].find((candidate) => Object.hasOwn(value, candidate));
    return name === undefined ? undefined : { key: `${key}.${name}`, value: value[name] };
  }

  #text(key: string, value: unknown): string {
    if (typeof value !== "string" || value === "" || value.includes("\0"))
      throw this.fault(key, value === undefined ? "is missing." : "has to be a text that is not empty.");
    return value;
  }

  #wantedByEnvironment(): string | undefined {
    for (const entry of (this.#place.environment[attachVariable] ?? "").split(";")) {
      const at = entry.indexOf("=");
      if (at > 0 && entry.slice(0, at).trim() === this.#extensionId) return entry.slice(at + 1).trim();
    }
    return undefined;
  }
}

function wholeNumber(text: unknown): number | undefined {
  return typeof text === "string" && /^\d+$/.test(text) ? Number(text) : undefined;
}

function isPort(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65_535;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
