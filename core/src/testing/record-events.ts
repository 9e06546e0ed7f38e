/** Keeps everything a host tells, in order, so that a test can look at it afterwards. */
import type { ContributionChange, ExtensionEvent, ExtensionHost } from "../index.js";

/** Everything that a host has reported since {@link recordEvents}. @public */
export interface EventRecord {
  /** What happened to extensions. */
  readonly events: readonly ExtensionEvent[];
  /** What changed in contribution points. */
  readonly changes: readonly ContributionChange[];
  /** The kinds of what happened to one extension, e.g. `["added", "activating", "activated"]`. */
  kinds(id: string): readonly ExtensionEvent["kind"][];
  /** Forgets what was recorded so far. */
  clear(): void;
  /** Stops recording; what was recorded stays. */
  dispose(): void;
  /** The same, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * Records what a host tells from now on.
 *
 * @example
 * using record = recordEvents(host);
 * await host.reload("acme.english");
 * assert.deepEqual(record.changes, [
 *   { point: "greeters", added: [], changed: ["english"], removed: [] },
 * ]);
 *
 * @public
 */
export function recordEvents(host: ExtensionHost): EventRecord {
  const events: ExtensionEvent[] = [];
  const changes: ContributionChange[] = [];
  const listeners = [
    host.extensions.onDidChange((event) => events.push(event)),
    host.onDidChangeContributions(({ point, added, changed, removed }) =>
      changes.push({ point, added: [...added], changed: [...changed], removed: [...removed] }),
    ),
  ];
  const dispose = () => {
    for (const listener of listeners) listener.dispose();
  };
  return {
    events,
    changes,
    kinds: (id) => events.filter((event) => event.id === id).map((event) => event.kind),
    clear() {
      events.length = 0;
      changes.length = 0;
    },
    dispose,
    [Symbol.dispose]: dispose,
  };
}
