/** Shows a running host where no terminal is: plain lines. */
import type { Output } from "../output/output.js";
import type { HostView } from "./host-event.js";
import { hostEventLines } from "./host-event-text.js";

/** A view of plain lines, the first of which says what to do. @internal */
export function plainView(
  output: Output,
  { cwd, hint }: { readonly cwd: string; readonly hint: string },
): HostView {
  return {
    open: () => output.line(hint),
    show: (hostEvent) => {
      for (const line of hostEventLines(hostEvent, cwd, output.style)) output.line(line);
    },
    close: () => undefined,
  };
}
