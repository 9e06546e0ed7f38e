import { greeters, type ExtensionContext } from "@plugboard/extension-api";

export function activate(context: ExtensionContext): void {
  context.contribute(greeters, "{{contribution}}", {
    greet: (name) => `Hello, ${name}!`,
  });
}
