/** The lifecycle's collaborators, given to it by the composition root. */
import {
  errorTable,
  type Disposable,
  type ErrorCode,
  type ExtensionError,
  type Problem,
} from "@plugboard/extension-api";
import type { ContributionRegistry } from "../../contribution/contribution-registry.js";
import type { ContributionValidator } from "../../contribution/contribution-validator.js";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import type { Activator } from "./activator.js";
import type { RestartPolicy } from "../extension/crash-budget.js";
import type { ExtensionEvent } from "../extension/extension-event.js";
import type { ExtensionState, StateReason } from "../extension/extension-state.js";
import type { Generation } from "../extension/generation.js";

/** The limits that matter to life and death: milliseconds, queued calls, and bytes of a value. @internal */
export interface LifecycleLimits {
  readonly callBytes: number;
  readonly callMs: number;
  readonly drainMs: number;
  readonly deactivateMs: number;
  readonly dependencyMs: number;
  readonly queuedCalls: number;
  readonly incompleteMs: number;
  readonly retryMs: number;
  readonly stopMs: number;
}

/** An event of an extension that has an id. @internal */
export interface LifecycleEvent extends ExtensionEvent {
  readonly id: string;
}

/** Follows the files that an extension uses, beside its manifest. @internal */
export interface FileFollower {
  /** Whether anything is followed; if not, what changes is found when somebody asks for it. */
  readonly isFollowing: boolean;
  /** Milliseconds on the host's clock of the last event of the folder; undefined if there was none. */
  lastEventAt(folder: string): number | undefined;
  /** Reports events on the files, and on what matches the patterns, as touches of the folder. */
  follow(folder: string, files: Iterable<string>, patterns: readonly string[]): Disposable;
  /** Which of the files a generation used are no longer what they were. */
  changedFiles(generation: Generation): Promise<readonly string[]>;
  /** Whether the manifest is what it was when the description was read. */
  isAsDescribed(description: ExtensionDescription): boolean;
  /** Has the folder looked at again, as after an event. */
  lookAgain(folder: string): void;
}

/** Decides which content may run. @internal */
export interface ContentGate {
  /** Why what lay in the folder when it was last looked at may not run; also before it was looked at. */
  obstacle(description: ExtensionDescription): StateReason | undefined;
  /** Looks at what lies there now. Never rejects. */
  look(description: ExtensionDescription): Promise<StateReason | undefined>;
}

/** Whether a gate gave the reason. @internal */
export function isRefusal({ code }: Pick<StateReason, "code">): boolean {
  return Object.hasOwn(errorTable, code) && errorTable[code as ErrorCode].refusesContent === true;
}

/** Whom the lifecycle asks. @internal */
export interface LifecycleOptions {
  readonly limits: LifecycleLimits;
  readonly activator: Activator;
  readonly registry: ContributionRegistry;
  readonly validator: ContributionValidator;
  readonly follower: FileFollower;
  /** Undefined if whatever lies there may run. */
  readonly gate: ContentGate | undefined;
  /** What is to be done when the extension crashes. */
  readonly restart: (description: ExtensionDescription) => RestartPolicy;
  /** Reads the schema of a point that an extension opens; throws what is wrong with it. */
  readonly readSchema: (description: ExtensionDescription, path: string) => object;
  /** A copy of what an extension exports beside functions; throws an ExtensionError that names what can't be sent. */
  readonly copyExports: (
    extensionId: string,
    values: Readonly<Record<string, unknown>>,
  ) => Readonly<Record<string, unknown>>;
  /** Hears, once, that nothing of what a generation exports can be handed on. */
  readonly reportExports: (generation: Generation, error: ExtensionError) => void;
  /** Hears what a generation left behind at its end, by kind. */
  readonly reportLeftovers: (generation: Generation, leftovers: Readonly<Record<string, number>>) => void;
  /** Hears of the host's own mistakes. */
  readonly report: (error: unknown) => void;
}

/** One batch of changes on the disk. @internal */
export interface LifecycleChange {
  readonly added: readonly ExtensionDescription[];
  readonly changed: readonly ExtensionDescription[];
  readonly removed: readonly ExtensionDescription[];
  /** Extensions whose folder can't be read any more, with what is wrong. */
  readonly broken: readonly { readonly id: string; readonly problems: readonly Problem[] }[];
  /** Broken extensions whose folder is back as it was. */
  readonly repaired: readonly string[];
  /** Extensions with an event in their folder. */
  readonly touched: readonly string[];
}

/** The cause of an activation. @internal */
export interface ActivationCause {
  readonly event: string;
  readonly requiredBy?: string;
  readonly timeline?: {
    ask(id: string, activatedBy: string, requiredBy: string | undefined): void;
    settle(id: string, outcome: { readonly state: ExtensionState; readonly reason?: StateReason }): void;
  };
}
