/** The place that keeps an extension busy, in words and as the details of an error. */
import type { BusyPlace } from "@plugboard/extension-api";
import { pathOfFile } from "../../common/source-place.js";

/** What follows "it is" or stands alone: `busy in greet (/path/extension.js:12)`. @internal */
export function busyText({ file, line, functionName }: BusyPlace): string {
  const where = functionName === undefined ? "" : ` in ${functionName}`;
  return `busy${where} (${pathOfFile(file)}:${String(line)})`;
}

/** The place as an error's details carry it. @internal */
export function placeDetails({ file, line }: BusyPlace): {
  readonly file: string;
  readonly line: number;
} {
  return { file: pathOfFile(file), line };
}
