/**
 * Opens channels that end in this very process: extensions run beside the host, and yet all that passes between
 * them is checked and copied as on the way to a worker. For authors' tests; it isolates nothing.
 */
import type {
  BusyPlace,
  Channel,
  ChannelDriver,
  ConnectRequest,
  ExitReason,
  Frame,
} from "@plugboard/extension-api";
import { serveGuests, type GuestServerOptions } from "../../guest/guest-server.js";
import { TransformCache } from "../../guest/loader/transform-cache.js";
import { ChildTransformer, transformProgram } from "../transform/child-transformer.js";
import { thrownText } from "../../common/thrown-text.js";

/** Opens channels into this process. @internal */
export class LoopbackDriver implements ChannelDriver {
  readonly #provided: GuestServerOptions["provided"];
  readonly #cache = new TransformCache();
  readonly #separate = new ChildTransformer(transformProgram());

  /** @param options.provided - packages that the host gives to every extension, by name or subpath */
  constructor(options: Pick<GuestServerOptions, "provided">) {
    this.#provided = options.provided;
  }

  connect(_request: ConnectRequest, { signal }: { readonly signal: AbortSignal }): Promise<Channel> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    const channel = new LoopbackChannel();
    serveGuests({
      channel: channel.farEnd,
      provided: this.#provided,
      cache: this.#cache,
      separate: this.#separate,
    });
    return Promise.resolve(channel);
  }
}

type Listener = (frames: readonly Frame[]) => void;

class LoopbackChannel implements Channel {
  readonly closed: Promise<ExitReason>;
  readonly processId = undefined;
  readonly readable = "everything";
  readonly farEnd: GuestServerOptions["channel"];
  readonly #end: (reason: ExitReason) => void;
  /** Sessions that the far end still holds: nothing ends them but a frame. */
  readonly #sessions = new Set<number>();
  #toHost: Listener = ignore;
  #toGuest: Listener = ignore;
  #isOpen = true;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<ExitReason>();
    this.closed = promise;
    this.#end = resolve;
    this.farEnd = {
      send: (frames, transfer) => {
        const copies = copied(frames, transfer);
        this.#later(() => {
          if (this.#isOpen) this.#toHost(copies);
        });
      },
      receive: (listener) => {
        this.#toGuest = listener;
      },
    };
  }

  send(frames: readonly Frame[], transfer: readonly ArrayBuffer[]): void {
    if (!this.#isOpen) return;
    const copies = copied(frames, transfer);
    for (const frame of frames) {
      if (frame.type === "hello") this.#sessions.add(frame.session);
      else if (frame.type === "bye" && !frame.deactivate) this.#sessions.delete(frame.session);
    }
    this.#later(() => {
      this.#toGuest(copies);
    });
  }

  receive(listener: Listener): void {
    this.#toHost = listener;
  }

  close(): void {
    this.#close({ kind: "disposed", message: "The channel was closed." });
  }

  memory(): Promise<number | undefined> {
    return Promise.resolve(undefined);
  }

  busyPlace(): Promise<BusyPlace | undefined> {
    return Promise.resolve(undefined);
  }

  #close(reason: ExitReason): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#end(reason);
    const byes = [...this.#sessions].map((session): Frame => ({
      type: "bye",
      session,
      deactivate: false,
      timeoutMs: 0,
    }));
    this.#sessions.clear();
    this.#later(() => {
      this.#toGuest(byes);
    });
  }

  /** Nobody hears a frame while he sends one. */
  #later(deliver: () => void): void {
    queueMicrotask(() => {
      try {
        deliver();
      } catch (error) {
        this.#close({ kind: "crashed", message: `It could not take a frame: ${thrownText(error)}` });
      }
    });
  }
}

function copied(frames: readonly Frame[], transfer: readonly ArrayBuffer[]): readonly Frame[] {
  return structuredClone(frames, { transfer: [...transfer] });
}

function ignore(): void {
  return;
}
