import { n as folderText, s as exitCode } from "./main-DS4x5uUc.js";
import { t as withProgress } from "./long-work-DqOA_QJz.js";
import { t as errorDocument } from "./error-text-C9h9s50Q.js";
import { a as singleLine } from "./style-BImbPBwr.js";
import { t as tableLines } from "./table-nlqIy7oI.js";
import { i as trustInstalled, n as tellWaiting } from "./trust-DnRrdFP1.js";
import { t as commonOptions } from "./install-w5whpMSq.js";
import { isAbsolute } from "node:path";
// core/src/cli/commands/update.ts
const colours = {
	updated: "green",
	available: "cyan",
	current: "dim",
	held: "yellow",
	failed: "red"
};
async function update(context, words) {
	const { io, output } = context;
	const common = await commonOptions(context, words);
	const { updateExtensions } = await import("../packaging.js");
	const outcomes = await withProgress(context, "updating", (work) => updateExtensions(words.ids.length === 0 ? void 0 : words.ids, {
		...common(work),
		dryRun: words.dryRun,
		again: words.again
	}));
	const code = outcomes.some(({ state }) => state === "failed") ? exitCode.atFault : exitCode.done;
	const updated = outcomes.filter(({ state }) => state === "updated").map(({ id }) => id);
	const waiting = await trustInstalled(context, updated, {
		isYes: words.yes,
		isPinned: false
	});
	if (output.isJson) {
		const trustOf = ({ id, state }) => waiting !== void 0 && state === "updated" && { trusted: !waiting.includes(id) };
		output.json({ extensions: outcomes.map((one) => ({
			...outcomeDocument(one),
			...trustOf(one)
		})) });
		return code;
	}
	if (outcomes.length === 0) output.line("nothing was installed here by plugboard");
	else {
		const columns = [
			{
				title: "ID",
				text: ({ id }) => id,
				isWhole: true
			},
			{
				title: "VERSION",
				text: ({ version }) => version ?? ""
			},
			{
				title: "NEW",
				text: ({ newVersion }) => newVersion ?? ""
			},
			{
				title: "STATE",
				text: ({ state }) => state,
				format: ({ state }) => colours[state]
			},
			{
				title: "FROM",
				text: ({ from = "" }) => isAbsolute(from) ? folderText(from, io.cwd) : from,
				minimum: 12
			}
		];
		for (const line of tableLines(outcomes, columns, {
			width: output.columns,
			style: output.style
		})) output.line(line);
	}
	tellWaiting(context, waiting);
	for (const { state, reason } of outcomes) if (state === "held") output.note(singleLine(errorDocument(reason).message));
	else if (reason !== void 0) output.error(reason);
	return code;
}
function outcomeDocument({ reason, ...outcome }) {
	return reason === void 0 ? outcome : {
		...outcome,
		reason: errorDocument(reason)
	};
}
export { update };

//# sourceMappingURL=update-Bu9DnZqz.js.map