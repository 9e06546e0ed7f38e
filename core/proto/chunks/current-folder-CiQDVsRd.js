import { o as UsageError } from "./main-DS4x5uUc.js";
import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
// core/src/cli/current-folder.ts
function hasCurrentFolder({ cwd }) {
	return existsSync(cwd);
}
function requireCurrentFolder({ cwd }, path = ".") {
	if (!isAbsolute(path) && !existsSync(cwd)) throw new UsageError(`the current directory ${cwd} has been removed; change to one that is there`);
}
export { requireCurrentFolder as n, hasCurrentFolder as t };

//# sourceMappingURL=current-folder-CiQDVsRd.js.map