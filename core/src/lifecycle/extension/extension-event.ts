/** Events of an extension, as everybody is told of them. */
import type { Problem, Unresponsive } from "@plugboard/extension-api";
import type { StateReason } from "./extension-state.js";

/** Something happened to an extension. @public */
export interface ExtensionEvent {
  /**
   * What. `removed` comes as soon as it is no longer listed; what it ran may be deactivated after that, and one of the
   * same id may be added. What is told of a generation that is no longer the serving one says nothing of the extension.
   */
  readonly kind:
    | "added"
    | "changed"
    | "removed"
    | "activating"
    | "activated"
    | "deactivated"
    | "failed"
    | "restarting"
    | "unresponsive"
    | "responsive"
    | "problem";
  /** The extension; undefined where the manifest can't be read. */
  readonly id: string | undefined;
  /** Its folder. */
  readonly folder: string;
  /** The generation it happened to. */
  readonly generation: number;
  /** The finding, for `problem`; the reason, for `failed`. */
  readonly problem?: Problem;
  /** Why, for `failed`. */
  readonly reason?: StateReason;
  /** Milliseconds until it is started again, for `restarting`, which comes right after `failed`. */
  readonly delayMs?: number;
  /** For how long, for `unresponsive`; the event comes once more when the place becomes known. */
  readonly unresponsive?: Unresponsive;
}
