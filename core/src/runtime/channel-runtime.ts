/**
 * Makes a runtime of a driver that opens channels: one channel for each generation, or for a group, and one that
 * is opened ahead so that the next start needn't wait.
 */
import {
  ExtensionError,
  type Channel,
  type ChannelDriver,
  type OutputLine,
  type Runtime,
  type RuntimeSession,
  type RuntimeTrust,
  type StartRequest,
} from "@plugboard/extension-api";
import { dirname } from "node:path";
import { ChannelLink, type Patience } from "./channel-link.js";
import { ChannelSession } from "./channel-session.js";

/** What a runtime over channels is made of. @internal */
export interface ChannelRuntimeOptions {
  readonly kind: string;
  /** What its extensions may reach; full rights unless it says otherwise. */
  readonly trust?: RuntimeTrust;
  readonly driver: ChannelDriver;
  readonly patience: Patience;
  /** The environment that an extension may see. */
  readonly environment: (request: StartRequest) => Readonly<Record<string, string>>;
  /** Whether a channel is opened ahead. */
  readonly keepsSpare: boolean;
  /** Whether errors bring their stacks. */
  readonly withStacks: boolean;
  readonly report: (error: unknown) => void;
}

/** Runs extensions at the other end of channels. @internal */
export class ChannelRuntime implements Runtime {
  readonly kind: string;
  readonly trust: RuntimeTrust;
  readonly #options: ChannelRuntimeOptions;
  readonly #groups = new Map<string, Promise<Shared>>();
  readonly #links = new Set<ChannelLink>();
  readonly #controller = new AbortController();
  #spare: { readonly key: string; readonly opened: Promise<Opened> } | undefined;

  constructor(options: ChannelRuntimeOptions) {
    this.kind = options.kind;
    this.trust = options.trust ?? "full rights";
    this.#options = options;
  }

  async start(request: StartRequest, { signal }: { readonly signal: AbortSignal }): Promise<RuntimeSession> {
    const environment = this.#options.environment(request);
    const { withStacks } = this.#options;
    const reused = request.reuse instanceof ChannelSession ? request.reuse : undefined;
    if (reused?.link.isOpen === true)
      return reused.link.open({ request, environment, withStacks, reuse: reused.number });
    const { link, output } = await this.#linkFor(request, environment, signal);
    const session = link.open({ request, environment, withStacks, reuse: undefined });
    output.add(request, session);
    return session;
  }

  /** Ends what is kept ready, and all that still runs. */
  dispose(): void {
    this.#controller.abort(new ExtensionError("HOST_STOPPED", "The host has been stopped."));
    this.#discardSpare();
    for (const link of [...this.#links]) link.close();
  }

  #linkFor(
    request: StartRequest,
    environment: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Shared> {
    if (request.group === undefined) return this.#connect(request, environment, signal);
    // Whoever shares a channel shares its rights: members with other rights get one of their own.
    const key = JSON.stringify([
      request.group,
      request.capabilities,
      environment,
      dirname(request.extension.path),
    ]);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const forget = () => {
      if (this.#groups.get(key) === connecting) this.#groups.delete(key);
    };
    // One member that is stopped while it waits must not end the channel of the others.
    const connecting = this.#connect(request, environment, this.#controller.signal, forget);
    this.#groups.set(key, connecting);
    connecting.catch(forget);
    return connecting;
  }

  async #connect(
    request: StartRequest,
    environment: Readonly<Record<string, string>>,
    signal: AbortSignal,
    onClose?: () => void,
  ): Promise<Shared> {
    const { channel, output } = await this.#open(request, environment, signal);
    if (signal.aborted || this.#controller.signal.aborted) {
      channel.close();
      throw (signal.aborted ? signal.reason : this.#controller.signal.reason) as Error;
    }
    const link = new ChannelLink(channel, {
      patience: this.#options.patience,
      report: this.#options.report,
      onClose: () => {
        this.#links.delete(link);
        onClose?.();
      },
    });
    this.#links.add(link);
    return { link, output };
  }

  /** Takes what was opened ahead, if it fits, and sees to it that there is something for the next. */
  async #open(
    request: StartRequest,
    environment: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Opened> {
    const { driver, keepsSpare } = this.#options;
    const open = async (within: AbortSignal): Promise<Opened> => {
      const output = new Output();
      const channel = await driver.connect(
        {
          extension: request.extension,
          runtime: request.runtime,
          group: request.group,
          capabilities: request.capabilities,
          environment,
          onOutput: (line) => {
            output.tell(line);
          },
        },
        { signal: within },
      );
      return { channel, output };
    };
    const key = driver.spareKey?.({ ...request, environment });
    if (!keepsSpare || key === undefined) return open(signal);
    const spare = this.#spare?.key === key ? this.#spare : undefined;
    if (spare !== undefined) this.#spare = undefined;
    else this.#discardSpare();
    try {
      const opened = (await spare?.opened.catch(() => undefined)) ?? (await open(signal));
      return (await stillOpen(opened)) ? opened : await open(signal);
    } finally {
      if (!this.#controller.signal.aborted && this.#spare === undefined) {
        const opened = open(this.#controller.signal);
        opened.catch(() => undefined);
        this.#spare = { key, opened };
      }
    }
  }

  #discardSpare(): void {
    const spare = this.#spare;
    this.#spare = undefined;
    spare?.opened.then(
      ({ channel }) => {
        channel.close();
      },
      () => undefined,
    );
  }
}

interface Opened {
  readonly channel: Channel;
  readonly output: Output;
}

interface Shared {
  readonly link: ChannelLink;
  readonly output: Output;
}

/** Leads printed lines to the loggers of those who run there now. */
class Output {
  readonly #listeners = new Map<ChannelSession, StartRequest>();
  /** Who left last: what was printed before may come after. */
  #last: StartRequest | undefined;

  add(request: StartRequest, session: ChannelSession): void {
    this.#listeners.set(session, request);
    void session.exited.then(() => {
      this.#listeners.delete(session);
      this.#last = request;
    });
  }

  tell({ stream, text }: OutputLine): void {
    const ids = [...this.#listeners.values()].map(({ extension }) => extension.id);
    // Nobody can tell which member of a group printed a line: it is told once, with all their names.
    const [first = this.#last] = this.#listeners.values();
    const shared = new Set(ids).size > 1 ? { group: first?.group, members: ids } : {};
    first?.logger[stream === "stdout" ? "info" : "warn"](text, { stream, ...shared });
  }
}

async function stillOpen({ channel }: Opened): Promise<boolean> {
  return Promise.race([channel.closed.then(() => false), Promise.resolve(true)]);
}
