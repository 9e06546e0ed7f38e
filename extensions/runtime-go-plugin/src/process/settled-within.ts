/** Waits for something no longer than for a while, and leaves no timer behind. */
import type { Child } from "@plugboard/extension-api";

/** Settles when the promise does, or when the time is up. Never rejects. @internal */
export async function settledWithin(promise: Promise<unknown>, milliseconds: number): Promise<void> {
  const { promise: settled, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  promise.then(
    () => {
      resolve();
    },
    () => {
      resolve();
    },
  );
  await settled;
  clearTimeout(timer);
}

/** Whether the child is gone when it is, or when the time is up. @internal */
export async function exitsWithin(child: Child, milliseconds: number): Promise<boolean> {
  await settledWithin(child.exited, milliseconds);
  return child.end !== undefined;
}
