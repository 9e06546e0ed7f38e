/** Carries vscode-jsonrpc over the port of a thread, as its own reader and writer for browsers do. */
import type { MessagePort, Worker } from "node:worker_threads";
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
  type MessageWriter,
} from "vscode-jsonrpc/node";

/** Takes what comes from the port. */
export class PortReader extends AbstractMessageReader implements MessageReader {
  readonly #port: MessagePort | Worker;

  constructor(port: MessagePort | Worker) {
    super();
    this.#port = port;
  }

  listen(callback: DataCallback): Disposable {
    (this.#port as Worker).on("message", callback);
    return { dispose: () => void (this.#port as Worker).off("message", callback) };
  }
}

/** Puts messages to the port. */
export class PortWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #port: MessagePort | Worker;

  constructor(port: MessagePort | Worker) {
    super();
    this.#port = port;
  }

  write(message: Message): Promise<void> {
    this.#port.postMessage(message);
    return Promise.resolve();
  }

  end(): void {
    return;
  }
}
