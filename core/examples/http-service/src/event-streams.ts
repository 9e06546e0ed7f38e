/**
 * Server-sent events to any number of clients. A client that does not read is let go: what it has not
 * fetched is never kept without bound.
 */
import type { ServerResponse } from "node:http";

const unreadLimit = 1024 * 1024;

export class EventStreams {
  readonly #open = new Set<ServerResponse>();

  /** Begins a stream with one event; it ends when the client leaves or with {@link close}. */
  open(response: ServerResponse, event: string, data: unknown): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    response.on("close", () => this.#open.delete(response));
    response.on("error", () => this.#open.delete(response));
    this.#open.add(response);
    response.write(frame(event, data));
  }

  /** Tells every client. */
  send(event: string, data: unknown): void {
    const text = frame(event, data);
    for (const response of this.#open) {
      if (response.writableLength > unreadLimit) response.destroy();
      else response.write(text);
    }
  }

  /** Ends all streams. */
  close(): void {
    for (const response of this.#open) response.end();
  }
}

function frame(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
