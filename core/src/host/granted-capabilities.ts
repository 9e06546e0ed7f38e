/** What an extension may reach: what its manifest declares, as far as the application grants it. */
import type { GrantedCapabilities } from "@plugboard/extension-api";
import type { ExtensionDescription } from "../discovery/extension-description.js";

/** Nothing beyond its own folder. @internal */
export function grantedCapabilities(_description: ExtensionDescription): GrantedCapabilities {
  return {
    fs: { read: [], write: [] },
    net: [],
    env: [],
    childProcess: false,
    workers: false,
    addons: false,
    wasi: false,
  };
}
