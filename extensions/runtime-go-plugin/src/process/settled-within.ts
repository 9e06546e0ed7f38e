/** Waits for something no longer than for a while, and leaves no timer behind. */

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
