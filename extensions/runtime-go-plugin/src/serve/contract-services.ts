/**
 * Greeters and transformers of a host as the services of contract.proto. Owns what a request's id means and which
 * status a failed call has; the calls themselves are the host's.
 */
import {
  greeters,
  isExtensionError,
  transformers,
  type CallOptions,
  type ContributionPoint,
  type ErrorCode,
  type LiveCollection,
  type Stub,
} from "@plugboard/extension-api";
import type { GrpcHandlers, GrpcServerCall } from "../wire/grpc-server.js";
import { GrpcError, type GrpcStatusName } from "../wire/grpc-status.js";
import {
  contractPaths,
  decodeIdRequest,
  decodeTextRequest,
  encodeList,
  encodeText,
} from "./contract-messages.js";

/** What is needed of the host whose extensions are served; an `ExtensionHost` of `@plugboard/core` has it. @public */
export interface ServedHost {
  /** What extensions contribute to a point, as of now. */
  contributions<Contract>(point: ContributionPoint<Contract>): LiveCollection<Contract>;
  /** Stops it, and every extension. */
  stop(): Promise<void>;
}

/** Handlers of the contract's services by path. Calls wait for the host. @internal */
export function contractServices(starting: Promise<ServedHost>): ReadonlyMap<string, GrpcHandlers> {
  const greeterService = served(starting, greeters, {
    noun: "greeter",
    label: (greeter) => greeter.lang,
    call: (greeter, name, options) => greeter.greet(name, options),
  });
  const transformerService = served(starting, transformers, {
    noun: "transformer",
    label: (transformer) => transformer.name,
    call: (transformer, input, options) => transformer.transform(input, options),
  });
  return new Map([
    [contractPaths.greet, { unary: greeterService.call }],
    [contractPaths.lang, { unary: greeterService.label }],
    [contractPaths.greeters, { unary: greeterService.list }],
    [contractPaths.transform, { unary: transformerService.call }],
    [contractPaths.name, { unary: transformerService.label }],
    [contractPaths.transformers, { unary: transformerService.list }],
  ]);
}

/** How one point is served. */
interface Served<Contract> {
  readonly noun: string;
  readonly label: (stub: Stub<Contract>) => string;
  readonly call: (stub: Stub<Contract>, text: string, options: CallOptions) => Promise<string>;
}

type Unary = NonNullable<GrpcHandlers["unary"]>;

function served<Contract>(
  starting: Promise<ServedHost>,
  point: ContributionPoint<Contract>,
  { noun, label, call }: Served<Contract>,
): { readonly call: Unary; readonly label: Unary; readonly list: Unary } {
  let known: LiveCollection<Contract> | undefined;
  /** Kept, as the way to it leads through the whole list. */
  let first: Stub<Contract> | undefined;
  const opening = starting.then((host) => {
    known = host.contributions(point);
    known.onDidChange(() => (first = undefined));
    return known;
  });
  opening.catch(() => undefined);

  const find = (collection: LiveCollection<Contract>, id: string): Stub<Contract> => {
    const stub = id === "" ? (first ??= firstOf(collection)) : collection.get(id);
    if (stub !== undefined) return stub;
    const what = id === "" ? `there is no ${noun}` : `there is no ${noun} ${JSON.stringify(id)}`;
    const ids = collection.entries().map((entry) => entry.id);
    throw new GrpcError("NOT_FOUND", ids.length === 0 ? what : `${what}; there are ${ids.join(", ")}`);
  };
  const whenOpen = (answer: (collection: LiveCollection<Contract>) => Promise<Uint8Array> | Uint8Array) =>
    known === undefined ? opening.then(answer, notStarted) : answer(known);

  return {
    call: (request, current) =>
      whenOpen((collection) => {
        const { text, id } = decodeTextRequest(request);
        return call(find(collection, id), text, optionsOf(current)).then(encodeAnswer, failCall);
      }),
    label: (request) =>
      whenOpen((collection) => encodeText(label(find(collection, decodeIdRequest(request))))),
    list: () =>
      whenOpen((collection) =>
        encodeList(
          collection.entries().map(({ id, extensionId, stub }) => ({ id, extensionId, label: label(stub) })),
        ),
      ),
  };
}

function firstOf<Contract>(collection: LiveCollection<Contract>): Stub<Contract> | undefined {
  for (const stub of collection) return stub;
  return undefined;
}

/** The host's own limit holds for a call without a deadline. */
function optionsOf({ signal, deadline }: GrpcServerCall): CallOptions {
  return deadline === Infinity ? { signal } : { signal, timeoutMs: Math.max(1, deadline - Date.now()) };
}

/** Authors of plain JavaScript may return anything. */
function encodeAnswer(answer: unknown): Uint8Array {
  if (typeof answer === "string") return encodeText(answer);
  throw new GrpcError("INTERNAL", `the extension returned no text but ${typeof answer}`);
}

const statuses: Partial<Record<ErrorCode, GrpcStatusName>> = {
  CALL_INVALID: "INVALID_ARGUMENT",
  CALL_UNKNOWN_TARGET: "NOT_FOUND",
  CALL_TIMEOUT: "DEADLINE_EXCEEDED",
  CALL_CANCELLED: "CANCELLED",
  CALL_QUEUE_FULL: "RESOURCE_EXHAUSTED",
  CALL_TOO_LARGE: "RESOURCE_EXHAUSTED",
  CAPABILITY_DENIED: "PERMISSION_DENIED",
  EXTENSION_GONE: "NOT_FOUND",
  EXTENSION_CRASHED: "UNAVAILABLE",
  CRASHED_TOO_OFTEN: "UNAVAILABLE",
  DEPENDENCY_FAILED: "UNAVAILABLE",
  HOST_STOPPED: "UNAVAILABLE",
  INTERNAL: "INTERNAL",
};

function failCall(error: unknown): never {
  if (!isExtensionError(error)) throw error;
  const owner = error.extensionId === undefined ? "" : `${error.extensionId}: `;
  const message = `${error.code} ${owner}${messageWithCause(error)}`;
  throw new GrpcError(statuses[error.code] ?? "UNKNOWN", message, { cause: error });
}

/** The host's sentence says that a call failed; what the author threw says why. */
function messageWithCause({ message, cause }: Error): string {
  return cause instanceof Error && !message.includes(cause.message)
    ? `${message}: ${cause.message}`
    : message;
}

function notStarted(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  throw new GrpcError("UNAVAILABLE", `the extension host has not started: ${reason}`, { cause: error });
}
