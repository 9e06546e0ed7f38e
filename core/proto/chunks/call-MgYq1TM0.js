import { o as UsageError, s as exitCode } from "./main-DS4x5uUc.js";
import { n as resultText, t as callByName } from "./named-call-Bmd5EKPs.js";
import { n as writableResult } from "./result-json-DXGtxAEM.js";
import { t as withHost } from "./run-host-CzbyYu_O.js";
// core/src/cli/commands/call.ts
async function callMethod(context, target) {
	const args = target.args.map(parseArgument);
	const { output } = context;
	return withHost(context, async (host) => {
		const result = await callByName(host, target, args);
		if (output.isJson) output.json({ result: writableResult(result) });
		else if (result !== void 0) output.result(resultText(result));
		return exitCode.done;
	});
}
function parseArgument(text, index) {
	try {
		return JSON.parse(text);
	} catch {
		throw new UsageError(`argument ${index + 1} is not JSON: ${text}\n    A text needs quotes of its own: '${JSON.stringify(text)}'`);
	}
}
export { callMethod };

//# sourceMappingURL=call-MgYq1TM0.js.map