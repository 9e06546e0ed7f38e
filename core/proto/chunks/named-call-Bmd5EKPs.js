import { Dt as nearest, t as src_exports } from "./host-DMpq1bLR.js";
import { t as callFailure } from "./call-failure-BIvYAYkH.js";
import { n as unknownContribution } from "./unknown-contribution-B5gcHJCN.js";
import { i as InputError, o as UsageError } from "./main-DS4x5uUc.js";
import { t as resultJson } from "./result-json-DXGtxAEM.js";
import { inspect } from "node:util";
// core/src/cli/named-call.ts
async function callByName(host, names, args) {
	try {
		return await host.call(names.point, names.id, names.method, args);
	} catch (error) {
		if ((0, src_exports.isExtensionError)(error, "CALL_INVALID")) throw new UsageError(error.message);
		throw (0, src_exports.isExtensionError)(error, "CALL_UNKNOWN_TARGET") ? unknownTarget(host, names) ?? error : callFailure(error, names);
	}
}
function resultText(result) {
	if (typeof result === "string") return result;
	try {
		return resultJson(result, { indent: 2 }) ?? inspect(result);
	} catch (error) {
		if (error instanceof InputError) throw error;
		return inspect(result, { depth: 2 });
	}
}
function unknownTarget(host, { point, id }) {
	const points = host.points;
	if (!points.includes(point)) {
		const near = nearest(point, points);
		const list = `Points: ${points.join(", ")}.`;
		return new InputError("CALL_UNKNOWN_TARGET", `There is no contribution point "${point}".`, near === void 0 ? list : `Did you mean ${near}? ${list}`);
	}
	const ids = host.contributions(point).entries().map((entry) => entry.id);
	return ids.includes(id) ? void 0 : unknownContribution(`contribution to ${point}`, id, ids);
}
export { resultText as n, callByName as t };

//# sourceMappingURL=named-call-Bmd5EKPs.js.map