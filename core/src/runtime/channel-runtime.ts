/**
 * Makes a runtime of a driver that opens channels: one channel for each generation, or for a group, and one that
 * is opened ahead so that the next start needn't wait.
 */
import {
  ExtensionError,
  type Channel,
  type ChannelDriver,
  type ConnectRequest,
  type OutputLine,
  type Runtime,
  type RuntimeSession,
  type RuntimeTrust,
  type StartRequest,
} from "@plugboard/extension-api";
import { dirname } from "node:path";
import { ChannelLink } from "./channel-link.js";
import { ChannelSession } from "./channel-session.js";
import type { SessionTerms } from "./open-session.js";
import type { StartPermit, StartSemaphore } from "./start-semaphore.js";
import { SharedOutput } from "./shared-output.js";

/** What a runtime over channels is made of. @internal */
export interface ChannelRuntimeOptions extends SessionTerms {
  readonly kind: string;
  readonly trust: RuntimeTrust;
  readonly driver: ChannelDriver;
  /**
   * How long nothing has to start before a channel is opened ahead, in ms; none is opened unless given. Who starts one
   * extension, calls it and is gone pays for no second channel, and who starts many has the processor for those.
   */
  readonly spareAfterMs?: number;
  /** How many may start at once, together with other runtimes; any number unless given. */
  readonly starts?: StartSemaphore;
}

/** Runs extensions at the other end of channels. @internal */
export class ChannelRuntime implements Runtime {
  readonly kind: string;
  readonly trust: RuntimeTrust;
  readonly #options: ChannelRuntimeOptions;
  readonly #groups = new Map<string, Promise<ChannelLink>>();
  readonly #links = new Set<ChannelLink>();
  /** What is on its way to be open. */
  readonly #opening = new Set<Promise<OpenChannel>>();
  /** All that is not at its end. */
  readonly #open = new Set<Channel>();
  readonly #controller = new AbortController();
  #preparing: Promise<void> | undefined;
  #spare: { readonly key: string; readonly opened: Promise<OpenChannel> } | undefined;
  /** How many sessions are on their way, and what is to be opened ahead when none is. */
  #starting = 0;
  /** How many wait for a permit. */
  #queued = 0;
  #wanted: { readonly key: string; readonly open: () => Promise<OpenChannel> } | undefined;
  #spareTimer: NodeJS.Timeout | undefined;

  constructor(options: ChannelRuntimeOptions) {
    this.kind = options.kind;
    this.trust = options.trust;
    this.#options = options;
  }

