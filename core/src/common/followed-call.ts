/**
 * Follows a call to its end without making an AbortSignal of it, which costs more than a short call does.
 */
import type { CallContext } from "@plugboard/extension-api";

/** A call as the host keeps it, beside what its author sees. @internal */
export interface FollowedCall extends CallContext {
  /** Milliseconds allowed; undefined for the host's limit, 0 for none. */
  readonly timeoutMs: number | undefined;
  /** Buffers of the arguments that the caller moves. */
  readonly moved: readonly ArrayBuffer[] | undefined;
  /** Is told once that nobody waits any more. */
  onAbandoned: ((reason: unknown) => void) | undefined;
}

/** Whether the context can be followed cheaply. @internal */
export function isFollowedCall(context: CallContext): context is FollowedCall {
  return "onAbandoned" in context;
}
