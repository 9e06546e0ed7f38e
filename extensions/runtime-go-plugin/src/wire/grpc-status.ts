/**
 * The statuses a gRPC call ends with, and the error that carries one. What an extension's caller sees of it is
 * decided by who makes calls, not here.
 */

/** The status codes of gRPC by name. @internal */
export const grpcStatus = Object.freeze({
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
});

const names = new Map<number, string>(Object.entries(grpcStatus).map(([name, status]) => [status, name]));

/** A call that ended with a status other than OK. @internal */
export class GrpcError extends Error {
  override readonly name = "GrpcError";
  readonly status: number;
  /** E.g. `UNAVAILABLE`; `STATUS_99` for one that gRPC does not know. */
  readonly statusName: string;
  /** What the other side sent as `grpc-status-details-bin`. */
  readonly details: Uint8Array | undefined;

  constructor(
    status: number,
    message: string,
    options: { readonly details?: Uint8Array; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.status = status;
    this.statusName = names.get(status) ?? `STATUS_${status}`;
    this.details = options.details;
  }
}
