/**
 * The far end of a channel: holds the sessions of the extensions that run here, one guest each. Knows nothing of
 * what carries the frames. Whatever an extension does, its own session answers for it and no other.
 */
import type { EmitFrame, Frame, HelloFrame } from "@plugboard/schemas";
import { Outbox, type FrameSender } from "../protocol/outbox.js";
import { GuestSession } from "./guest-session.js";
import type { ProvidedPackages } from "./lazy-packages.js";
import type { SeparateTransformer } from "./loader/separate-transformer.js";
import { TransformCache } from "./loader/transform-cache.js";
import type { TypeScriptTransformer } from "./loader/transform-typescript.js";

/** The needs of a guest towards the thread or process that it runs in. @internal */
export interface GuestServerOptions {
  /** The way to the host. */
  readonly channel: FrameSender & { receive(listener: (frames: readonly Frame[]) => void): void };
  /** Packages that the host gives to every extension, by name or subpath. */
  readonly provided: ProvidedPackages;
  /** Keeps transformed files for all that run here. */
  readonly cache?: TransformCache;
  /** Turns TypeScript into JavaScript; the best that is installed unless given. */
  readonly typescript?: TypeScriptTransformer;
  /** Transforms what nests too deep or is too long to be transformed here. */
  readonly separate?: SeparateTransformer | undefined;
}

/** Serves the host until the channel ends, with all that runs here. @internal */
export function serveGuests(options: GuestServerOptions): void {
  const { channel, provided, cache = new TransformCache(), typescript, separate } = options;
  const sessions = new Map<number, GuestSession>();
  const outbox = new Outbox(channel, (frame, error) => {
    sessions.get(frame.session)?.refuse(frame, error);
  });
  const open = (hello: HelloFrame) => {
    const reused = hello.reuse === undefined ? undefined : sessions.get(hello.reuse)?.code;
    const session = new GuestSession({
      hello,
      outbox,
      provided,
      cache,
      typescript,
      separate,
      reused,
      onEnd: () => sessions.delete(hello.session),
    });
    sessions.set(hello.session, session);
  };
  channel.receive((frames) => {
    for (const frame of frames) {
      if (frame.type === "hello") open(frame);
      else if (frame.session === 0) answerHost(outbox, frame);
      else sessions.get(frame.session)?.receive(frame);
    }
  });
}

/** Answers for the channel as a whole: the host asks whether anybody answers at all. */
function answerHost(outbox: Outbox, frame: Frame): void {
  if (frame.type !== "emit" || frame.event !== "ping") return;
  const pong: EmitFrame = { type: "emit", session: 0, event: "pong", args: frame.args };
  outbox.enqueue(pong);
}
