/** The errors of a manifest whose `runtime` does not fit what the plugin serves. */
import { ExtensionError } from "@plugboard/extension-api";
import { didYouMean, nearestName } from "./nearest-name.js";

/**
 * The error of a value that is not allowed, naming its key.
 *
 * @param key - where it stands, e.g. `runtime.services.greeters.english.service`
 * @param what - what is wrong with it, to follow the key in a sentence
 * @internal
 */
export function manifestFault(
  extensionId: string,
  key: string,
  what: string,
  options: {
    readonly code?: "MANIFEST_INVALID" | "MANIFEST_PATH";
    readonly details?: Readonly<Record<string, unknown>>;
    readonly cause?: unknown;
  } = {},
): ExtensionError {
  const { code = "MANIFEST_INVALID", details, ...rest } = options;
  return new ExtensionError(code, `${key} of ${extensionId} ${what}`, {
    extensionId,
    details: { key, ...details },
    ...rest,
  });
}

/** The error of a name that is not there, with the nearest that is. @internal */
export function unknownName(
  extensionId: string,
  key: string,
  { what, name, names }: { readonly what: string; readonly name: string; readonly names: Iterable<string> },
): ExtensionError {
  const known = [...names];
  const suggestion = nearestName(name, known);
  return manifestFault(extensionId, key, `${what}.${didYouMean(name, known)}`, {
    details: { name, known, ...(suggestion === undefined ? {} : { suggestion }) },
  });
}
