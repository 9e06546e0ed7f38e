/** What the conformance suite knows of a runtime that it runs against. */
import type { ExtensionFixture, TestHostOptions } from "@plugboard/core/testing";

/** What a case may need that not every runtime can have. */
export type Need = "checked boundaries" | "an exit of its own" | "output of its own" | "groups";

/** A runtime and how a host is set up for it. */
export interface RuntimeUnderTest {
  /** Its kind, as a manifest and the application's policy name it. */
  readonly kind: "in-process" | "worker" | "process" | "go-plugin" | "python";
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
