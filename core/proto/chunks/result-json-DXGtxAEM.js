import { i as InputError } from "./main-DS4x5uUc.js";
// core/src/cli/output/result-json.ts
const longest = 16777216;
function resultJson(result, { indent = 0 } = {}) {
	let left = longest;
	return JSON.stringify(result, (name, value) => {
		left -= 1 + name.length + (typeof value === "string" ? value.length : 0);
		if (left >= 0) return value;
		throw new InputError("CALL_TOO_LARGE", "The result is too large to be written as JSON: a part that occurs in several places is written in each.");
	}, indent);
}
function writableResult(result) {
	try {
		return resultJson(result) === void 0 ? null : result;
	} catch (error) {
		if (error instanceof InputError) throw error;
		const reason = error instanceof Error ? error.message : String(error);
		throw new InputError("CALL_FAILED", `The result can't be written as JSON: ${reason}`);
	}
}
export { writableResult as n, resultJson as t };

//# sourceMappingURL=result-json-DXGtxAEM.js.map