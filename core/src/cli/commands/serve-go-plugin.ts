/**
 * `serve-go-plugin`: extensions as the plugin of a Go program. The host is loaded after the handshake, while the Go
 * program connects; the runtime package that speaks its protocol is an optional peer.
 */
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Option } from "commander";
import type {
  ContributionPoint,
  ExtensionHost,
  LiveCollection,
  Logger,
  LogLevel,
  ServiceOffer,
} from "../../index.js";
import type { CommandContext, CommandSurroundings } from "../command-context.js";
import type { OutputStream, StopReason } from "../command-io.js";
import { withServices, type CommandDescription } from "../command.js";
import { exitCode, InputError, UsageError } from "../exit-code.js";
import { collect } from "../options.js";
import { Output } from "../output/output.js";
import { folderText } from "../output/path-text.js";

/** What `serve-go-plugin` says of itself. @internal */
export const serveGoPluginCommand: CommandDescription<ServeGoPluginFlags> = {
  examples: [
    "serve-go-plugin ./extensions",
    "serve-go-plugin ./extensions/english --cookie MY_APP_PLUGIN=greetings",
    "serve-go-plugin ./extensions --service acme.orders=find:1,count:0",
  ],
  common: ["extensions", "config", "state"],
  options: [
    new Option("--cookie <key=value>", "the cookie that the Go program sets (default: Plugboard's own)"),
    new Option(
      "--versions <numbers>",
      "versions of the protocol to choose from, separated by commas",
    ).default("1"),
    new Option(
      "--service <id=method:arguments,...>",
      "a service that the Go program offers to extensions; may be repeated",
    ).argParser(collect),
    new Option("--tcp", "listen on a port of this machine instead of a unix socket"),
  ],
  notes: `
A folder is an extension or holds some; without one, those of --extensions or of the config file are served.
The Go program uses hashicorp/go-plugin with gRPC, and the services of contract.proto in @plugboard/runtime-go-plugin.`,
  action: serveGoPlugin,
};

/** The options as the command line gives them. */
interface ServeGoPluginFlags {
  readonly cookie?: string;
  readonly versions?: string;
  readonly service?: readonly string[];
  readonly tcp?: boolean;
}

/** The part of `@plugboard/runtime-go-plugin/serve` that is used; core can't depend on an extension. @internal */
export interface GoPluginServing {
  readonly servingCookie: GoCookie;
  isStartedByHost(this: void, environment: Environment, cookie: GoCookie): boolean;
  serveGoPlugin(this: void, options: GoServingOptions): Promise<GoServer>;
}

type Environment = Readonly<Record<string, string | undefined>>;

interface GoCookie {
  readonly key: string;
  readonly value: string;
}

interface GoHostLink {
  call(service: string, method: string, args: readonly unknown[]): Promise<unknown>;
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
}

interface GoServingOptions {
  readonly host: (link: GoHostLink) => Promise<{
    contributions<Contract>(point: ContributionPoint<Contract>): LiveCollection<Contract>;
    stop(): Promise<void>;
  }>;
  readonly handshake: (line: string) => Promise<void>;
  readonly log: (line: string) => void;
  readonly cookie: GoCookie;
  readonly versions: readonly number[];
  readonly environment: Environment;
  readonly network?: "unix" | "tcp";
}

interface GoServer {
  readonly closed: Promise<string>;
  print(stream: "stdout" | "stderr", data: Uint8Array): void;
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
  stop(reason: string): Promise<void>;
}

/** Serves until the Go program lets go of it. */
async function serveGoPlugin(
  surroundings: CommandSurroundings,
  folders: readonly string[],
  flags: ServeGoPluginFlags,
): Promise<number> {
  const { io } = surroundings;
  const services = (flags.service ?? []).map(serviceSpec);
  const versions = versionsIn(flags.versions ?? "1");
  const serving = await loadServing();
  const cookie = flags.cookie === undefined ? serving.servingCookie : cookieIn(flags.cookie);
  if (!serving.isStartedByHost(io.env, cookie)) throw startedByHand(cookie);
  const places = await placesOf(folders, io.cwd);

  io.ignoreInterrupts();
  let server: GoServer | undefined;
  const streams = io.takeStreams(({ stream, data }) => server?.print(stream, data));
  const stray = io.onStrayOutput(({ level, text, owner }) =>
    server?.log(level, text, owner && { extensionId: owner.id, generation: owner.generation }),
  );
  const stop = () => void server?.stop(`it was told to by ${io.signal.reason as StopReason}`);
  try {
    server = await serving.serveGoPlugin({
      cookie,
      versions,
      environment: io.env,
      ...(flags.tcp === true ? { network: "tcp" as const } : {}),
      handshake: (line) => streams.stdout(line),
      log: (line) => streams.stderr(line),
      host: async (link) =>
        startHost(await withServices(surroundings), { places, link, offers: offersOf(services, link) }),
    });
    io.signal.addEventListener("abort", stop, { once: true });
    if (io.signal.aborted) stop();
    await server.closed;
    return exitCode.done;
  } finally {
    io.signal.removeEventListener("abort", stop);
    stray.dispose();
    streams.dispose();
  }
}

interface HostRequest {
  readonly places: Places | undefined;
  readonly link: GoHostLink;
  readonly offers: readonly ServiceOffer[];
}

