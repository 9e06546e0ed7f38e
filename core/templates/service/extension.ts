import type { ExtensionContext } from "@plugboard/extension-api";
import type { Counters } from "./counters.ts";

/** What activate returns is what other extensions get of context.dependency("{{id}}"). */
export async function activate({ storage }: ExtensionContext): Promise<Counters> {
  const counts = new Map(Object.entries((await storage.get<Record<string, number>>("counts")) ?? {}));
  return {
    async increment(name) {
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      // Kept across restarts.
      await storage.set("counts", Object.fromEntries(counts));
      return count;
    },
    names: () => [...counts.keys()].sort(),
  };
}
