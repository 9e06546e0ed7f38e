/** Decisions of people to trust, as the state folder keeps them. */
import { ExtensionError } from "@plugboard/extension-api";
import { parseDecision, type TrustDecision } from "../../trust/decision.js";
import type { StateFolder } from "../state/state-folder.js";

/** The decisions by id. @internal */
export class TrustDecisions {
  readonly #state: StateFolder;

  constructor(state: StateFolder) {
    this.#state = state;
  }

  /**
   * All of them, as the file says now: others write it, too.
   *
   * @throws ExtensionError `STATE_UNREADABLE`
   */
  read(): ReadonlyMap<string, TrustDecision> {
    const decisions = new Map<string, TrustDecision>();
    for (const [id, value] of Object.entries(this.#state.trust())) {
      const decision = parseDecision(value);
      // Half of what people decided might leave out what they took back.
      if (decision === undefined) {
        const file = this.#state.trustFile ?? "";
        const message = `${file} does not hold a decision about ${id}.`;
        throw new ExtensionError("STATE_UNREADABLE", message, { details: { file } });
      }
      decisions.set(id, decision);
    }
    return decisions;
  }

  /** Remembers what was decided about an id, or forgets it. */
  decide(id: string, decision: TrustDecision | undefined): Promise<void> {
    return this.#state.setTrust(id, () => decision);
  }

  /** Remembers what followed from a decision, unless somebody has decided otherwise by now. */
  renew(id: string, before: TrustDecision, decision: TrustDecision): Promise<void> {
    return this.#state.setTrust(id, (value) =>
      parseDecision(value)?.digest === before.digest ? decision : value,
    );
  }
}