/** Resolves once the extensions are listed: calls activate them, and wait for nothing else. */
async function startHost(
  surroundings: CommandContext,
  { places, link, offers }: HostRequest,
): Promise<ExtensionHost> {
  const { hostSetup, reportMissingFolders } = await import("../host-setup.js");
  const { stdout, env, cwd } = surroundings.io;
  const output = new Output({ stdout, stderr: logStream(link), env, cwd }, { json: false });
  const context: CommandContext = { ...surroundings, output };
  const setup = await hostSetup(context);
  if (places === undefined) await reportMissingFolders(setup, context);
  // A Go program may start any number of these, and ends them when it likes: each keeps its state in memory, for itself alone.
  const { stateFolder: _stateFolder, ...hostOptions } = setup.hostOptions;
  const host = context.services.createHost({
    ...hostOptions,
    ...places,
    services: offers,
    watch: false,
    logger: loggerOf(link),
  });
  const starting = host.start();
  starting.catch((error: unknown) => link.log("error", "the extension host failed to start", { error }));
  await Promise.race([host.listed, starting]);
  for (const { id, folder, problems } of host.extensions) {
    for (const { code, severity, message, file, line } of problems) {
      const level = severity === "error" ? "error" : "warn";
      link.log(level, message, { code, extension: id ?? folder, file, line });
    }
  }
  return host;
}

interface Places {
  readonly extensionFolders: readonly string[];
  readonly developmentFolders: readonly string[];
}

/** A folder with a manifest is an extension, any other holds some. */
async function placesOf(folders: readonly string[], cwd: string): Promise<Places | undefined> {
  if (folders.length === 0) return undefined;
  const absolute = folders.map((folder) => resolve(cwd, folder));
  const kinds = await Promise.all(absolute.map(kindOf));
  const missing = absolute.find((_folder, index) => kinds[index] === "missing");
  if (missing !== undefined) {
    throw new InputError(
      "DISCOVERY_FOLDER_MISSING",
      `The folder ${folderText(missing, cwd)} does not exist.`,
    );
  }
  return {
    extensionFolders: absolute.filter((_folder, index) => kinds[index] === "collection"),
    developmentFolders: absolute.filter((_folder, index) => kinds[index] === "extension"),
  };
}

async function kindOf(folder: string): Promise<"missing" | "collection" | "extension"> {
  const exists = (path: string) =>
    stat(path).then(
      () => true,
      () => false,
    );
  const [isThere, hasManifest] = await Promise.all([exists(folder), exists(join(folder, "plugin.json5"))]);
  return hasManifest ? "extension" : isThere ? "collection" : "missing";
}

/**
 * The optional package that speaks the protocol.
 *
 * @throws InputError when it is not installed
 * @internal
 */
export async function loadServing(): Promise<GoPluginServing> {
  // Typed as text: the compiler must not look for a package that need not be there.
  const name: string = "@plugboard/runtime-go-plugin/serve";
  try {
    return (await import(name)) as GoPluginServing;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new InputError(
      "MODULE_NOT_FOUND",
      "Serving Go programs needs the package @plugboard/runtime-go-plugin.",
      "Install it beside @plugboard/core with: npm install @plugboard/runtime-go-plugin",
    );
  }
}

function startedByHand({ key, value }: GoCookie): InputError {
  return new InputError(
    "RUNTIME_START_FAILED",
    "This is a plugin: a Go program starts it and talks to it, it is of no use by hand.",
    `A Go program says so by ${key}=${value}; give another cookie with --cookie, or run the extensions with: plugboard start`,
  );
}

interface ServiceSpec {
  readonly id: string;
  readonly methods: Readonly<Record<string, number>>;
}

function serviceSpec(text: string): ServiceSpec {
  const [id = "", list = "", ...rest] = text.split("=");
  const methods = list.split(",").map((method) => /^([A-Za-z_$][\w$]*):(\d{1,2})$/.exec(method.trim()));
  if (id.trim() === "" || rest.length > 0 || methods.includes(null)) {
    throw new UsageError(
      `--service takes <id=method:arguments,...>, for instance acme.orders=find:1, not ${text}`,
    );
  }
  return {
    id: id.trim(),
    methods: Object.fromEntries(methods.map((match) => [match?.[1] ?? "", Number(match?.[2])])),
  };
}

function offersOf(specs: readonly ServiceSpec[], link: GoHostLink): readonly ServiceOffer[] {
  return specs.map(({ id, methods }) => {
    const calls = Object.keys(methods).map((method) => [
      method,
      (...args: readonly unknown[]) => link.call(id, method, args),
    ]);
    return { id, methods, value: Object.fromEntries(calls) as object };
  });
}

function cookieIn(text: string): GoCookie {
  const equals = text.indexOf("=");
  if (equals < 1) throw new UsageError(`--cookie takes <key=value>, not ${text}`);
  return { key: text.slice(0, equals), value: text.slice(equals + 1) };
}

function versionsIn(text: string): readonly number[] {
  const versions = text.split(",").map((version) => version.trim());
  if (!versions.every((version) => /^\d{1,9}$/.test(version))) {
    throw new UsageError(`--versions takes whole numbers separated by commas, not ${text}`);
  }
  return versions.map(Number);
}

function loggerOf(link: GoHostLink): Logger {
  const at =
    (level: LogLevel): Logger[LogLevel] =>
    (message, fields) =>
      link.log(level, message, fields);
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** What other commands tell a person goes to the log here. */
function logStream(link: GoHostLink): OutputStream {
  return {
    write: (text) => {
      link.log("warn", text.trimEnd());
      return true;
    },
    once: () => undefined,
    on: () => undefined,
    off: () => undefined,
  };
}
