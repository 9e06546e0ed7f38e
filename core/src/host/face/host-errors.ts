/** The words of what several parts of the host have to refuse. */
import { ExtensionError } from "@plugboard/extension-api";
import { nearest } from "../../common/nearest.js";

/** The error of everything that is asked after a stop. @internal */
export function hostStopped(): ExtensionError {
  return new ExtensionError("HOST_STOPPED", "The host has been stopped.");
}

/** The error of naming a point that nobody has opened. @internal */
export function unknownPoint(id: string, known: readonly string[]): ExtensionError {
  const message = `No contribution point "${id}" is open.${didYouMean(id, known)}`;
  return new ExtensionError("CALL_UNKNOWN_TARGET", message, { details: { point: id } });
}

/** A question to add to a message, if some known word is near. @internal */
export function didYouMean(word: string, known: Iterable<string>): string {
  const suggestion = nearest(word, known);
  return suggestion === undefined ? "" : ` Did you mean "${suggestion}"?`;
}
