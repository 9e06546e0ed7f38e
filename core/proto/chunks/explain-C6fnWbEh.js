import { Dt as nearest } from "./host-DMpq1bLR.js";
import { s as exitCode } from "./main-DS4x5uUc.js";
import { t as explanationDocument } from "./explanation-document-DswUvopn.js";
import { t as withHost } from "./run-host-CzbyYu_O.js";
import { sep } from "node:path";
// core/src/cli/commands/explain.ts
function explainSubject(context, subject) {
	const { io, output } = context;
	return withHost(context, async (host) => {
		const explanation = host.explain(subject);
		const isUnknown = explanation.extension === void 0 && explanation.activates.length === 0;
		const code = isUnknown ? exitCode.atFault : exitCode.done;
		if (output.isJson) {
			output.json(await explanationDocument(explanation, host, io.cwd));
			return code;
		}
		const id = explanation.extension?.id;
		const memoryBytes = id === void 0 ? void 0 : await host.memory(id);
		output.line(explanation.format({ memoryBytes }).trimEnd().replaceAll(`${io.cwd}${sep}`, `.${sep}`));
		if (isUnknown) {
			const ids = Array.from(host.extensions, ({ id }) => id ?? []).flat();
			const events = ids.flatMap((id) => host.explain(id).activationEvents);
			const near = ids.find((id) => id.endsWith(`.${subject}`)) ?? nearest(subject, [...ids, ...events]);
			if (near !== void 0) output.note(`Did you mean ${near}?`);
		}
		return code;
	}, { until: "listed" });
}
export { explainSubject };

//# sourceMappingURL=explain-C6fnWbEh.js.map