/** What an extension printed or threw past the host, for people. */
import type { StrayOutput } from "../command-io.js";

/** The text, after the id of the extension whose code it was. @internal */
export function strayText({ text, owner }: StrayOutput): string {
  return owner === undefined ? text : `${owner.id}: ${text}`;
}
