/** The way in: makes a host from what the application says. */
import { assertOwnFiles } from "../common/own-files.js";
import { checkHostOptions } from "./face/check-options.js";
import type { ExtensionHost } from "./face/extension-host.js";
import { Host } from "./host.js";
import type { HostOptions } from "./face/host-options.js";

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
 * @throws ExtensionError `HOST_FILES_MISSING` where an application has put the host's code into a file of its own, and
 * `CONFIG_INVALID` for what is no option, and for a value that an option can't have
 * @public
 */
export function createExtensionHost(options: HostOptions = {}): ExtensionHost {
  assertOwnFiles();
  checkHostOptions(options);
  return new Host(options);
}
