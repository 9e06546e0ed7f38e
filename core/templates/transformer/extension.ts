import { transformers, type ExtensionContext } from "@plugboard/extension-api";

export function activate(context: ExtensionContext): void {
  context.contribute(transformers, "{{contribution}}", {
    transform: (input) => input.trim().replaceAll(/\s+/g, " "),
  });
}
