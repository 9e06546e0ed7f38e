import { Dt as nearest } from "./host-DMpq1bLR.js";
import { i as InputError } from "./main-DS4x5uUc.js";
// core/src/cli/commands/unknown-contribution.ts
function unknownContribution(kind, id, known) {
	const near = nearest(id, known);
	const list = known.length === 0 ? `There is no ${kind} at all.` : `There are: ${known.join(", ")}.`;
	return new InputError("CALL_UNKNOWN_TARGET", `There is no ${kind} "${id}".`, near === void 0 ? list : `Did you mean ${near}? ${list}`);
}
function noteBrokenExtensions(host, { output }) {
	if (output.isJson) return;
	const broken = Array.from(host.extensions).filter(({ state }) => state === "invalid" || state === "failed");
	if (broken.length === 0) return;
	const subject = broken.length === 1 ? "1 extension is" : `${broken.length} extensions are`;
	output.note(output.errorStyle("yellow", `${subject} broken; see which and why with: plugboard list`));
}
export { unknownContribution as n, noteBrokenExtensions as t };

//# sourceMappingURL=unknown-contribution-B5gcHJCN.js.map