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
  readonly #write: (text: string) => void;
  readonly #answers = new Map<number, (result: Params) => void>();
  readonly #waiting = new Map<string, (params: Params) => void>();
  #last = 0;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Attaches to the address that Node prints. */
  static async attach(address: string): Promise<DebuggerClient> {
    const socket = new WebSocket(address);
    onTestFinished(() => socket.close());
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(new Error(`nobody listens on ${address}`)));
    });
    const client = new DebuggerClient((text) => socket.send(text));
    socket.addEventListener("message", ({ data }) => client.#take(String(data)));
    return client;
  }

  /** Attaches to the only thread beside the main one, as editors do for each. */
  async worker(): Promise<DebuggerClient> {
    const attached = this.next("NodeWorker.attachedToWorker");
    await this.send("NodeWorker.enable", { waitForDebuggerOnStart: false });
    const { sessionId } = await attached;
    const worker = new DebuggerClient((message) => {
      void this.send("NodeWorker.sendMessageToWorker", { sessionId, message });
    });
    this.#waiting.set("NodeWorker.receivedMessageFromWorker", ({ message }) => worker.#take(String(message)));
    return worker;
  }

  send(method: string, params: Params = {}): Promise<Params> {
    const id = ++this.#last;
    const { promise, resolve } = Promise.withResolvers<Params>();
    this.#answers.set(id, resolve);
    this.#write(JSON.stringify({ id, method, params }));
    return promise;
  }

  /** Resolves with the next event of the kind. */
  next(method: string): Promise<Params> {
    const { promise, resolve } = Promise.withResolvers<Params>();
    this.#waiting.set(method, resolve);
    return promise;
  }

  #take(text: string): void {
    const { id, method, params = {}, result = {} } = JSON.parse(text) as Message;
    if (id !== undefined) this.#answers.get(id)?.(result);
    if (method !== undefined) this.#waiting.get(method)?.(params);
  }
}
