/** A debugger that attaches to a process over the inspector's WebSocket, as editors do. */
import { onTestFinished } from "vitest";

type Params = Readonly<Record<string, unknown>>;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Params;
  readonly result?: Params;
}

/** Sends commands of the Chrome DevTools Protocol and waits for its events. */
export class DebuggerClient {
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (result: Params) => void>();
  readonly #waiting = new Map<string, (params: Params) => void>();
  #last = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const { id, method, params = {}, result = {} } = JSON.parse(String(data)) as Message;
      if (id !== undefined) this.#answers.get(id)?.(result);
      if (method !== undefined) this.#waiting.get(method)?.(params);
    });
  }

  /** Attaches to the address that Node prints. */
  static async attach(address: string): Promise<DebuggerClient> {
    const socket = new WebSocket(address);
    onTestFinished(() => socket.close());
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(new Error(`nobody listens on ${address}`)));
    });
    return new DebuggerClient(socket);
  }

  send(method: string, params: Params = {}): Promise<Params> {
    const id = ++this.#last;
    const { promise, resolve } = Promise.withResolvers<Params>();
    this.#answers.set(id, resolve);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return promise;
  }

  /** Resolves with the next event of the kind. */
  next(method: string): Promise<Params> {
    const { promise, resolve } = Promise.withResolvers<Params>();
    this.#waiting.set(method, resolve);
    return promise;
  }
}
