import { n as folderText, s as exitCode } from "./main-DS4x5uUc.js";
import { r as listDocument } from "./extension-document-BzbIsB1j.js";
import { n as findingLines, r as trustLines, t as extensionTable } from "./extension-table-XhevflZz.js";
import { n as problemDocument } from "./problem-text-DEyvijh5.js";
import { a as singleLine } from "./style-BImbPBwr.js";
import { t as withHost } from "./run-host-CzbyYu_O.js";
import { existsSync } from "node:fs";
import { join } from "node:path";
// core/src/cli/commands/list.ts
function listExtensions(context) {
	const { io, output } = context;
	const list = async (host, { folders, hostOptions }) => {
		const held = await heldIn(hostOptions.extensionFolders ?? []);
		if (output.isJson) {
			const problems = host.problems.map((problem) => problemDocument(problem, io.cwd));
			output.json({
				...await listDocument(host, io.cwd),
				problems,
				...held.length > 0 && { held }
			});
			return exitCode.done;
		}
		const extensions = Array.from(host.extensions);
		const { style, columns } = output;
		const names = folders.map((folder) => folderText(folder, io.cwd)).join(", ");
		const table = extensions.length === 0 ? [`No extensions in ${names}.`] : extensionTable(extensions, {
			cwd: io.cwd,
			width: columns,
			style
		});
		const findings = findingLines(extensions, host.problems, {
			cwd: io.cwd,
			style
		});
		const notes = [...revokedLines(extensions), ...held.flatMap(({ sentences }) => sentences.map(singleLine))];
		const trusts = trustLines(extensions, style);
		const sections = [
			table,
			[...findings, ...notes],
			trusts
		].filter(({ length }) => length > 0);
		for (const line of sections.flatMap((lines, index) => index === 0 ? lines : ["", ...lines])) output.line(line);
		return exitCode.done;
	};
	return withHost(context, list, {
		showsProblems: true,
		until: "listed"
	});
}
function revokedLines(extensions) {
	return extensions.flatMap(({ id, version, signature, reason }) => signature?.state !== "revoked" || reason?.code === "TRUST_REVOKED" ? [] : [singleLine(`${id ?? "an extension"} ${version ?? ""}: ${signature.message}`)]);
}
async function heldIn(folders) {
	const used = folders.filter((folder) => existsSync(join(folder, ".plugboard")));
	if (used.length === 0) return [];
	const { heldExtensions } = await import("../packaging.js");
	return (await Promise.all(used.map(heldExtensions))).flat();
}
export { listExtensions };

//# sourceMappingURL=list-COHmStuP.js.map