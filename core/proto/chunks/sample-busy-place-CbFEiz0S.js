import { n as isExtensionCode, t as busiestPlace } from "./busy-place-BabKxGcX.js";
import { setTimeout } from "node:timers/promises";
// core/src/runtime/sample-busy-place.ts
const answerMs = 1e3;
const limitMs = 2e3;
async function sampleBusyPlace(thread) {
	const urls = new Map();
	let onPaused;
	thread.listen(({ method, params }) => {
		if (method === "Debugger.scriptParsed" && params?.scriptId !== void 0) urls.set(params.scriptId, params.url ?? "");
		else if (method === "Debugger.paused") onPaused?.((params?.callFrames ?? []).map(({ functionName, location: { scriptId, lineNumber } }) => ({
			file: urls.get(scriptId) ?? "",
			line: lineNumber + 1,
			functionName: functionName === "" ? void 0 : functionName
		})));
	});
	const seen = [];
	let taken = 0;
	thread.post("Debugger.enable");
	const until = performance.now() + limitMs;
	while (taken < 8 && performance.now() < until) {
		const paused = new Promise((resolve) => {
			onPaused = resolve;
		});
		thread.post("Debugger.pause");
		const stack = await Promise.race([paused, setTimeout(answerMs)]);
		if (stack === void 0) break;
		taken++;
		const place = stack.find(({ file }) => isExtensionCode(file));
		if (place !== void 0) seen.push(place);
		thread.post("Debugger.resume");
		await setTimeout(25);
	}
	thread.post("Debugger.disable");
	return busiestPlace(seen, taken);
}
export { sampleBusyPlace as t };

//# sourceMappingURL=sample-busy-place-CbFEiz0S.js.map