  prepare(): Promise<void> {
    return (this.#preparing ??= this.#options.driver.prepare?.() ?? Promise.resolve());
  }

  /** Queues for a permit to start; undefined if any number may start at once. */
  permit(): StartPermit | undefined {
    const permit = this.#options.starts?.acquire();
    if (permit?.acquired === undefined) return permit;
    this.#queued++;
    let isQueued = true;
    const leaveQueue = () => {
      if (isQueued) this.#queued--;
      isQueued = false;
    };
    void permit.acquired.then(leaveQueue);
    return {
      acquired: permit.acquired,
      release: () => {
        leaveQueue();
        permit.release();
      },
      releaseOnceLoaded: (session) => {
        permit.releaseOnceLoaded(session);
      },
    };
  }

  async start(request: StartRequest, { signal }: { readonly signal: AbortSignal }): Promise<RuntimeSession> {
    const { withStacks, driver } = this.#options;
    const environment = this.#options.environment(request);
    const gaps = (await driver.gaps?.({ ...request, environment })) ?? [];
    const parts = { request, environment, withStacks, gaps };
    const reused = request.reuse instanceof ChannelSession ? request.reuse : undefined;
    const sharing = reused && [...this.#links].find((open) => open.holds(reused));
    if (sharing !== undefined) return sharing.open({ ...parts, reuse: reused?.number });
    if (reused !== undefined) {
      const { id } = request.extension;
      throw new ExtensionError("RUNTIME_START_FAILED", `The code of ${id} has gone with what ran it.`, {
        extensionId: id,
      });
    }
    this.#starting++;
    try {
      let link = await this.#linkFor(request, environment, signal);
      // The last of a group may have left, and ended what they shared, while this one waited for it.
      if (!link.isOpen && request.group !== undefined)
        link = await this.#linkFor(request, environment, signal);
      const session = link.open({ ...parts, reuse: undefined });
      void session.loaded.then(() => {
        this.#started();
      });
      return session;
    } catch (error) {
      this.#started();
      throw error;
    }
  }

  /** Ends what is kept ready, and all that still runs; settles when nothing does. */
  async dispose(): Promise<void> {
    this.#controller.abort(new ExtensionError("HOST_STOPPED", "The host has been stopped."));
    this.#wanted = undefined;
    clearTimeout(this.#spareTimer);
    this.#discardSpare();
    for (const link of [...this.#links]) link.close();
    await Promise.allSettled([...this.#opening, this.#preparing]);
    await Promise.all([...this.#open].map(({ closed }) => closed));
  }

  #linkFor(
    request: StartRequest,
    environment: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<ChannelLink> {
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
  ): Promise<ChannelLink> {
    const { channel, output } = await this.#channelFor(request, environment, signal);
    if (signal.aborted || this.#controller.signal.aborted) {
      channel.close();
      throw (signal.aborted ? signal.reason : this.#controller.signal.reason) as Error;
    }
    const link = new ChannelLink(channel, {
      output,
      patience: this.#options.patience,
      report: this.#options.report,
      onClose: () => {
        this.#links.delete(link);
        onClose?.();
      },
    });
    this.#links.add(link);
    return link;
  }

  /** Takes what was opened ahead, if it fits, and sees to it that there will be something for the next. */
  async #channelFor(
    request: StartRequest,
    environment: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<OpenChannel> {
    const { driver, spareAfterMs } = this.#options;
    const open = (within: AbortSignal) => this.#connectDriver({ ...request, environment }, within);
    const key = driver.spareKey?.({ ...request, environment });
    if (spareAfterMs === undefined || key === undefined) return open(signal);
    this.#wanted = { key, open: () => open(this.#controller.signal) };
    const spare = this.#spare?.key === key ? this.#spare : undefined;
    if (spare !== undefined) this.#spare = undefined;
    const [ahead, check] = await Promise.all([
      spare?.opened.catch(() => undefined),
      spare && settled(driver.checkSpare?.({ ...request, environment }, { signal })),
    ]);
    if (ahead === undefined) return open(signal);
    if (check?.status === "rejected") {
      ahead.channel.close();
      throw check.reason;
    }
    return this.#open.has(ahead.channel) ? ahead : open(signal);
  }

  /** One is no longer on its way. What is opened ahead must not take the processor from those that somebody waits for. */
  #started(): void {
    this.#starting--;
    if (this.#wanted === undefined) return;
    clearTimeout(this.#spareTimer);
    this.#spareTimer = setTimeout(() => {
      this.#openSpare();
    }, this.#options.spareAfterMs).unref();
  }

  #openSpare(): void {
    const wanted = this.#wanted;
    if (this.#starting + this.#queued > 0 || wanted === undefined || this.#controller.signal.aborted) return;
    this.#wanted = undefined;
    if (this.#spare?.key === wanted.key) return;
    this.#discardSpare();
    const opened = wanted.open();
    opened.catch(() => undefined);
    this.#spare = { key: wanted.key, opened };
  }

  #connectDriver(request: Omit<ConnectRequest, "onOutput">, signal: AbortSignal): Promise<OpenChannel> {
    const opening = this.#openChannel(request, signal);
    this.#opening.add(opening);
    const forget = () => {
      this.#opening.delete(opening);
    };
    opening.then(forget, forget);
    return opening;
  }

  async #openChannel(
    { extension, runtime, group, capabilities, environment }: Omit<ConnectRequest, "onOutput">,
    signal: AbortSignal,
  ): Promise<OpenChannel> {
    const output = new SharedOutput();
    const onOutput = (line: OutputLine) => {
      output.tell(line);
    };
    const channel = await this.#options.driver.connect(
      { extension, runtime, group, capabilities, environment, onOutput },
      { signal },
    );
    this.#open.add(channel);
    void channel.closed.then(() => this.#open.delete(channel));
    return { channel, output };
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

async function settled(promise: Promise<void> | undefined): Promise<PromiseSettledResult<void>> {
  const [outcome] = await Promise.allSettled([promise]);
  return outcome;
}

interface OpenChannel {
  readonly channel: Channel;
  readonly output: SharedOutput;
}
