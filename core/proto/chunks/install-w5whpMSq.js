import { t as src_exports } from "./host-DMpq1bLR.js";
import { n as isAgreed, t as canAsk } from "./ask-D1WHsAXy.js";
import { i as InputError, n as folderText, r as pathText, s as exitCode } from "./main-DS4x5uUc.js";
import { n as installFolders } from "./host-setup-cGAcFzJm.js";
import { t as withProgress } from "./long-work-DqOA_QJz.js";
import { t as problemCounts } from "./problem-text-DEyvijh5.js";
import { a as singleLine } from "./style-BImbPBwr.js";
import { i as trustInstalled, n as tellWaiting } from "./trust-DnRrdFP1.js";
import { relative, resolve } from "node:path";
// core/src/cli/commands/install.ts
async function install(context, words) {
	const { io, output } = context;
	const common = await commonOptions(context, words);
	const { installExtension } = await import("../packaging.js");
	const { dependencies, ...installed } = await withProgress(context, "installing", (work) => installExtension(words.source, {
		...common(work),
		allowOlder: words.allowOlder,
		integrity: words.integrity
	}));
	const all = [...dependencies, installed];
	const ids = all.map(({ id }) => id);
	const waiting = await trustInstalled(context, ids, {
		isYes: words.yes,
		isPinned: words.allowOlder
	});
	if (output.isJson) {
		const document = (one) => ({
			...one,
			folder: pathText(one.folder, io.cwd),
			...waiting !== void 0 && { trusted: !waiting.includes(one.id) }
		});
		output.json({
			...document(installed),
			dependencies: dependencies.map(document)
		});
		return exitCode.done;
	}
	for (const one of all) output.line(outcomeText(one, context));
	for (const { passedOver } of all) if (passedOver !== void 0) output.note(singleLine(`${passedOver.why} --now takes it.`));
	const { trust, digest } = installed;
	const colour = trust.state === "verified" ? "green" : "yellow";
	output.line(`trust   ${output.style(colour, trust.state)}: ${singleLine(trust.message)}`);
	output.line(`digest  ${digest}`);
	tellWaiting(context, waiting);
	return exitCode.done;
}
async function commonOptions(context, { keys, requireVerified, allowNew, yes }) {
	const { io } = context;
	const folders = await installFolders(context);
	return ({ signal, onProgress, onWait, aside }) => ({
		...folders,
		signal,
		onWait,
		onProgress: (progress) => onProgress({
			...progress,
			doing: doingText(progress)
		}),
		cwd: io.cwd,
		env: io.env,
		keys: keys === void 0 ? folders.keys : resolve(io.cwd, keys),
		requireVerified,
		allowNew,
		examine: (folder) => refuseFaulty(context, folder),
		approve: (plan) => aside(() => approve(context, plan, { yes }))
	});
}
async function approve({ io, output }, plan, { yes }) {
	const isAsked = !yes && !output.isJson && canAsk(io);
	if (!yes && !isAsked) return false;
	if (!output.isJson) for (const line of planLines(plan)) output.note(singleLine(line));
	if (yes) return true;
	const count = plan.extensions.length;
	return isAgreed(io, count === 1 ? "Install it?" : `Install all ${count}?`);
}
function planLines({ extensions, leavesBehind }) {
	return [...extensions.map(({ id, version, from, replaces, neededBy, trust }) => {
		const instead = replaces === void 0 ? "" : ` in place of ${replaces}`;
		const why = neededBy.length === 0 ? "" : `, needed by ${neededBy.join(", ")}`;
		return `${id} ${version}${instead} from ${from}${trust === void 0 ? "" : ` (${trust.state})`}${why}`;
	}), ...leavesBehind.map(({ id, range }) => `${id} asks for ${range} and won't be able to use it`)];
}
function outcomeText(installed, { io, output }) {
	const { id, version, folder, replaced, mended, wasInstalled } = installed;
	if (mended !== void 0) return `${output.style("green", "repaired")} ${id} ${version} in ${folderText(folder, io.cwd)}: ${singleLine(mended)}`;
	const instead = replaced === void 0 ? "" : ` in place of ${replaced}`;
	return wasInstalled ? `${id} ${version} is installed already; nothing has changed` : `${output.style("green", "installed")} ${id} ${version}${instead} into ${folderText(folder, io.cwd)}`;
}
function doingText({ what, isDownload }) {
	return `${isDownload ? "downloading" : "installing"} ${singleLine(what)}`;
}
function hiddenText({ file, line, column, message, code }, folder) {
	return `${relative(folder, file)}:${String(line)}:${String(column)}: ${message} ${src_exports.errorTable[code].advice}`;
}
async function refuseFaulty({ output, services }, folder) {
	const { valid, problems } = await services.validateExtensions([folder]);
	if (valid) {
		for (const problem of problems) if (problem.code.endsWith("_HIDDEN_CHARACTER")) output.note(hiddenText(problem, folder));
		return;
	}
	if (!output.isJson) for (const problem of problems) output.problem(problem);
	const first = problems.find(({ severity }) => severity === "error");
	const what = `It is not installed: ${problemCounts(problems)}. ${first?.message ?? ""}`;
	throw new InputError(first?.code ?? "MANIFEST_INVALID", what.trimEnd());
}
export { install as n, commonOptions as t };

//# sourceMappingURL=install-w5whpMSq.js.map