/**
 * The calls of one method: arguments to request, rpc, answer to result. What an ordinary call does is written out
 * here without anything that only rare calls need.
 */
import type { CallContext, Handler, Heartbeat } from "@plugboard/extension-api";
import type { GrpcHandlers } from "../wire/grpc-server.js";
import { GrpcError, grpcStatus } from "../wire/grpc-status.js";
import { callError, lateError, mismatchError, tooLarge, undecodable } from "./call-errors.js";
import type { CompiledMethod } from "./compiled-method.js";
import type { ContractCallOptions, ContractPlugin } from "./contract-plugin.js";
import { Mismatch } from "./mismatch.js";

/** What the calls of a session have in common. @internal */
export interface CallParts {
  readonly plugin: Pick<ContractPlugin, "client" | "broker">;
  readonly extensionId: string;
  /** Bytes of a request, and of what is answered to it. */
  readonly callBytes: number;
  readonly heartbeat: Heartbeat;
  /** Why nothing can be called any more; undefined while it can. */
  readonly ended: () => Error | undefined;
  /** Settles when the session has ended, or after a moment in which it did not. */
  readonly endedSoon: () => Promise<void>;
  /** What the plugin may call back, by the name of the host service. */
  readonly hostServices: ReadonlyMap<string, ReadonlyMap<string, GrpcHandlers>>;
}

/** Makes the handler of a method. @internal */
export function methodHandler(name: string, method: CompiledMethod, parts: CallParts): Handler {
  const calls = new MethodCalls(name, method, parts);
  const unary = (...given: unknown[]) => calls.unary(given);
  if (method.hostServices.length > 0) return (...given) => calls.withHostServices(given);
  return method.isStream ? (...given) => calls.stream(given, noIds) : unary;
}

const noIds: readonly number[] = [];

class MethodCalls {
  readonly #name: string;
  readonly #method: CompiledMethod;
  readonly #parts: CallParts;

  constructor(name: string, method: CompiledMethod, parts: CallParts) {
    this.#name = name;
    this.#method = method;
    this.#parts = parts;
  }

  /** @param given - the arguments, and the context of the call after them */
  unary(given: unknown[], ids = noIds): Promise<unknown> {
    const context = given.pop() as CallContext;
    const { plugin, heartbeat } = this.#parts;
    const { path } = this.#method;
    let answer: Promise<Uint8Array>;
    try {
      const request = this.#request(given, ids);
      answer = plugin.client.unary(path, request, this.#options(context));
    } catch (error) {
      return Promise.reject(error as Error);
    }
    heartbeat.begin();
    return answer.then(
      (bytes) => {
        heartbeat.answered();
        return this.#result(bytes);
      },
      (error: unknown) => {
        heartbeat.answered();
        return this.#fail(error, context);
      },
    );
  }

  /** Reads all messages before it resolves: a result crosses every kind of boundary only as a whole. */
  async stream(given: unknown[], ids: readonly number[]): Promise<unknown> {
    const context = given.pop() as CallContext;
    const { plugin, heartbeat, extensionId, callBytes } = this.#parts;
    const { path, collect } = this.#method;
    const request = this.#request(given, ids);
    const answers = plugin.client.serverStream(path, request, this.#options(context));
    const results: unknown[] = [];
    let bytesLeft = callBytes;
    heartbeat.begin();
    try {
      for await (const bytes of answers) {
        heartbeat.heard();
        bytesLeft -= bytes.length;
        if (bytesLeft < 0) throw tooLarge(extensionId, "result", callBytes);
        results.push(this.#result(bytes));
      }
    } catch (error) {
      return await this.#fail(error, context);
    } finally {
      heartbeat.answered();
    }
    return collect(results);
  }

  /** Offers host services for as long as the call takes. */
  async withHostServices(given: unknown[]): Promise<unknown> {
    const { plugin, hostServices } = this.#parts;
    const ids: number[] = [];
    try {
      for (const name of this.#method.hostServices)
        ids.push(await plugin.broker.serve(hostServices.get(name) ?? none));
      return await (this.#method.isStream ? this.stream(given, ids) : this.unary(given, ids));
    } finally {
      // A plugin that holds on to it for a while need not hold up the result; whoever closes tells of what goes wrong.
      void Promise.allSettled(ids.map((id) => plugin.broker.close(id)));
    }
  }

  #request(args: readonly unknown[], ids: readonly number[]): Uint8Array {
    const { extensionId, callBytes, ended } = this.#parts;
    const error = ended();
    if (error !== undefined) throw error;
    let request: Uint8Array;
    try {
      request = this.#method.encode(args, ids);
    } catch (cause) {
      throw cause instanceof Mismatch ? mismatchError(extensionId, this.#name, "arguments", cause) : cause;
    }
    if (request.length > callBytes) throw tooLarge(extensionId, "arguments", callBytes);
    return request;
  }

  #options(context: CallContext): ContractCallOptions {
    const { signal, deadline } = context;
    const maxBytes = this.#parts.callBytes;
    if (deadline === Infinity) return { signal, maxBytes };
    const timeoutMs = deadline - Date.now();
    if (timeoutMs <= 0) throw lateError(this.#parts.extensionId);
    return { signal, timeoutMs, maxBytes };
  }

  #result(bytes: Uint8Array): unknown {
    try {
      return this.#method.decode(bytes);
    } catch (error) {
      throw undecodable(this.#parts.extensionId, this.#method.path, error);
    }
  }

  async #fail(error: unknown, { signal }: CallContext): Promise<never> {
    const { extensionId, ended, endedSoon } = this.#parts;
    // A plugin may say so of something behind it. A connection that is lost says it, too, before the plugin's end is known.
    const isLost = error instanceof GrpcError && error.status === grpcStatus.UNAVAILABLE;
    if (isLost && !signal.aborted && ended() === undefined) await endedSoon();
    throw callError(error, { extensionId, path: this.#method.path, signal, ended: ended() });
  }
}

const none: ReadonlyMap<string, GrpcHandlers> = new Map();
