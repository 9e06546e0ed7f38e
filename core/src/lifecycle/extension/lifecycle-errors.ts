/** The errors and reasons that several parts of the lifecycle give for the same thing, each made in one place. */
import { ExtensionError } from "@plugboard/extension-api";
import type { StateReason } from "./extension-state.js";
import type { Generation } from "./generation.js";
import { errorOf, reasonOf } from "./reason.js";

interface Identified {
  readonly id: string;
}

/** The error of whoever wanted something of an extension that has been removed. @internal */
export function gone({ id }: Identified): ExtensionError {
  return new ExtensionError("EXTENSION_GONE", `${id} is gone.`, { extensionId: id });
}

/** The error of naming an extension that is not there. @param hint - added to the message @internal */
export function unknownExtension(id: string, hint = ""): ExtensionError {
  return new ExtensionError("EXTENSION_UNKNOWN", `No extension "${id}" is known.${hint}`, {
    extensionId: id,
  });
}

/** The error that ends an activation which something newer, or a stop, made pointless. @internal */
export function superseded({ id }: Identified): ExtensionError {
  return new ExtensionError(
    "ACTIVATION_ABORTED",
    `${id} changed, or is no longer wanted, while it was being activated.`,
    { extensionId: id },
  );
}

/** The error that a caller gets for a generation that is blocked or has failed. @internal */
export function refusal({ state, reason, description: { id } }: Generation): ExtensionError {
  return errorOf(reason ?? { code: "INTERNAL", message: `${id} is ${state}.` }, id);
}

/** The reason of an extension that can't run because of what it depends on. @internal */
export function dependencyReason(
  code: "DEPENDENCY_CYCLE" | "DEPENDENCY_MISSING" | "DEPENDENCY_VERSION" | "DEPENDENCY_FAILED",
  id: string,
  message: string,
  details: Readonly<Record<string, unknown>>,
  cause?: unknown,
): StateReason {
  return reasonOf(new ExtensionError(code, message, { extensionId: id, details, cause }));
}

/** The reason of an extension whose dependency is not there. @internal */
export function dependencyMissing(
  id: string,
  dependency: string,
  range: string,
  suggestion?: string,
): StateReason {
  // To find the place the manifest is read again, which is worth it for a slip.
  const slip = suggestion === undefined ? {} : { suggestion, key: `extensionDependencies.${dependency}` };
  return dependencyReason(
    "DEPENDENCY_MISSING",
    id,
    `${id} depends on ${dependency} ${range}, which is not there.`,
    { dependency, range, ...slip },
  );
}
