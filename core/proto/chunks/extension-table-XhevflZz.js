import { t as src_exports } from "./host-DMpq1bLR.js";
import { r as problemLines } from "./problem-text-DEyvijh5.js";
import { c as extensionStateFormat, l as extensionStateText } from "./extension-document-BzbIsB1j.js";
import { a as singleLine } from "./style-BImbPBwr.js";
import { t as tableLines } from "./table-nlqIy7oI.js";
import { basename } from "node:path";
// core/src/cli/output/extension-table.ts
function extensionName(info) {
	return info.id ?? `${basename(info.folder)}/`;
}
const signedColumn = {
	title: "SIGNED",
	text: ({ signature }) => signature?.state ?? "-",
	format: ({ signature }) => signature === void 0 ? "dim" : signatureColour(signature.state),
	leaveOut: 1,
	minimum: 8
};
const columns = (cwd) => [
	{
		title: "EXTENSION",
		text: extensionName,
		isWhole: true
	},
	{
		title: "VERSION",
		text: (info) => info.version ?? "-",
		leaveOut: 2,
		minimum: 7
	},
	{
		title: "STATE",
		text: (info) => extensionStateText(info, cwd),
		format: extensionStateFormat,
		minimum: 19
	},
	{
		title: "RUNTIME",
		text: runtimeText,
		leaveOut: 1,
		minimum: 7
	},
	signedColumn,
	{
		title: "GEN",
		text: generationText,
		align: "right",
		leaveOut: 4
	},
	{
		title: "CONTRIBUTES",
		text: contributesText,
		minimum: 14,
		leaveOut: 3
	},
	{
		title: "PROBLEMS",
		text: problemsText,
		format: problemsFormat
	}
];
function extensionTable(extensions, { cwd, ...options }) {
	const isSigned = extensions.some(({ signature }) => signature !== void 0);
	const shown = columns(cwd).filter((column) => isSigned || column !== signedColumn);
	return tableLines(extensions, shown, options);
}
function trustLines(extensions, style) {
	const trusts = new Map(extensions.map(({ runtime, trust }) => [runtime, trust]));
	return Array.from(trusts, ([runtime, trust]) => style("dim", `${runtime}: ${trustText(trust)}`));
}
function trustText(trust) {
	if (trust === void 0) return "nobody brings this runtime, so nothing runs in it";
	return trust === "full rights" ? "trusted, with the full rights of this program" : "held to its declared capabilities";
}
function findingLines(extensions, hostProblems, options) {
	const { cwd, style } = options;
	const told = new Set();
	const linesOf = (problems) => problems.flatMap((problem) => {
		const lines = problemLines(problem, cwd, style);
		const isTold = told.has(lines.join("\n"));
		told.add(lines.join("\n"));
		return isTold ? [] : lines;
	});
	const lines = [...linesOf(hostProblems)];
	for (const info of extensions) {
		lines.push(...linesOf(info.problems));
		if (info.reason !== void 0 && !explains(info.problems, info.reason)) lines.push(...reasonLines(`${extensionName(info)} ${stateText(info.state)}:`, info.reason, style));
		const { candidate } = info;
		if (candidate === void 0) continue;
		lines.push(...linesOf(candidate.problems));
		if (candidate.reason !== void 0 && !explains(candidate.problems, candidate.reason)) {
			const subject = `${extensionName(info)} generation ${candidate.generation} ${stateText(candidate.state)}:`;
			lines.push(...reasonLines(subject, candidate.reason, style));
		}
	}
	return lines;
}
function explains(problems, reason) {
	return problems.some(({ code, severity }) => code === reason.code || severity === "error");
}
function reasonLines(subject, reason, style) {
	const head = `${style("bold", subject)} ${reason.code} ${singleLine(reason.message)}`;
	const advice = reason.code in src_exports.errorTable ? src_exports.errorTable[reason.code].advice : void 0;
	return advice === void 0 ? [head] : [head, `    ${style("dim", advice)}`];
}
function stateText(state) {
	return state === "failed" ? "failed" : `is ${state}`;
}
function runtimeText({ runtime, processId }) {
	return processId === void 0 ? runtime : `${runtime} ${processId}`;
}
function generationText({ generation, candidate }) {
	return candidate === void 0 || candidate.generation === generation ? String(generation) : `${generation} → ${candidate.generation}`;
}
function contributesText({ contributes }) {
	const points = Object.entries(contributes).filter(([, ids]) => ids.length > 0);
	return points.length === 0 ? "-" : points.map(([point, ids]) => `${point}: ${ids.join(", ")}`).join("; ");
}
function allProblems({ problems, candidate }) {
	return candidate === void 0 ? problems : [...problems, ...candidate.problems];
}
function signatureColour(state) {
	if (state === "verified") return "green";
	return state === "unsigned" || state === "unknown key" ? "yellow" : "red";
}
function problemsText(info) {
	const problems = allProblems(info).length;
	return problems === 0 ? "-" : String(problems);
}
function problemsFormat(info) {
	const problems = allProblems(info);
	if (problems.some(({ severity }) => severity === "error")) return "red";
	return problems.length > 0 ? "yellow" : "dim";
}
export { findingLines as n, trustLines as r, extensionTable as t };

//# sourceMappingURL=extension-table-XhevflZz.js.map