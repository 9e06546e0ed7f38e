import { titleCase } from "title-case";

export function activate(context) {
  context.contribute("transformers", "title", { transform: (input) => titleCase(input) });
}
