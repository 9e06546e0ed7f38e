/**
 * Runs extensions whose code is a go-plugin binary: one process for each generation. Decides what is started or
 * attached, and who speaks with it; how either is done stands elsewhere.
 * Invariant: a plugin is either in the hands of a session or gone.
 */
import type { CallContext, RuntimeSession, StartRequest } from "@plugboard/extension-api";
import { contractSession, ContractSchemas } from "./contract/contract-session.js";
import { ProtoFiles } from "./contract/proto-files.js";
import { openFrameChannel } from "./frames/frame-channel.js";
import type { ContractSettings } from "./settings/contract-settings.js";
import { attachText } from "./settings/attach-address.js";
import { Launcher } from "./launch/launcher.js";
import type { Program } from "./launch/program-store.js";
import { exitsWithin } from "./process/settled-within.js";
import { connectPlugin, type ConnectedPlugin } from "./plugin/connected-plugin.js";
import { PluginLog } from "./plugin/plugin-log.js";
import { readSettings, type GoPluginSettings } from "./settings/settings.js";

/** Where plugins run. @internal */
export interface GoPluginRuntimeOptions {
  /** The host's own environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A plugin, connected, and the program that it was started from. */
interface StartedPlugin {
  readonly plugin: ConnectedPlugin;
  readonly program: Program | undefined;
}

/** A plugin that has shaken hands late still has a moment to be connected to. */
const leastConnectMs = 1_000;

/** Time that the system may take to end what nothing can survive. */
const killMs = 1_000;

/** Runs go-plugin binaries. @internal */
export class GoPluginRuntime {
  readonly #options: GoPluginRuntimeOptions;
  readonly #launcher: Launcher;
  readonly #protoFiles = new ProtoFiles();
  readonly #plugins = new Set<ConnectedPlugin>();
  /** What a session can be restored from, although its file has changed since. */
  readonly #programs = new WeakMap<RuntimeSession, Program>();

  constructor(options: GoPluginRuntimeOptions) {
    this.#options = options;
    this.#launcher = new Launcher(options);
  }

  /** Starts, or attaches to, the plugin of one generation. */
  async start(request: StartRequest, { signal }: Pick<CallContext, "signal">): Promise<RuntimeSession> {
    const { platform, arch } = process;
    const { environment } = this.#options;
    const settings = readSettings(request.extension.id, request.runtime, { platform, arch, environment });
    // Its own error knows more than the host's, and comes first.
    if (request.runtime.startTimeoutMs !== undefined)
      request.extendTimeout(settings.startTimeoutMs + leastConnectMs + killMs);
    const log = new PluginLog(request.logger);
    const schemas = new ContractSchemas(this.#protoFiles, request);
    // A process takes its time to speak.
    const onBegin = (): void => {
      if (settings.contract !== undefined) schemas.readAhead(settings.contract);
    };
    const { plugin, program } =
      settings.attach === undefined
        ? await this.#launch(request, { settings, log, onBegin }, signal)
        : await this.#attach(request, settings, log, signal);
    this.#plugins.add(plugin);
    void plugin.exited.then(() => this.#plugins.delete(plugin));
    const kill = (): void => plugin.kill();
    signal.addEventListener("abort", kill, { once: true });
    try {
      signal.throwIfAborted();
      const session = await sessionOf(plugin, { settings: settings.contract, schemas, request });
      if (program !== undefined) this.#programs.set(session, program);
      return session;
    } catch (error) {
      plugin.kill();
      await plugin.exited;
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener("abort", kill);
    }
  }

  /**
   * Ends all plugins; settles when none is left.
   *
   * @param options.patienceMs - how long their sessions have to end them in order
   */
  async dispose({ patienceMs }: { readonly patienceMs: number }): Promise<void> {
    const leaving = Promise.all([...this.#plugins].map(({ exited }) => exited));
    const patience = Promise.withResolvers<void>();
    const timer = setTimeout(patience.resolve, patienceMs);
    await Promise.race([leaving, patience.promise]);
    clearTimeout(timer);
    const because = "The runtime go-plugin was stopped.";
    await Promise.all([...this.#plugins].map((plugin) => plugin.stop({ because })));
    await this.#launcher.dispose();
  }

  async #launch(
    request: StartRequest,
    {
      settings,
      log,
      onBegin,
    }: { readonly settings: GoPluginSettings; readonly log: PluginLog; readonly onBegin: () => void },
    signal: AbortSignal,
  ): Promise<StartedPlugin> {
    const { extension, logger, cutLines } = request;
    let begunAt = performance.now();
    const launched = await this.#launcher.launch(
      {
        extension,
        settings,
        granted: request.capabilities.env,
        reuse: request.reuse && this.#programs.get(request.reuse),
        trusted: request.trusted,
        onFile: request.onFile,
        onLine: (line) => log.line(line),
        startChild: request.startChild,
        createFolder: request.createFolder,
        onBegin: () => {
          // Whoever waited for a turn has not used up any of its own time.
          begunAt = performance.now();
          onBegin();
        },
      },
      signal,
    );
    const { process: running, handshake, tls, folder, program } = launched;
    const { stopGraceMs, ports } = settings;
    const { address, version } = handshake;
    logger.debug("The plugin has started.", {
      processId: running.processId,
      version,
      ...(tls === undefined ? { attach: attachText(address) } : {}),
    });
    const connectMs = Math.max(leastConnectMs, settings.startTimeoutMs - (performance.now() - begunAt));
    try {
      const plugin = await connectPlugin(
        {
          extension,
          address,
          tls,
          version,
          process: running,
          folder: folder.path,
          ports,
          stopGraceMs,
          connectMs,
          log,
          logger,
          cutLines,
        },
        signal,
      );
      return { plugin, program };
    } catch (error) {
      running.kill();
      await exitsWithin(running, killMs);
      throw error;
    }
  }

  async #attach(
    { extension, logger, cutLines, createFolder }: StartRequest,
    { attach, ports, stopGraceMs, startTimeoutMs }: GoPluginSettings,
    log: PluginLog,
    signal: AbortSignal,
  ): Promise<StartedPlugin> {
    const { address, version } = attach as NonNullable<typeof attach>;
    const folder = await createFolder();
    try {
      const plugin = await connectPlugin(
        {
          extension,
          address,
          tls: undefined,
          version,
          process: undefined,
          folder: folder.path,
          ports,
          stopGraceMs,
          connectMs: startTimeoutMs,
          log,
          logger,
          cutLines,
        },
        signal,
      );
      logger.info("Attached to a running plugin.", { attach: attachText(address), version });
      void plugin.exited.then(() => folder.remove());
      return { plugin, program: undefined };
    } catch (error) {
      await folder.remove();
      throw error;
    }
  }
}

/** Who speaks with the plugin: for a guest written for Plugboard the host itself, by its frames. */
async function sessionOf(
  plugin: ConnectedPlugin,
  {
    settings,
    schemas,
    request,
  }: {
    readonly settings: ContractSettings | undefined;
    readonly schemas: ContractSchemas;
    readonly request: StartRequest;
  },
): Promise<RuntimeSession> {
  if (settings?.setFor(plugin.version) !== undefined)
    return contractSession(plugin, { settings, schemas, request });
  return request.openSession(await openFrameChannel(plugin, request.extension.id));
}
