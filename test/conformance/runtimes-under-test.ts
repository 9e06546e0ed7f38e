/**
 * The runtimes that the conformance suite runs against, and what each of them lacks. What is not named here is
 * promised; a row that needs what a runtime lacks is shown with the reason, never left out in silence.
 */
import type { TestHostOptions } from "@plugboard/core/testing";

/** What a case may need that not every runtime can have. */
export type Need = "checked boundaries" | "an exit of its own" | "output of its own" | "groups";

/** A runtime and how a host is set up for it. */
export interface RuntimeUnderTest {
  /** Its kind, as a manifest and the application's policy name it. */
  readonly kind: "in-process" | "worker" | "process";
  /** What the host is told beside the policy. */
  readonly options: TestHostOptions;
  /** Whether values cross by reference unless the host is told to be strict. */
  readonly passesReferences: boolean;
  /** Why it can't have what a case may need. */
  readonly lacks: Readonly<Partial<Record<Need, string>>>;
}

export const runtimesUnderTest: readonly RuntimeUnderTest[] = [
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
