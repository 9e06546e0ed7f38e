import { commands, type ExtensionContext } from "@plugboard/extension-api";
import type { Section } from "./section.ts";

export function activate(context: ExtensionContext): void {
  // Live: what comes and goes while this runs is in it, and not, at the next look.
  const sections = context.contributions<Section>("{{contribution}}-sections");
  context.contribute(commands, "{{id}}", {
    execute: async (day: unknown = "today") => {
      const parts = [...sections].map(
        async (section) => `${section.title}\n${await section.text(String(day))}`,
      );
      return (await Promise.all(parts)).join("\n\n");
    },
  });
}
