/** The meaning of the names of activation events. Pure; who fires and who remembers events is elsewhere. */

/** The parts of an event's name: `onGreeter:english` is `onGreeter` with the argument `english`. @internal */
export interface ActivationEventParts {
  readonly name: string;
  /** What follows the first colon; `*` in a pattern that matches all. */
  readonly argument?: string;
}

/** Gives an event its one spelling: `*` is `onStartup`. @internal */
export function canonicalActivationEvent(event: string): string {
  return event === "*" ? "onStartup" : event;
}

/**
 * Tells whether an event that was fired starts an extension that listens to the pattern: the two are the
 * same, or the pattern ends in `:*` and the event has all that stands before the asterisk.
 *
 * @internal
 */
export function matchesActivationEvent(pattern: string, event: string): boolean {
  if (pattern === event || canonicalActivationEvent(pattern) === canonicalActivationEvent(event)) return true;
  return pattern.endsWith(":*") && event.startsWith(pattern.slice(0, -1));
}

/** Takes an event's name apart. @internal */
export function parseActivationEvent(event: string): ActivationEventParts {
  const canonical = canonicalActivationEvent(event);
  const colon = canonical.indexOf(":");
  if (colon < 0) return { name: canonical };
  return { name: canonical.slice(0, colon), argument: canonical.slice(colon + 1) };
}
