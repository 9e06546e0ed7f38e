/**
 * The runtimes that the conformance suite runs against, and what each of them lacks. What is not named here is
 * promised; a row that needs what a runtime lacks is shown with the reason, never left out in silence.
 */
import { goRuntime } from "./go-runtime.js";
import type { RuntimeUnderTest } from "./runtime-under-test.js";

/** A runtime for extensions in JavaScript. */
export type JavaScriptRuntime = RuntimeUnderTest & {
  readonly kind: Exclude<RuntimeUnderTest["kind"], "go-plugin" | "python">;
};

const runtimesUnderTest: readonly JavaScriptRuntime[] = [
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

/**
 * All of them, with those that run code of another language: the cases are written for them once more, and take as long
 * as two others. `npm test` leaves them to `npm run test:go`.
 */
export const runtimesOfAllLanguages: readonly RuntimeUnderTest[] =
  process.env["PLUGBOARD_TEST_MODE"] === "javascript" ? runtimesUnderTest : [...runtimesUnderTest, goRuntime];

/** Those that cases are declared for; a file may declare them for others. */
export const chosen: { runtimes: readonly RuntimeUnderTest[] } = { runtimes: runtimesOfAllLanguages };
