/**
 * What went wrong while an extension ran, and what came of it: the last few incidents of one extension.
 * Kept in memory only. Invariant: an incident gets at most one final outcome.
 */
import type { BusyPlace } from "@plugboard/extension-api";

/** The outcome of an {@link Incident}. @public */
export type IncidentOutcome =
  /** A restart is due after the delay. */
  | { readonly kind: "restarting"; readonly delayMs: number }
  /** It was started again by itself, as that generation. */
  | { readonly kind: "restarted"; readonly delayMs: number; readonly generation: number }
  /** It crashed too often and is left alone. */
  | { readonly kind: "stopped" }
  /** Something else took its place first: a change of its folder, or what a person asked for. */
  | { readonly kind: "replaced"; readonly generation: number }
  /** Another generation went on serving: what crashed was being prepared beside it. */
  | { readonly kind: "discarded" }
  /** It still does not answer. */
  | { readonly kind: "ongoing" }
  /** It answered again. */
  | { readonly kind: "recovered" }
  /** Nothing more: it was stopped, removed, or crashed meanwhile. */
  | { readonly kind: "ended" };

/** Something that went wrong while an extension ran. @public */
export interface Incident {
  /** What. */
  readonly kind: "crashed" | "unresponsive";
  /** When it began, in milliseconds since the epoch. */
  readonly time: number;
  /** The generation it happened to. */
  readonly generation: number;
  /** In words. */
  readonly message: string;
  /** What kept it busy, as far as anybody can tell. */
  readonly place?: BusyPlace;
  /** For how many milliseconds it did not answer, so far or in all. */
  readonly forMs?: number;
  /** What came of it. */
  readonly outcome: IncidentOutcome;
}

/** Incidents that are remembered of one extension. */
const longest = 20;

/** The last incidents of one extension. @internal */
export class IncidentHistory {
  #incidents: readonly Incident[] = [];

  /** What happened, oldest first. */
  get incidents(): readonly Incident[] {
    return this.#incidents;
  }

  /** Writes an incident down. */
  record(incident: Incident): void {
    this.#incidents = [...this.#incidents, incident].slice(-longest);
  }

  /** Writes down more of an incident that is remembered. Returns what stands there now. */
  amend(incident: Incident, more: Partial<Incident>): Incident {
    const amended = { ...incident, ...more };
    this.#incidents = this.#incidents.map((one) => (one === incident ? amended : one));
    return amended;
  }
}
