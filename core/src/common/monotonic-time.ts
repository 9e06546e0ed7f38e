/** A clock for spans of time. The global `performance` is loaded on first use, which a guest can't wait for. */

/** Milliseconds since some moment in the past; never goes back. @internal */
export function monotonicTime(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1_000_000;
}
