import { t as src_exports } from "./host-DMpq1bLR.js";
import { i as InputError, s as exitCode } from "./main-DS4x5uUc.js";
import { t as errorDocument } from "./error-text-C9h9s50Q.js";
import { a as singleLine } from "./style-BImbPBwr.js";
import { t as withHost } from "./run-host-CzbyYu_O.js";
import { t as callFailure } from "./call-failure-BIvYAYkH.js";
import { n as unknownContribution, t as noteBrokenExtensions } from "./unknown-contribution-B5gcHJCN.js";
// core/src/cli/commands/greet.ts
function greet(context, { name, only }) {
	const { output } = context;
	return withHost(context, async (host) => {
		const entries = host.contributions(src_exports.greeters).entries();
		const known = entries.map(({ id }) => id);
		for (const id of only ?? []) if (!known.includes(id)) throw unknownContribution("greeter", id, known);
		noteBrokenExtensions(host, context);
		const asked = only === void 0 ? entries : entries.filter(({ id }) => only.includes(id));
		if (asked.length === 0 && !output.isJson) throw new InputError("CALL_UNKNOWN_TARGET", "No extension contributes a greeter.", "See what is there with: plugboard list");
		const greetings = asked.map((entry) => greeting(entry, name));
		if (output.isJson) {
			const outcomes = await Promise.all(greetings);
			output.json({ results: outcomes.map(resultDocument) });
			return outcomes.some(({ error }) => error !== void 0) ? exitCode.atFault : exitCode.done;
		}
		let code = exitCode.done;
		for (const pending of greetings) {
			const outcome = await pending;
			if (outcome.error === void 0) {
				output.result(`${output.style("cyan", `[${singleLine(outcome.entry.item.lang)}]`)} ${String(outcome.text)}`);
				continue;
			}
			output.note(`${outcome.entry.id} (${outcome.entry.extensionId}):`);
			output.error(outcome.error);
			code = exitCode.atFault;
		}
		return code;
	});
}
async function greeting(entry, name) {
	try {
		return {
			entry,
			text: await entry.stub.greet(name)
		};
	} catch (error) {
		const { id, extensionId } = entry;
		return {
			entry,
			error: callFailure(error, {
				id,
				method: "greet",
				extensionId
			})
		};
	}
}
function resultDocument({ entry, text, error }) {
	const { id, extensionId } = entry;
	if (error !== void 0) return {
		id,
		extensionId,
		error: errorDocument(error)
	};
	return {
		id,
		lang: entry.item.lang,
		extensionId,
		text: text ?? null
	};
}
export { greet };

//# sourceMappingURL=greet-B81rPM4K.js.map