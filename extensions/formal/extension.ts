import { greeters, type ExtensionContext, type Remote } from "@plugboard/extension-api";

/** What `plugboard.names` exports. */
interface Names {
  address(name: string): string;
}

export function activate(context: ExtensionContext): void {
  const names = context.dependency<Remote<Names>>("plugboard.names");
  context.contribute(greeters, "formal", {
    greet: async (name) => `Good day, ${await names.address(name)}. How do you do?`,
  });
}
