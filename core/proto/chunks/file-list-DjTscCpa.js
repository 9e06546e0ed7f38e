import { createHash } from "node:crypto";
// core/src/archive/file-list.ts
const signatureName = "plugin.signature.json";
const maximumSignatureBytes = 16 * 2 ** 20;
const heading = "plugboard files 1\n";
function inListOrder(files) {
	return [...files].sort((one, other) => one.path < other.path ? -1 : one.path > other.path ? 1 : 0);
}
function fileListText(files) {
	const lines = inListOrder(files).filter(({ path }) => path !== signatureName).map(({ path, size, sha256, isExecutable }) => `${sha256} ${size} ${isExecutable ? "x" : "-"} ${path}\n`);
	return heading + lines.join("");
}
function digestOfFiles(files) {
	return `sha256:${createHash("sha256").update(fileListText(files)).digest("hex")}`;
}
export { signatureName as a, maximumSignatureBytes as i, fileListText as n, inListOrder as r, digestOfFiles as t };

//# sourceMappingURL=file-list-DjTscCpa.js.map