import { n as requireCurrentFolder } from "./current-folder-CiQDVsRd.js";
import { n as folderText, r as pathText, s as exitCode } from "./main-DS4x5uUc.js";
import { t as hostSetup } from "./host-setup-cGAcFzJm.js";
import { n as sizeText, t as withProgress } from "./long-work-DqOA_QJz.js";
import { n as problemDocument, r as problemLines, t as problemCounts } from "./problem-text-DEyvijh5.js";
import { t as tableLines } from "./table-nlqIy7oI.js";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
// core/src/cli/known-folders.ts
const packages = join("node_modules", "@plugboard");
async function knownFolders(context, folder) {
	const { extensionFolders = [], developmentFolders = [] } = (await hostSetup(context).catch(() => void 0))?.hostOptions ?? {};
	return [
		...developmentFolders,
		...extensionFolders,
		...installedRuntimes(folder)
	];
}
function installedRuntimes(folder) {
	const place = join(folder, packages);
	if (existsSync(place)) return namesIn(place).filter((name) => name.startsWith("runtime-")).map((name) => join(place, name));
	return folder === dirname(folder) ? [] : installedRuntimes(dirname(folder));
}
function namesIn(folder) {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}
// core/src/cli/commands/pack.ts
const longestReport = 20;
async function pack(context, { folder: name, out }) {
	const { io, output, services } = context;
	requireCurrentFolder(io, out);
	const folder = resolve(io.cwd, name);
	const { valid, problems } = await services.validateExtensions([folder], { beside: await knownFolders(context, folder) });
	if (!valid) {
		if (output.isJson) {
			const documents = problems.map((problem) => problemDocument(problem, io.cwd));
			output.json({
				packed: false,
				problems: documents
			});
			return exitCode.atFault;
		}
		for (const problem of problems) for (const line of problemLines(problem, io.cwd, output.style)) output.line(line);
		output.line(`${output.style("red", "not packed")}: ${problemCounts(problems)}`);
		return exitCode.atFault;
	}
	const { packExtension } = await import("../packaging.js");
	const packed = await withProgress(context, "packing", (options) => packExtension(folder, {
		...options,
		outFolder: resolve(io.cwd, out ?? ".")
	}));
	const { id, version, digest, archive, archiveSize } = packed;
	const files = packed.files.toSorted((one, other) => other.size - one.size);
	if (output.isJson) {
		output.json({
			packed: true,
			id,
			version,
			archive: pathText(archive, io.cwd),
			archiveSize,
			digest,
			files,
			problems: problems.map((problem) => problemDocument(problem, io.cwd))
		});
		return exitCode.done;
	}
	for (const problem of problems) output.problem(problem);
	const size = sizeText(files.reduce((total, file) => total + file.size, 0));
	for (const line of report(files, context)) output.line(line);
	output.line("");
	const count = `${files.length.toLocaleString("en")} ${files.length === 1 ? "file" : "files"}`;
	output.line(`${output.style("green", "packed")} ${id} ${version}: ${count}, ${size}`);
	output.line(`archive ${folderText(archive, io.cwd)} (${sizeText(archiveSize)})`);
	output.line(`digest  ${digest}`);
	return exitCode.done;
}
function report(files, { output }) {
	const lines = tableLines(files.slice(0, longestReport), [{
		title: "SIZE",
		text: ({ size }) => sizeText(size),
		align: "right"
	}, {
		title: "FILE",
		text: ({ path, isExecutable }) => isExecutable ? `${path} (executable)` : path
	}], {
		width: output.columns,
		style: output.style
	});
	const more = files.length - longestReport;
	return more > 0 ? [...lines, `… and ${more.toLocaleString("en")} smaller ones`] : lines;
}
export { pack };

//# sourceMappingURL=pack-kws27KNy.js.map