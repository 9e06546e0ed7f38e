import { n as readArchive, t as contentOf } from "./extension-content-S_bZsnUy.js";
import { t as digestOfFiles } from "./file-list-DjTscCpa.js";
import { Nt as readRegularFile, a as hiddenInManifest, mt as manifestName, o as hiddenInModule, s as mainIn } from "./host-DMpq1bLR.js";
import { i as readKeyRing, p as parseSignature, t as emptyKeyRing, u as judge } from "./key-ring-COn6jQYO.js";
import { join } from "node:path";
// core/src/archive/hidden-in-content.ts
const longestMain = 16 * 2 ** 20;
async function hiddenInContent(path, { kind, files, manifest }) {
	const found = hiddenInManifest({
		file: join(path, manifestName),
		text: manifest
	});
	const main = files.find((file) => file.path === mainIn(manifest));
	if (main === void 0 || main.size > longestMain) return found;
	const text = kind === "folder" ? readRegularFile(join(path, main.path), longestMain) : await textInArchive(path, main.path);
	return [...found, ...hiddenInModule({
		file: join(path, main.path),
		text
	})];
}
async function textInArchive(archive, path) {
	const parts = [];
	await readArchive(archive, { onFile: (file) => file.path === path ? {
		write: (bytes) => void parts.push(Buffer.from(bytes)),
		end: () => void 0
	} : void 0 });
	return Buffer.concat(parts).toString("utf8");
}
// core/src/trust/verify-extension.ts
async function verifyExtension(path, options = {}) {
	const { keys, now = Date.now() } = options;
	const ring = keys === void 0 ? emptyKeyRing : readKeyRing(keys);
	const content = await contentOf(path, options);
	const { id, version, signature } = content;
	const files = content.kind === "folder" ? asSigned(content.files, signature) : content.files;
	const digest = digestOfFiles(files);
	const verdict = judge({
		files,
		digest,
		signature
	}, ring, now);
	const problems = await hiddenInContent(path, content);
	return {
		id,
		version,
		digest,
		files: files.length,
		...verdict,
		problems
	};
}
function asSigned(files, text) {
	if (process.platform !== "win32" || text === void 0) return files;
	const signed = new Map(parseSignature(text)?.files.map((file) => [file.path, file]));
	return files.map((file) => ({
		...file,
		isExecutable: signed.get(file.path)?.isExecutable ?? file.isExecutable
	}));
}
export { verifyExtension as n, asSigned as t };

//# sourceMappingURL=verify-extension-CHKulbz3.js.map