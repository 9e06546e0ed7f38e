import { r as pathText } from "./main-DS4x5uUc.js";
import { a as singleLine, i as severityFormat } from "./style-BImbPBwr.js";
import { errorTable } from "@plugboard/extension-api";
// core/src/cli/output/problem-text.ts
function problemDocument(problem, cwd) {
	return {
		...problem,
		file: pathText(problem.file, cwd),
		advice: adviceFor(problem)
	};
}
function problemLines(problem, cwd, style) {
	const severity = style(severityFormat[problem.severity], problem.severity);
	return [`${style("bold", placeText(problem, cwd))} ${severity} ${problem.code} ${singleLine(problem.message)}`, `    ${style("dim", adviceText(problem))}`];
}
function adviceText(problem) {
	return (problem.suggestion === void 0 ? "" : `Did you mean ${singleLine(problem.suggestion)}? `) + adviceFor(problem);
}
function problemCounts(problems) {
	const count = (severity, name) => {
		const number = problems.filter((problem) => problem.severity === severity).length;
		return number === 0 ? [] : [`${number} ${name}${number === 1 ? "" : "s"}`];
	};
	const counts = [
		...count("error", "error"),
		...count("warning", "warning"),
		...count("info", "note")
	];
	return counts.length === 0 ? "no problems" : counts.join(", ");
}
function placeText(problem, cwd) {
	const file = pathText(problem.file, cwd);
	if (problem.line === void 0) return `${file}:`;
	return problem.column === void 0 ? `${file}:${problem.line}` : `${file}:${problem.line}:${problem.column}`;
}
function adviceFor(problem) {
	return errorTable[problem.code].advice;
}
export { problemDocument as n, problemLines as r, problemCounts as t };

//# sourceMappingURL=problem-text-DEyvijh5.js.map