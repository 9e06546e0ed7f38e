/** Splits what code prints into lines. A line of any length costs a bounded amount of memory. */
import type { Readable } from "node:stream";
import type { OutputLine } from "@plugboard/extension-api";

/** Characters of a line that are kept; what comes after them is left out. */
const longestLine = 16_384;

/** Tells every line of the stream, the last one also without an end of line. @internal */
export function tellLines(
  stream: Readable,
  name: OutputLine["stream"],
  tell: (line: OutputLine) => void,
): void {
  let rest = "";
  let isCut = false;
  const finish = () => {
    if (rest !== "" || isCut) tell({ stream: name, text: isCut ? `${rest} … (cut)` : rest });
    rest = "";
    isCut = false;
  };
  const add = (text: string) => {
    if (rest.length + text.length > longestLine) isCut = true;
    rest += text.slice(0, longestLine - rest.length);
  };
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = chunk.split("\n");
    for (const [index, line] of lines.entries()) {
      if (index < lines.length - 1) {
        add(line.endsWith("\r") ? line.slice(0, -1) : line);
        if (rest === "" && !isCut) tell({ stream: name, text: "" });
        finish();
      } else add(line);
    }
  });
  stream.on("end", finish);
  // A stream that breaks has nothing more to say; what ran there is told of elsewhere.
  stream.on("error", finish);
}
