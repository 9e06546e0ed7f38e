import { a as StoppedError } from "./main-DS4x5uUc.js";
// core/src/cli/ask.ts
function canAsk({ stdin, stdout }) {
	return stdin.isTTY === true && stdout.isTTY === true;
}
async function isAgreed(io, message) {
	const { confirm } = await import("./dist-Cu5YnVrh.js");
	const answer = await confirm({
		message,
		initialValue: false,
		input: io.stdin,
		output: io.stdout,
		signal: io.signal
	});
	if (typeof answer === "boolean") return answer;
	throw new StoppedError(io.signal.aborted ? io.signal.reason : "SIGINT");
}
export { isAgreed as n, canAsk as t };

//# sourceMappingURL=ask-D1WHsAXy.js.map