/** Makes of a few looks at running code the place that keeps it busy; whoever looks, and however, asks here. */
import type { BusyPlace } from "@plugboard/extension-api";
import { pathOfFile } from "../common/source-place.js";
import { namesOwnCode } from "../common/own-files.js";

/** How often one looks, at the most. @internal */
export const looks = 8;
/** Milliseconds between two looks. @internal */
export const lookEveryMs = 25;

/** Where code was when one looked. @internal */
export type SeenPlace = Omit<BusyPlace, "share">;

/** The place that was seen most often in so many looks; undefined if none was seen. @internal */
export function busiestPlace(seen: readonly SeenPlace[], taken: number): BusyPlace | undefined {
  const counts = new Map<string, { readonly place: SeenPlace; count: number }>();
  for (const place of seen) {
    const key = `${place.file}:${String(place.line)}:${place.functionName ?? ""}`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { place, count: 1 });
    else known.count++;
  }
  const [most] = [...counts.values()].sort((a, b) => b.count - a.count);
  return most && { ...most.place, file: pathOfFile(most.place.file), share: most.count / taken };
}

/** Whether the file, a path or URL as the engine names it, is neither Node's own nor the host's. @internal */
export function isExtensionCode(file: string): boolean {
  return file !== "" && !file.startsWith("node:") && !namesOwnCode(file);
}
