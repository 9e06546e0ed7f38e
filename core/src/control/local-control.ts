/** The control of a host in this process. */
import { ExtensionError, isExtensionError, type CallOptions, type Problem } from "@plugboard/extension-api";
import { thrownText } from "../common/thrown-text.js";
import type { ExtensionHost } from "../host/face/extension-host.js";
import { EventFeed } from "./event-feed.js";
import type {
  ActivationRecord,
  ContributionRecord,
  ControlCall,
  ControlEvent,
  EventsOptions,
  ExplanationRecord,
  ExtensionListing,
  ExtensionRecord,
  HostControl,
  HostInfo,
  ListOptions,
} from "./host-control.js";
import { explanationRecord, extensionRecord, reasonRecord } from "./records.js";

/**
 * Sees and steers a host of this process. Events are kept from now on, until the host has stopped: the newest 20,000, at most
 * 16 MiB of their JSON.
 *
 * @example
 * const control = hostControl(host);
 * for await (const event of control.events({ kinds: ["failed"] })) {
 *   if (event.event === "failed") console.warn(event.id, event.reason?.message);
 * }
 *
 * @public
 */
export function hostControl(host: ExtensionHost): HostControl {
  const control = new LocalControl(host);
  host.onDidChangePhase((phase) => {
    if (phase === "stopped") control.close();
  });
  return control;
}

/** Answers from the host itself. */
class LocalControl implements HostControl {
  readonly #host: ExtensionHost;
  readonly #feed: EventFeed;

  constructor(host: ExtensionHost) {
    this.#host = host;
    this.#feed = new EventFeed(host);
  }

  /** Ends the events, after those that have happened. */
  close(): void {
    this.#feed.dispose();
  }

  info(): Promise<HostInfo> {
    const extensions: Record<string, number> = {};
    for (const { state } of this.#host.extensions) extensions[state] = (extensions[state] ?? 0) + 1;
    const { pid, versions } = process;
    return Promise.resolve({ ...this.#host.status, pid, node: versions.node, extensions });
  }

  async list({ memory = false }: ListOptions = {}): Promise<ExtensionListing> {
    const listing = this.#feed.listing();
    if (!memory) return listing;
    const measured = listing.extensions.map(async (extension) => {
      const memoryBytes = extension.id === null ? undefined : await this.#host.memory(extension.id);
      return memoryBytes === undefined ? extension : { ...extension, memoryBytes };
    });
    return { ...listing, extensions: await Promise.all(measured) };
  }

  async explain(subject: string): Promise<ExplanationRecord> {
    const memoryBytes = await this.#host.memory(subject);
    return explanationRecord(this.#host.explain(subject), memoryBytes);
  }

  problems(): Promise<readonly Problem[]> {
    const { extensions, problems } = this.#feed.listing();
    return Promise.resolve([...problems, ...extensions.flatMap((extension) => extension.problems)]);
  }

  async contributions(point?: string): Promise<readonly ContributionRecord[]> {
    const points = point === undefined ? this.#host.points : [point];
    return points.flatMap((one) =>
      this.#host
        .contributions(one)
        .entries()
        .map(({ id, extensionId, generation, item }) => ({ point: one, id, extensionId, generation, item })),
    );
  }

  points(): Promise<readonly string[]> {
    return Promise.resolve(this.#host.points);
  }

  async call({ point, id, method, args = [] }: ControlCall, options?: CallOptions): Promise<unknown> {
    try {
      return await this.#host.call(point, id, method, args, options);
    } catch (error) {
      // What an author throws may be anything.
      if (isExtensionError(error)) throw error;
      const owner = this.#host
        .contributions(point)
        .entries()
        .find((entry) => entry.id === id);
      const message = `${method} of ${id} failed: ${thrownText(error)}`;
      throw new ExtensionError("CALL_FAILED", message, { extensionId: owner?.extensionId, cause: error });
    }
  }

  async fire(event: string): Promise<ActivationRecord> {
    const { outcomes, elapsedMs } = await this.#host.activateByEvent(event);
    return {
      outcomes: outcomes.map(({ id, state, reason }) => ({
        id,
        state,
        ...(reason && { reason: reasonRecord(reason) }),
      })),
      elapsedMs,
    };
  }

  activate(id: string): Promise<void> {
    return this.#host.activate(id);
  }

  deactivate(id: string): Promise<void> {
    return this.#host.deactivate(id);
  }

  async reload(id: string): Promise<ExtensionRecord | null> {
    await this.#host.reload(id);
    const info = this.#host.extensions.get(id);
    return info === undefined ? null : extensionRecord(info);
  }

  retry(id: string): Promise<void> {
    return this.#host.retry(id);
  }

  enable(id: string): Promise<void> {
    return this.#host.enable(id);
  }

  disable(id: string): Promise<void> {
    return this.#host.disable(id);
  }

  trust(id: string, options?: { readonly isPinned?: boolean }): Promise<void> {
    return this.#host.trust(id, options);
  }

  untrust(id: string): Promise<void> {
    return this.#host.untrust(id);
  }

  async configure(id: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
    this.#host.configure(id, settings);
  }

  rescan(): Promise<void> {
    return this.#host.rescan();
  }

  events(options?: EventsOptions): AsyncIterable<ControlEvent> {
    return this.#feed.events(options);
  }

  stop(): Promise<void> {
    return this.#host.stop();
  }
}
