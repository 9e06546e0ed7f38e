/** The way in: makes a host from what the application says. */
import type { ExtensionHost } from "./extension-host.js";
import { Host } from "./host.js";
import type { HostOptions } from "./host-options.js";

/**
 * Makes a host; nothing happens until {@link ExtensionHost.start}.
 *
 * @example
 * const host = createExtensionHost({
 *   extensionFolders: ["./extensions"],
 *   points: [greeters, transformers],
 *   watch: true,
 * });
 * const report = await host.start();
 * for (const greeter of host.contributions(greeters)) console.log(await greeter.greet("World"));
 * await host.stop();
 *
 * @public
 */
export function createExtensionHost(options: HostOptions = {}): ExtensionHost {
  return new Host(options);
}
