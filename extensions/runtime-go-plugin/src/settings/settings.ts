/**
 * What a manifest's `runtime` says of how its plugin is started and reached. The host has checked it against
 * `runtime.schema.json`: what is looked at here is only what no schema can say, because it depends on this machine, on
 * the environment or on another key. Whether the program is there and fits this machine is seen when it is launched.
 */
import { posix } from "node:path";
import {
  isList,
  readContractSettings,
  type ContractSettings,
  type WrittenContract,
} from "./contract-settings.js";
import { manifestFault } from "./manifest-fault.js";
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

/** The name under which manifests ask for this runtime. */
const kind = "go-plugin";

/** What fits `runtime.schema.json`. */
interface WrittenSettings extends WrittenContract {
  readonly command?: ByPlatform;
  readonly args?: readonly string[];
  readonly cookie?: Cookie;
  readonly sha256?: ByPlatform;
  readonly tls?: "none" | "auto";
  readonly startTimeoutMs?: number;
  readonly stopGraceMs?: number;
  readonly ports?: readonly [minimum: number, maximum: number];
  readonly inPlace?: boolean;
  readonly attach?: string;
}

/** A text, or one for each platform such as `linux-x64` or `linux`. */
type ByPlatform = string | Readonly<Record<string, string>>;

/** Ends before the host's own limit of an activation, so that the error is the one that knows more. */
const usualStartTimeoutMs = 9_000;
const usualStopGraceMs = 2_000;
const usualPorts = [10_000, 25_000] as const;

/**
 * Reads the `runtime` of a manifest that fits the schema.
 *
 * @throws ExtensionError `MANIFEST_INVALID` with `details.key`
 * @internal
 */
export function readSettings(
  extensionId: string,
  runtime: { readonly kind: string } & Readonly<Record<string, unknown>>,
  place: SettingsPlace,
): GoPluginSettings {
  const fault = (key: string, what: string) => manifestFault(extensionId, `runtime.${key}`, what);
  // The settings of another runtime, from which the application's policy has moved the extension, mean nothing here.
  const written = runtime.kind === kind ? (runtime as WrittenSettings) : {};
  const { args = [], cookie = ownCookie, tls = "none", ports = usualPorts, inPlace = false } = written;
  const versions = versionsOf(written);
  const attach = readAttach(written, { extensionId, versions, place });
  if (attach !== undefined && tls === "auto") {
    const why =
      'can\'t be "auto" for a plugin that is attached: it trusts only the certificate of whoever started it.';
    throw fault("tls", why);
  }
  if (inPlace && written.sha256 !== undefined)
    throw fault("inPlace", "can't be true together with sha256: only a private copy stays what was checked.");
  const [minimum, maximum] = ports;
  if (minimum > maximum) throw fault("ports", "has to be a list of two ports, the first and the last.");
  const machine = { extensionId, platforms: [`${place.platform}-${place.arch}`, place.platform] as const };
  return {
    command: attach === undefined ? commandOf(written, machine) : undefined,
    args,
    cookie,
    versions,
    // A checksum for other machines only would leave this one without the check that somebody meant it to have.
    sha256: written.sha256 && forMachine("sha256", written.sha256, machine).toLowerCase(),
    tls,
    startTimeoutMs: written.startTimeoutMs ?? usualStartTimeoutMs,
    stopGraceMs: written.stopGraceMs ?? usualStopGraceMs,
    ports: { minimum, maximum },
    inPlace,
    attach,
    contract: readContractSettings(extensionId, written),
  };
}

interface Machine {
  readonly extensionId: string;
  /** Names of its platform, the narrowest first. */
  readonly platforms: readonly [string, string];
}

function commandOf({ command }: WrittenSettings, machine: Machine): string {
  if (command === undefined)
    throw manifestFault(machine.extensionId, "runtime.command", "is missing: name the plugin's program.");
  return posix.normalize(forMachine("command", command, machine).replaceAll("\\", "/"));
}

/** What a key says for this machine: itself, or its value for `linux-x64` or `linux`. */
function forMachine(key: string, value: ByPlatform, { extensionId, platforms }: Machine): string {
  if (typeof value === "string") return value;
  const name = platforms.find((candidate) => Object.hasOwn(value, candidate));
  const found = name === undefined ? undefined : value[name];
  if (found !== undefined) return found;
  const [platform] = platforms;
  const offered = Object.keys(value);
  const has = offered.length === 0 ? "nothing" : offered.join(", ");
  const what = `has nothing for ${platform}, which is this machine; it has ${has}.`;
  throw manifestFault(extensionId, `runtime.${key}`, what, { details: { platform, offered } });
}

function versionsOf({ versions = [1] }: WrittenSettings): readonly number[] {
  return [...new Set(isList(versions) ? versions : Object.keys(versions).map(Number))];
}

function readAttach(
  { attach }: WrittenSettings,
  {
    extensionId,
    versions,
    place,
  }: { readonly extensionId: string; readonly versions: readonly number[]; readonly place: SettingsPlace },
): AttachAddress | undefined {
  const wanted = wantedByEnvironment(extensionId, place);
  const text = wanted ?? attach;
  if (text === undefined) return undefined;
  const address = readAttachAddress(text, Math.max(...versions));
  if (address !== undefined) return address;
  const key = wanted === undefined ? "runtime.attach" : `runtime.attach (from ${attachVariable})`;
  const what = 'has to be "unix:" and a path, "tcp:" with host and port, or the line of a handshake.';
  throw manifestFault(extensionId, key, what);
}

function wantedByEnvironment(extensionId: string, { environment }: SettingsPlace): string | undefined {
  for (const entry of (environment[attachVariable] ?? "").split(";")) {
    const at = entry.indexOf("=");
    if (at > 0 && entry.slice(0, at).trim() === extensionId) return entry.slice(at + 1).trim();
  }
  return undefined;
}
