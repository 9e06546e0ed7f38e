/** Asks the application what to do about crashes, and bears with an answer that makes no sense. */
import type { ExtensionDescription } from "../discovery/extension-description.js";
import type { RestartPolicy } from "../lifecycle/crash-budget.js";
import { restartOf, type HostOptions } from "./host-options.js";

/**
 * The restart policy by extension. A function of the application's that fails is reported, and the defaults
 * hold instead.
 *
 * @throws RangeError if one policy is given for all and it makes no sense
 * @internal
 */
export function restartPolicy(
  given: HostOptions["restart"],
  report: (error: unknown) => void,
): (description: ExtensionDescription) => RestartPolicy {
  const usual = restartOf(typeof given === "function" ? undefined : given);
  if (typeof given !== "function") return () => usual;
  return (description) => {
    try {
      return restartOf(given(description));
    } catch (error) {
      report(error);
      return usual;
    }
  };
}
