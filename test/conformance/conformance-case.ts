/**
 * A case of the conformance suite: written once, run in every runtime. Each run says in its meta data which
 * row and which column of the table it is, so that a reporter can make the table from what really ran.
 */
import { test } from "vitest";
import { RuntimeHere } from "./conformance-host.js";
import type { ConformanceCell } from "./conformance-table.js";
import type { Need } from "./runtime-under-test.js";
import { chosen } from "./runtimes-under-test.js";

declare module "vitest" {
  interface TaskMeta {
    /** The cell of the conformance table that a test fills. */
    conformance?: ConformanceCell;
  }
}

/** How a case is run. */
export interface CaseOptions {
  /** `"strict"`: what crosses is checked and copied, also where it could go by reference. */
  readonly boundaries?: "strict";
  /** What a runtime must have for the case. */
  readonly needs?: Need;
  /** Why something else that the case uses is not on this machine. */
  readonly absent?: string;
  /** Prepares something else that the case uses. */
  readonly prepare?: () => Promise<void>;
  /** Milliseconds for one run. */
  readonly timeoutMs?: number;
}

/** Declares a case. Its titles read `worker: calls arrive in the order they were made`. */
export function inEachRuntime(
  title: string,
  body: (runtime: RuntimeHere) => Promise<void>,
  { boundaries, needs, absent, prepare, timeoutMs }: CaseOptions = {},
): void {
  for (const runtime of chosen.runtimes) {
    const isStrict = boundaries === "strict" && runtime.passesReferences;
    const need = isStrict ? "checked boundaries" : needs;
    const reason = (need === undefined ? undefined : runtime.lacks[need]) ?? runtime.lacksCases?.[title];
    const promise = reason !== undefined ? `no: ${reason}` : isStrict ? "with `strictBoundaries`" : "yes";
    // What is an example has no column in the table of what is promised.
    const meta =
      runtime.kind === "python" ? {} : { conformance: { row: title, column: runtime.kind, promise } };
    test(`${runtime.kind}: ${title}`, { meta, timeout: timeoutMs ?? 30_000 }, async (context) => {
      const skipped = reason ?? runtime.absent ?? absent;
      if (skipped !== undefined) context.skip(skipped);
      await runtime.prepare?.();
      await prepare?.();
      await body(new RuntimeHere(runtime, isStrict ? { strictBoundaries: true } : {}));
    });
  }
}
