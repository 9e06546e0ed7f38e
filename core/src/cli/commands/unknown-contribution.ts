/** What commands say when a name they were given, or an extension they need, is not there. */
import type { HostControl } from "../../control.js";
import type { CommandSurroundings } from "../command-context.js";
import { InputError } from "../exit-code.js";
import { nearestWord } from "../nearest-word.js";

/** No contribution has this id: names the nearest one, or all there are. @internal */
export async function unknownContribution(
  kind: string,
  id: string,
  known: readonly string[],
): Promise<InputError> {
  const near = await nearestWord(id, known);
  const list = known.length === 0 ? `There is no ${kind} at all.` : `There are: ${known.join(", ")}.`;
  return new InputError(
    "CALL_UNKNOWN_TARGET",
    `There is no ${kind} "${id}".`,
    near === undefined ? list : `Did you mean ${near}? ${list}`,
  );
}

/** Tells a person that some extensions are not in play. @internal */
export async function noteBrokenExtensions(
  control: HostControl,
  { output }: CommandSurroundings,
): Promise<void> {
  if (output.isJson) return;
  const { extensions } = await control.list();
  const broken = extensions.filter(({ state }) => state === "invalid" || state === "failed");
  if (broken.length === 0) return;
  const subject = broken.length === 1 ? "1 extension is" : `${broken.length} extensions are`;
  output.note(output.errorStyle("yellow", `${subject} broken; see which and why with: plugboard list`));
}
