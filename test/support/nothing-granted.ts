/** What an extension may use that was granted nothing. */
import type { GrantedCapabilities } from "../../extension-api/src/index.js";

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
