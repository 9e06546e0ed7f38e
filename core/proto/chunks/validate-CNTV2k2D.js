import { s as exitCode } from "./main-DS4x5uUc.js";
import { n as problemDocument, r as problemLines, t as problemCounts } from "./problem-text-DEyvijh5.js";
import { readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
// core/src/cli/commands/validate.ts
async function validate({ io, output, services }, directories) {
	const folders = directories.map((directory) => resolve(io.cwd, directory));
	const nothings = await Promise.all(folders.map(nothingToValidate));
	const something = folders.filter((_folder, index) => nothings[index] === void 0);
	const validation = await services.validateExtensions(something);
	const problems = [...nothings.filter((problem) => problem !== void 0), ...validation.problems];
	const valid = !problems.some(({ severity }) => severity === "error");
	if (output.isJson) output.json({
		valid,
		problems: problems.map((problem) => problemDocument(problem, io.cwd))
	});
	else {
		for (const problem of problems) for (const line of problemLines(problem, io.cwd, output.style)) output.line(line);
		const summary = problemCounts(problems);
		output.line(`${valid ? output.style("green", "valid") : output.style("red", "not valid")}: ${summary}`);
	}
	return valid ? exitCode.done : exitCode.atFault;
}
async function holdsExtension(folder) {
	const children = await readdir(folder, { withFileTypes: true });
	const isManifest = ({ name }) => name === "plugin.json5";
	if (children.some(isManifest)) return true;
	for (const child of children) {
		if (child.name.startsWith(".") || child.name === "node_modules") continue;
		if (child.isSymbolicLink()) return true;
		if (!child.isDirectory()) continue;
		try {
			if ((await readdir(join(folder, child.name), { withFileTypes: true })).some(isManifest)) return true;
		} catch {
			return true;
		}
	}
	return false;
}
async function nothingToValidate(folder) {
	const problem = (code, message) => ({
		code,
		severity: "error",
		file: folder,
		message
	});
	try {
		if (await holdsExtension(folder)) return void 0;
		return problem("MANIFEST_MISSING", "The folder holds no extension, and neither do the folders in it.");
	} catch (error) {
		const { code, message } = error;
		if (code === "ENOENT") return problem("DISCOVERY_FOLDER_MISSING", "The folder does not exist.");
		if (code === "ENOTDIR" && basename(folder) === "plugin.json5") return void 0;
		if (code === "ENOTDIR") return problem("DISCOVERY_UNREADABLE", "This is not a folder.");
		return problem("DISCOVERY_UNREADABLE", `The folder can't be read: ${message}.`);
	}
}
export { validate };

//# sourceMappingURL=validate-CNTV2k2D.js.map