import { t as allFiles } from "./folder-files-Ci2NavIK.js";
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { createHash } from "node:crypto";
// core/src/archive/folder-stamp.ts
const freshMs = 50;
async function folderStamp(folder, now = Date.now()) {
	const hash = createHash("sha256");
	for (const { path } of await allFiles(folder)) {
		const { ino, size, mode, mtimeNs, ctimeNs } = lstatSync(join(folder, path), { bigint: true });
		if (Number(ctimeNs / 1000000n) > now - freshMs) return void 0;
		hash.update(`${ino} ${size} ${mode} ${mtimeNs} ${ctimeNs} ${path}\n`);
	}
	return hash.digest("hex");
}
export { folderStamp };

//# sourceMappingURL=folder-stamp-VC_m1T4Z.js.map