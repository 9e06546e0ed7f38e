/**
 * Writes down who was activated when, for how long and for whose sake, and prints it as a tree: the
 * extensions that the event asked for at the left, their dependencies beneath them. The idea of a printable
 * start-up tree is avvio's.
 */
import type { ExtensionState, StateReason } from "../extension/extension-state.js";
import type { Times } from "../extension/generation.js";

/** One extension's part in what an event caused. @internal */
export interface TimelineEntry {
  readonly id: string;
  readonly state: ExtensionState;
  readonly reason?: StateReason;
  readonly activatedBy: string;
  readonly requiredBy: readonly string[];
  readonly startedAt: number;
  readonly times?: Times;
}

interface Line {
  readonly id: string;
  readonly activatedBy: string;
  readonly requiredBy: Set<string>;
  readonly startedAt: number;
  outcome:
    { readonly state: ExtensionState; readonly reason?: StateReason; readonly times?: Times } | undefined;
}

/** A record of all that an event caused, from the moment it is made. @internal */
export class ActivationTimeline {
  readonly #startedAt = performance.now();
  readonly #lines = new Map<string, Line>();

  /** Writes down that an extension is asked for, by the event itself or as somebody's dependency. */
  ask(id: string, activatedBy: string, requiredBy: string | undefined): void {
    let line = this.#lines.get(id);
    if (line === undefined) {
      line = {
        id,
        activatedBy,
        requiredBy: new Set(),
        startedAt: performance.now() - this.#startedAt,
        outcome: undefined,
      };
      this.#lines.set(id, line);
    }
    if (requiredBy !== undefined) line.requiredBy.add(requiredBy);
  }

  /** Writes down how it ended. */
  settle(id: string, outcome: NonNullable<Line["outcome"]>): void {
    const line = this.#lines.get(id);
    if (line !== undefined) line.outcome = outcome;
  }

  /** Milliseconds so far. */
  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  /** Everyone written down, in order of start. */
  entries(): readonly TimelineEntry[] {
    return [...this.#lines.values()].map(({ id, activatedBy, requiredBy, startedAt, outcome }) => ({
      id,
      activatedBy,
      requiredBy: [...requiredBy],
      startedAt,
      ...(outcome ?? { state: "activating" as const }),
    }));
  }
}

/** Prints the entries as a tree. @internal */
export function formatTimeline(
  entries: readonly TimelineEntry[],
  elapsedMs: number,
  headline: string,
): string {
  const byRequirer = new Map<string, TimelineEntry[]>();
  for (const entry of entries) {
    for (const requirer of entry.requiredBy)
      byRequirer.set(requirer, [...(byRequirer.get(requirer) ?? []), entry]);
  }
  const known = new Set(entries.map((entry) => entry.id));
  const roots = entries.filter((entry) => !entry.requiredBy.some((requirer) => known.has(requirer)));
  const lines: string[] = [];
  const shown = new Set<string>();
  const print = (siblings: readonly TimelineEntry[], indent: string) => {
    for (const [index, entry] of siblings.entries()) {
      const [branch, below] = index === siblings.length - 1 ? ["└─", "   "] : ["├─", "│  "];
      if (shown.has(entry.id)) {
        lines.push(`${indent}${branch} ${entry.id} (above)`);
        continue;
      }
      shown.add(entry.id);
      lines.push(`${indent}${branch} ${describe(entry)}`);
      print(byRequirer.get(entry.id) ?? [], `${indent}${below}`);
    }
  };
  print(roots, "");
  return [`${headline} (${milliseconds(elapsedMs)})`, ...lines].join("\n");
}

function describe(entry: TimelineEntry): string {
  const start = `+${milliseconds(entry.startedAt)}`;
  const duration = entry.times === undefined ? "" : durationText(entry.times);
  const because = entry.requiredBy.length > 0 ? "" : ` by ${entry.activatedBy}`;
  const reason = entry.reason === undefined ? "" : `: ${entry.reason.code} ${entry.reason.message}`;
  return `${entry.id} ${entry.state}${because} ${start}${duration}${reason}`;
}

function durationText({ wait, load, call, settle }: Times): string {
  const waited = wait === undefined ? "" : `wait ${milliseconds(wait)}, `;
  const parts = `${waited}load ${milliseconds(load)}, call ${milliseconds(call)}, settle ${milliseconds(settle)}`;
  return ` ${milliseconds((wait ?? 0) + load + call + settle)} (${parts})`;
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}
