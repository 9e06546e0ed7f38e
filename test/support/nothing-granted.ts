/** What an extension may use that was granted nothing. */
import type { GrantedCapabilities } from "@plugboard/extension-api";

/** Nothing beyond the extension's own folder. */
export const nothingGranted: GrantedCapabilities = {
  fs: { read: [], write: [] },
  net: [],
  env: [],
  childProcess: false,
  workers: false,
  addons: false,
  wasi: false,
};
