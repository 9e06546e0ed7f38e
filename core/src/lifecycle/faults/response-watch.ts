/**
 * Whether what is active answers, as its runtime tells. An extension that does not is marked, not stopped;
 * only a policy of the application's ends it.
 * Invariant: every episode in which one does not answer, once told of, ends, by an answer or with the generation.
 */
import type { BusyPlace, Unresponsive } from "@plugboard/extension-api";
import { busyText } from "../extension/busy-text.js";
import type { Generation } from "../extension/generation.js";
import type { Incident } from "../extension/incident.js";
import type { LifecycleEvents } from "../base/lifecycle-events.js";
import type { ManagedExtension } from "../extension/managed-extension.js";
import { Supervision } from "../extension/supervision.js";

/** The time that an active extension may leave everything unanswered. */
interface ResponseTimeout {
  /** Milliseconds; 0 for ever. */
  readonly limitMs: number;
  /** Is told when it has been too long. */
  readonly expire: (message: string, place: BusyPlace | undefined) => void;
}

interface Episode {
  readonly since: number;
  readonly supervision: Supervision;
  readonly timer: NodeJS.Timeout | undefined;
  incident: Incident;
}

/** Watches whether generations answer. @internal */
export class ResponseWatch {
  readonly #lifecycleEvents: LifecycleEvents;

  constructor(lifecycleEvents: LifecycleEvents) {
    this.#lifecycleEvents = lifecycleEvents;
  }

  /** Tells when the generation stops answering and when it answers again, as long as it is wanted. */
  watch(extension: ManagedExtension, generation: Generation, timeout: ResponseTimeout): void {
    const health = generation.session?.health;
    if (health === undefined) return;
    let episode: Episode | undefined;

    const end = (outcome: "recovered" | "ended") => {
      if (episode === undefined) return;
      const { supervision, incident, since, timer } = episode;
      clearTimeout(timer);
      episode = undefined;
      supervision.history.amend(incident, { forMs: Date.now() - since, outcome: { kind: outcome } });
    };
    const look = () => {
      if (!extension.serves(generation) || generation.state !== "active") return;
      const { unresponsive } = health;
      if (unresponsive === undefined) {
        if (episode === undefined) return;
        end("recovered");
        this.#lifecycleEvents.fire("responsive", extension);
        return;
      }
      const { place } = unresponsive;
      if (episode === undefined) {
        episode = begin(
          extension,
          generation,
          unresponsive,
          () => {
            const now = health.unresponsive;
            if (now !== undefined) timeout.expire(unanswered(timeout.limitMs, now.place), now.place);
          },
          timeout.limitMs,
        );
      } else {
        if (place === undefined || episode.incident.place !== undefined) return;
        const { history } = episode.supervision;
        episode.incident = history.amend(episode.incident, {
          place,
          message: unresponsiveText(generation, place),
        });
      }
      this.#lifecycleEvents.fire("unresponsive", extension, { unresponsive });
    };

    const listener = health.onDidChange(look);
    const stop = () => {
      listener.dispose();
      end("ended");
    };
    if (generation.signal.aborted) stop();
    else generation.signal.addEventListener("abort", stop, { once: true });
    look();
  }
}

/** That an extension does not answer, in words. @internal */
export function unresponsiveText({ description: { id } }: Generation, place: BusyPlace | undefined): string {
  return place === undefined ? `${id} does not answer.` : `${id} does not answer: it is ${busyText(place)}.`;
}

function begin(
  extension: ManagedExtension,
  generation: Generation,
  { forMs, place }: Unresponsive,
  expire: () => void,
  limitMs: number,
): Episode {
  const supervision = (extension.supervision ??= new Supervision());
  const since = Date.now() - forMs;
  const incident: Incident = {
    kind: "unresponsive",
    time: since,
    generation: generation.number,
    message: unresponsiveText(generation, place),
    ...(place === undefined ? {} : { place }),
    forMs,
    outcome: { kind: "ongoing" },
  };
  supervision.history.record(incident);
  const timer = limitMs === 0 ? undefined : setTimeout(expire, Math.max(0, limitMs - forMs));
  return { since, supervision, timer, incident };
}

function unanswered(forMs: number, place: BusyPlace | undefined): string {
  const busy = place === undefined ? "" : `, ${busyText(place)}`;
  return `it did not answer for ${String(forMs)} ms${busy}`;
}
