import { ExtensionError } from "@plugboard/extension-api";
import { expect, test } from "vitest";
import { LifecycleRun } from "../../../../../core/src/lifecycle/base/lifecycle-run.js";

test.each(["in the background", "waited for"])(
  "the host's own mistakes in work that is %s are reported, and faults of extensions are not",
  async (way) => {
    const reported: unknown[] = [];
    const run = new LifecycleRun((error) => reported.push(error));
    const mistakes = [new TypeError("x is undefined"), new ExtensionError("INTERNAL", "can't be told")];
    const work = [...mistakes, new ExtensionError("ACTIVATION_FAILED", "failed to activate")].map(
      async (error) => {
        throw error;
      },
    );

    if (way === "waited for") {
      await run.settled(work);
    } else {
      for (const one of work) run.inBackground(one);
      await run.backgroundSettled();
    }
    expect(reported).toEqual(mistakes);
  },
);
