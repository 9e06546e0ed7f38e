/**
 * The host's end of a channel: leads frames to the sessions that share it, finds out whether the other end still
 * answers, and closes the channel when the last session has left. What comes from a guest is not trusted.
 */
import { type Channel, type ExitReason, type Frame } from "@plugboard/extension-api";
import { frameFault } from "@plugboard/schemas";
import { Outbox } from "../protocol/outbox.js";
import type { SharedOutput } from "./shared-output.js";
import { guestEventFault } from "./guest-event.js";
import { ChannelSession, type ChannelSessionOptions, type SessionLink } from "./channel-session.js";
import { LinkHealth } from "./link-health.js";
import { Pulse, type Patience } from "./pulse.js";

/** Files that a session may tell of: each of them is watched. */
const mostFiles = 50_000;

/** A channel with the sessions on it. @internal */
export class ChannelLink implements SessionLink {
  readonly outbox: Outbox;
  readonly health: LinkHealth;
  readonly #channel: Channel;
  readonly #sessions = new Map<number, ChannelSession>();
  readonly #pulse: Pulse;
  readonly #output: SharedOutput;
  readonly #onClose: () => void;
  #lastNumber = 0;
  #end: ExitReason | undefined;

  /** @param options.onClose - is told once that nothing runs here any more */
  constructor(
    channel: Channel,
    options: {
      readonly output: SharedOutput;
      readonly patience: Patience;
      readonly report: (error: unknown) => void;
      readonly onClose: () => void;
    },
  ) {
    this.#channel = channel;
    this.#output = options.output;
    this.#onClose = options.onClose;
    this.health = new LinkHealth(channel, options.report);
    this.outbox = new Outbox(channel, (frame, error) => {
      this.#sessions.get(frame.session)?.refuse(frame, error);
    });
    this.#pulse = new Pulse({
      patience: options.patience,
      outstanding: () => [...this.#sessions.values()].reduce((sum, session) => sum + session.outstanding, 0),
      ping: () => {
        this.outbox.enqueue({ type: "emit", session: 0, event: "ping", args: [] });
      },
      health: this.health,
    });
    channel.receive((frames) => {
      this.#receive(frames);
    });
    void channel.closed.then((reason) => {
      this.#finish(reason);
    });
  }

  get readable(): Channel["readable"] {
    return this.#channel.readable;
  }

  /** Whether sessions can be opened. */
  get isOpen(): boolean {
    return this.#end === undefined;
  }

  /** Opens a session; one that is over at once if the channel is. */
  open(options: Omit<ChannelSessionOptions, "link" | "number">): ChannelSession {
    const session = new ChannelSession({ ...options, link: this, number: ++this.#lastNumber });
    this.#sessions.set(session.number, session);
    this.#output.add(options.request, session.exited);
    if (this.#end !== undefined) session.end(this.#end);
    return session;
  }

  /** Whether the session runs here. */
  holds(session: ChannelSession): boolean {
    return this.#sessions.get(session.number) === session;
  }

  /** A session has left. */
  release(session: ChannelSession): void {
    this.#sessions.delete(session.number);
    if (this.#sessions.size === 0) this.close();
  }

  /** Ends the channel and what runs at its other end. */
  close(): void {
    if (this.#end !== undefined) return;
    this.#finish({ kind: "disposed", message: "The channel was closed." });
    this.#channel.close();
  }

  /** Ends the channel for what was done at its other end, and all sessions on it. The clause follows "It". */
  fail(what: string): void {
    if (this.#end !== undefined) return;
    this.#finish({ kind: "crashed", message: `It ${what}.` });
    this.#channel.close();
  }

  /** The host waits for something that is no call; the guest is to give signs of life until it is done. */
  begin(): () => void {
    return this.#pulse.begin();
  }

  /** The host waits for the answer to a call. */
  expectAnswer(): void {
    this.#pulse.start();
  }

  #receive(frames: readonly Frame[]): void {
    if (this.#end !== undefined) return;
    this.#pulse.heard();
    for (const frame of frames) {
      const fault = frameFault(frame) ?? eventFault(frame, this.#sessions);
      if (fault !== undefined) {
        this.fail(`broke the protocol: ${fault}`);
        return;
      }
      this.#sessions.get(frame.session)?.receive(frame);
    }
  }

  #finish(reason: ExitReason): void {
    if (this.#end !== undefined) return;
    this.#end = reason;
    this.#pulse.stop();
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const session of sessions) session.end(reason);
    this.#onClose();
  }
}

function eventFault(frame: Frame, sessions: ReadonlyMap<number, ChannelSession>): string | undefined {
  if (frame.type !== "emit") return undefined;
  const told = sessions.get(frame.session)?.toldFiles ?? 0;
  if (frame.event === "file" && told >= mostFiles)
    return `/event says of more than ${mostFiles.toLocaleString("en")} files that they were used`;
  return guestEventFault(frame);
}
