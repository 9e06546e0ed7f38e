import { transformers, type ExtensionContext } from "@plugboard/extension-api";

export function activate(context: ExtensionContext): void {
  context.contribute(transformers, "{{contribution}}", { transform: countWords });
}

/** The words of a text, most frequent first. */
function countWords(input: string): string {
  const counts = new Map<string, number>();
  for (const [word] of input.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([, one], [, other]) => other - one);
  return sorted.map(([word, count]) => `${count} ${word}`).join("\n");
}
