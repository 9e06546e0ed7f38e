/** Asks the application what to do about crashes, and bears with an answer that makes no sense. */
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import type { RestartPolicy } from "../../lifecycle/extension/crash-budget.js";
import type { ApplicationFunctions } from "../face/application-functions.js";
import { restartOf, type HostOptions } from "../face/host-options.js";

/**
 * The restart policy by extension. Where a function of the application's fails, the defaults hold instead.
 *
 * @throws RangeError if one policy is given for all and it makes no sense
 * @internal
 */
export function restartPolicy(
  given: HostOptions["restart"],
  functions: ApplicationFunctions,
): (description: ExtensionDescription) => RestartPolicy {
  const usual = restartOf(typeof given === "function" ? undefined : given);
  if (typeof given !== "function") return () => usual;
  return (description) => {
    const answer = functions.ask("restart", description, () => restartOf(given(description)));
    return "value" in answer ? answer.value : usual;
  };
}
