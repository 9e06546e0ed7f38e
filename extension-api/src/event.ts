/** Events as functions: call one with a listener, keep what it returns to stop listening. */
import type { Disposable } from "./disposable.js";

/**
 * Registers a listener and returns its undo. Listeners are called in the order they were registered; one
 * that throws does not keep the others from being called.
 *
 * @public
 */
export type Event<T> = (listener: (event: T) => void) => Disposable;
