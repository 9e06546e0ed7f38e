/**
 * How a contract looks from the two ends of a call: the caller always gets a promise and may pass
 * options last, the author may return a value or a promise and finds the call's context last.
 */

/** Options of one call. @public */
export interface CallOptions {
  /** Cancels the call: it rejects with `CALL_CANCELLED` and the author's signal is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the call rejects with `CALL_TIMEOUT`; 30,000 unless given, 0 for no limit. */
  readonly timeoutMs?: number | undefined;
  /**
   * Buffers of the arguments to move instead of copying them, where the extension runs in another thread: they
   * are empty here afterwards. Elsewhere it says nothing.
   */
  readonly transfer?: readonly ArrayBuffer[] | undefined;
}

/** The call being answered, as the author of a contribution sees it. @public */
export interface CallContext {
  /** Aborted when the caller cancels, the time is up, or the extension is stopped. */
  readonly signal: AbortSignal;
  /** When the caller stops waiting, in milliseconds since the epoch; `Infinity` without a limit. */
  readonly deadline: number;
  /** Moves buffers of the result instead of copying them, where the extension runs in another thread. */
  transfer(...buffers: readonly ArrayBuffer[]): void;
}

/** The members of a contract that are methods. @public */
export type MethodName<Contract> = {
  [K in keyof Contract]-?: Contract[K] extends (...args: never) => unknown ? K : never;
}[keyof Contract] &
  string;

/** The members of a contract that are plain data; the manifest's item gives them. @public */
export type FieldName<Contract> = Exclude<keyof Contract, MethodName<Contract>> & string;

/**
 * A contract as its caller sees it: every method returns a promise and takes {@link CallOptions} after
 * its arguments. A method that takes any number of arguments takes no options.
 *
 * @public
 */
export type Remote<Contract> = {
  readonly [K in keyof Contract]: Contract[K] extends (...args: infer Arguments) => infer Result
    ? number extends Arguments["length"]
      ? (...args: Arguments) => Promise<Awaited<Result>>
      : (...args: [...Arguments, options?: CallOptions]) => Promise<Awaited<Result>>
    : Contract[K];
};

/**
 * A contract as its author supplies it: the methods only, each returning a value or a promise and
 * finding {@link CallContext} after its arguments.
 *
 * @public
 */
export type Implementation<Contract> = {
  readonly [K in MethodName<Contract>]: Contract[K] extends (...args: infer Arguments) => infer Result
    ? number extends Arguments["length"]
      ? (...args: Arguments) => Result | Promise<Awaited<Result>>
      : (...args: [...Arguments, context: CallContext]) => Result | Promise<Awaited<Result>>
    : never;
};
