/** Undo. Everything that is registered gives one back, and disposing twice does no harm. */

/** Undoes something, once; later calls do nothing. @public */
export interface Disposable {
  /** Undoes it. */
  dispose(): void;
}

/** Undoes something that takes time. @public */
export interface AsyncDisposable {
  /** Undoes it; the promise settles when it is done. */
  dispose(): Promise<void>;
}

/** Everything that {@link Subscriptions} accepts: an object with `dispose`, one of the language's own disposables, or a function. @public */
export type DisposableLike =
  | { dispose(): unknown }
  | { [Symbol.dispose](): void }
  | { [Symbol.asyncDispose](): PromiseLike<void> }
  | (() => unknown);

/**
 * What a generation of an extension leaves to be undone after its `deactivate` has settled: last in,
 * first out, one after the other, going on after one that throws. What is pushed later than that is
 * disposed at once.
 *
 * @public
 */
export interface Subscriptions {
  /** Takes ownership of the items. */
  push(...items: readonly DisposableLike[]): void;
}
