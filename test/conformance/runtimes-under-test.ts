/**
 * The runtimes that the conformance suite runs against, and what each of them lacks. What is not named here is
 * promised; a row that needs what a runtime lacks is shown with the reason, never left out in silence.
 */
import type { ExtensionFixture, TestHostOptions } from "@plugboard/core/testing";
import { goRuntime } from "./go-runtime.js";

/** What a case may need that not every runtime can have. */
export type Need = "checked boundaries" | "an exit of its own" | "output of its own" | "groups";

/** A runtime and how a host is set up for it. */
export interface RuntimeUnderTest {
  /** Its kind, as a manifest and the application's policy name it. */
  readonly kind: "in-process" | "worker" | "process" | "go-plugin";
  /** What the host is told beside the policy. */
  readonly options: TestHostOptions;
  /** Whether values cross by reference unless the host is told to be strict. */
  readonly passesReferences: boolean;
  /** Why it can't have what a case may need. */
  readonly lacks: Readonly<Partial<Record<Need, string>>>;
  /** Cases that it can't have, by their titles, with the reason. */
  readonly lacksCases?: Readonly<Record<string, string>>;
  /** Makes what a case sketches in JavaScript something that it can run. */
  readonly adapt?: (fixture: ExtensionFixture) => ExtensionFixture;
  /** Prepares it before the first case. */
  readonly prepare?: () => Promise<void>;
  /** Why it can't be tried on this machine. */
  readonly absent?: string;
}

/** A runtime for extensions in JavaScript. */
export type JavaScriptRuntime = RuntimeUnderTest & {
  readonly kind: Exclude<RuntimeUnderTest["kind"], "go-plugin">;
};

export const runtimesUnderTest: readonly JavaScriptRuntime[] = [
  {
    kind: "in-process",
    options: {},
    passesReferences: true,
    lacks: {
      "an exit of its own": "the extension's exit is the application's",
      "output of its own": "the code prints straight to the application's own streams",
      groups: "all extensions share the application's process",
    },
  },
  { kind: "worker", options: {}, passesReferences: false, lacks: {} },
  { kind: "process", options: {}, passesReferences: false, lacks: {} },
];

/** All of them, with those that run code of another language: the cases are written for them once more. */
export const runtimesOfAllLanguages: readonly RuntimeUnderTest[] = [...runtimesUnderTest, goRuntime];
