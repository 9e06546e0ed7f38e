/** The result of checking one thing that a host depends on. */

/** The outcome of a check: as it has to be, worth a look, or in the way. @public */
export type CheckOutcome = "ok" | "warning" | "problem";

/** One thing that was looked at. @public */
export interface Check {
  /** Names the check for programs; several findings may share it. */
  readonly name: string;
  /** How it stands. */
  readonly outcome: CheckOutcome;
  /** What was found, in a sentence. */
  readonly message: string;
  /** What to do, in a line; absent where nothing needs doing. */
  readonly advice?: string;
}

/** Makes the findings of one check. @internal */
export function checkNamed(name: string) {
  const finding = (outcome: CheckOutcome) => (message: string, advice?: string) => ({
    name,
    outcome,
    message,
    ...(advice !== undefined && { advice }),
  });
  return { ok: finding("ok"), warning: finding("warning"), problem: finding("problem") } satisfies Record<
    CheckOutcome,
    (message: string, advice?: string) => Check
  >;
}
