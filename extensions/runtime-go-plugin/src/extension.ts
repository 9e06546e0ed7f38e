/** Contributes the runtime `go-plugin`. */
import type { ExtensionContext } from "@plugboard/extension-api";

export function activate(_context: ExtensionContext): void {
  // The runtime is contributed here once its driver stands.
}
