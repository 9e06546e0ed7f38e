/**
 * The service, for whoever uses it: const counters = context.dependency<Remote<Counters>>("{{id}}"). Whatever
 * runtime either side runs in, each function returns a promise there.
 */
export interface Counters {
  /** Counts one more and returns how many there are. */
  increment(name: string): Promise<number>;
  /** What has been counted. */
  names(): readonly string[];
}
