/**
 * How a gRPC call failed: the status codes, their names, and the error that carries them. Knows nothing of streams.
 * Invariant: every code is one of the table; what a peer makes up becomes UNKNOWN.
 */

/** The codes that gRPC defines, by name. @internal */
export const grpcStatus = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** The name of a status code. @internal */
export type GrpcStatusName = keyof typeof grpcStatus;

/** A call that failed, or a connection that is over. @internal */
export class GrpcError extends Error {
  /** The code. */
  readonly status: number;
  /** Its name. */
  readonly statusName: GrpcStatusName;
  /** What the peer sent beside the message: a `google.rpc.Status` as bytes. */
  readonly details: Uint8Array | undefined;

  constructor(
    statusName: GrpcStatusName,
    message: string,
    options: { readonly cause?: unknown; readonly details?: Uint8Array | undefined } = {},
  ) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.status = grpcStatus[statusName];
    this.statusName = statusName;
    this.details = options.details;
  }

  override get name(): string {
    return "GrpcError";
  }
}

const names = Object.keys(grpcStatus) as readonly GrpcStatusName[];

/** The name of a code; of one that gRPC does not define, UNKNOWN. @internal */
export function grpcStatusName(status: number): GrpcStatusName {
  return names[status] ?? "UNKNOWN";
}

/** Writes a message so that a header can carry it. @internal */
export function encodeGrpcMessage(message: string): string {
  if (/^[ -$&-~]*$/.test(message)) return message;
  let encoded = "";
  for (const byte of Buffer.from(message)) {
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    encoded += isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}

/** Reads it. What is not written soundly is taken as it stands: a message is better garbled than lost. @internal */
export function decodeGrpcMessage(encoded: string): string {
  if (!encoded.includes("%")) return encoded;
  const plain = encoded.replace(/%([0-9a-fA-F]{2})/g, (_, digits: string) =>
    String.fromCharCode(parseInt(digits, 16)),
  );
  return Buffer.from(plain, "latin1").toString("utf8");
}

/** The error that a peer's answer to a call stands for; undefined for success. @internal */
export function errorOfStatus(
  status: string,
  message: string | undefined,
  details: string | undefined,
): GrpcError | undefined {
  if (status === "0") return undefined;
  const name = grpcStatusName(/^\d{1,2}$/.test(status) ? Number(status) : grpcStatus.UNKNOWN);
  const text =
    message === undefined || message === "" ? `The call failed with ${name}.` : decodeGrpcMessage(message);
  return new GrpcError(name, text, {
    details: details === undefined ? undefined : Buffer.from(details, "base64"),
  });
}

/** The status that stands for an HTTP one, where a peer speaks no gRPC. @internal */
export function statusNameOfHttp(status: number): GrpcStatusName {
  switch (status) {
    case 400:
      return "INTERNAL";
    case 401:
      return "UNAUTHENTICATED";
    case 403:
      return "PERMISSION_DENIED";
    case 404:
      return "UNIMPLEMENTED";
    case 429:
    case 502:
    case 503:
    case 504:
      return "UNAVAILABLE";
    default:
      return "UNKNOWN";
  }
}
