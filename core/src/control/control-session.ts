/**
 * Serves one stream of commands: standard input of `start --json`, or a connection. Invariant: every command that has a line
 * of its own is answered once, whatever it is; what one stream sends, or does not read, costs the others nothing.
 */
import { ExtensionError } from "@plugboard/extension-api";
import { errorRecord } from "./error-record.js";
import type { HostControl } from "./host-control.js";
import { jsonWithin } from "./json-within.js";
import { LineSplitter } from "./line-splitter.js";
import { longestLine, readCommand, refOf, type Command } from "./wire.js";

/** Commands of one stream that may be under way at once. */
const mostOutstanding = 1_000;

/** The sink for answers and events. @public */
export interface LineSink {
  /** Takes a line, without its end. */
  write(this: void, line: string): void;
  /** Resolves when the other end has read enough for more to be sent, or is gone. */
  drained(this: void): Promise<void>;
}

/** Options of serving a stream of commands. @public */
export interface SessionOptions {
  /** Who performs the commands. */
  readonly control: HostControl;
  /** Where the answers go. */
  readonly sink: LineSink;
  /** Resolves when the host answers; commands wait for it, but for `info` and `stop`. */
  readonly ready: Promise<unknown>;
  /** What `stop` does. */
  stop(this: void): Promise<void>;
  /** What an answer holds of a result, for a stream with forms of its own. */
  present?(this: void, command: string, result: unknown): unknown;
}

/**
 * Answers the commands of one stream, which comes in pieces: whatever carries lines both ways can steer a host.
 *
 * @public
 */
export class ControlSession {
  readonly #options: SessionOptions;
  readonly #lines = new LineSplitter(longestLine);
  readonly #underWay = new Set<Promise<void>>();
  readonly #streams = new Set<Promise<void>>();
  /** What can be ended before its time, and the JSON of its ref. */
  readonly #endable = new Map<AbortController, string | undefined>();
  readonly #closed = new AbortController();

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Takes what the other end sent; resolves when it may send more. */
  async take(piece: string): Promise<void> {
    for (const line of this.#lines.split(piece)) {
      if (this.#closed.signal.aborted) return;
      if ("text" in line) this.#beginCommand(line.text);
      else
        this.#refuse(
          undefined,
          new ExtensionError("CONTROL_INVALID", `A line has ${longestLine} characters at most.`),
        );
      // Who does not read answers is not read either: what waits in memory stays bounded.
      await this.#options.sink.drained();
    }
  }

  /** Takes the end of what the other end sends. */
  end(): void {
    const rest = this.#lines.rest();
    if (rest !== "") this.#beginCommand(rest);
  }

  /** Resolves when everything that was asked for has been answered, and every event that was asked for sent. */
  async answered(): Promise<void> {
    await Promise.allSettled([...this.#underWay, ...this.#streams]);
  }

  /** Nobody reads answers any more: calls are aborted, events end; what else was asked for goes on. */
  close(): void {
    this.#closed.abort();
    for (const endable of this.#endable.keys()) endable.abort();
  }

  #beginCommand(line: string): void {
    if (line.trim() === "") return;
    let command: Command;
    try {
      command = readCommand(line);
    } catch (error) {
      this.#refuse(refOf(error), error);
      return;
    }
    if (this.#underWay.size >= mostOutstanding) {
      const message = `${mostOutstanding} commands of this connection are under way.`;
      this.#refuse(command.ref, new ExtensionError("CONTROL_BUSY", message));
      return;
    }
    const set = command.kind === "events" ? this.#streams : this.#underWay;
    const done: Promise<void> = this.#perform(command).finally(() => set.delete(done));
    set.add(done);
  }

  async #perform(command: Command): Promise<void> {
    const { ref } = command;
    try {
      if (command.kind === "events") {
        await this.#sendEvents(command);
        return;
      }
      const result = await this.#resultOf(command);
      // A bare stop is answered by the end of everything.
      if (command.kind !== "stop" || ref !== undefined) this.#answer(ref, result);
    } catch (error) {
      this.#refuse(ref, error);
    }
  }

  async #resultOf(command: Exclude<Command, { kind: "events" }>): Promise<unknown> {
    const { control, ready, stop, present } = this.#options;
    if (command.kind === "stop") return stop();
    if (command.kind === "cancel") {
      this.#cancel(command.of);
      return null;
    }
    const endable = this.#endableAs(command.ref);
    try {
      if (command.name !== "info") await ready;
      const result = await command.perform(control, endable.signal);
      return present === undefined ? result : present(command.name, result);
    } finally {
      this.#endable.delete(endable);
    }
  }

  #cancel(ref: unknown): void {
    const wanted = JSON.stringify(ref);
    for (const [endable, name] of this.#endable) if (name === wanted) endable.abort();
  }

  async #sendEvents({ ref, options }: Extract<Command, { kind: "events" }>): Promise<void> {
    const { control, sink } = this.#options;
    const head = ref === undefined ? "{" : `{"ref":${JSON.stringify(ref)},`;
    const endable = this.#endableAs(ref);
    const { signal } = endable;
    for await (const event of control.events({ ...options, signal })) {
      sink.write(head + JSON.stringify(event).slice(1));
      await sink.drained();
      if (signal.aborted) break;
    }
    this.#endable.delete(endable);
    if (ref !== undefined) this.#answer(ref, null);
  }

  #endableAs(ref: unknown): AbortController {
    const controller = new AbortController();
    if (this.#closed.signal.aborted) controller.abort();
    // Without a ref nobody can name it; it ends with the stream all the same.
    this.#endable.set(controller, ref === undefined ? undefined : JSON.stringify(ref));
    return controller;
  }

  #answer(ref: unknown, result: unknown): void {
    const value = result === undefined ? null : result;
    const json = jsonWithin({ ref, result: value }, longestLine);
    if (json !== undefined) this.#options.sink.write(json);
    else this.#refuse(ref, unwritable(value));
  }

  #refuse(ref: unknown, error: unknown): void {
    this.#options.sink.write(JSON.stringify({ ref, error: errorRecord(error) }));
  }
}

function unwritable(value: unknown): ExtensionError {
  const isJson = typeof value === "object";
  return isJson
    ? new ExtensionError("CALL_TOO_LARGE", "The result is too large to be written as JSON, or can't be JSON.")
    : new ExtensionError("CALL_NOT_SERIALIZABLE", `A ${typeof value} can't be written as JSON.`);
}
