import { Marked } from "marked";

export function activate(context) {
  // An instance of its own: what it is told does not reach other users of the package.
  const marked = new Marked({ gfm: true, async: false });
  context.contribute("transformers", "markdown", {
    transform: (input) => marked.parse(input),
  });
}
