import { i as reportMissingFolders, t as hostSetup } from "./host-setup-cGAcFzJm.js";
import { a as StoppedError, t as strayText } from "./main-DS4x5uUc.js";
// core/src/cli/run-host.ts
async function withHost(context, deed, { showsProblems = false, until } = {}) {
	const { io, output, services } = context;
	const setup = await hostSetup(context);
	await reportMissingFolders(setup, context);
	const { inProcessScope } = io;
	const host = services.createHost({
		...setup.hostOptions,
		inProcessScope,
		watch: false
	});
	const stray = io.onStrayOutput((printed) => output.note(strayText(printed)));
	try {
		await unlessStopped(host.start(until === void 0 ? {} : { until }), io);
		if (!showsProblems) noteHostProblems(host, context);
		return await unlessStopped(Promise.resolve(deed(host, setup)), io);
	} catch (error) {
		if (error instanceof StoppedError) output.mute();
		throw error;
	} finally {
		await host.stop();
		stray.dispose();
	}
}
function noteHostProblems(host, { output }) {
	for (const problem of host.problems) if (problem.code !== "DISCOVERY_FOLDER_MISSING" && problem.severity !== "info") output.problem(problem);
}
async function unlessStopped(promise, { signal }) {
	let listener;
	const stopped = new Promise((_resolve, reject) => {
		listener = () => reject(new StoppedError(signal.reason));
		if (signal.aborted) listener();
		else signal.addEventListener("abort", listener, { once: true });
	});
	try {
		return await Promise.race([promise, stopped]);
	} finally {
		if (listener !== void 0) signal.removeEventListener("abort", listener);
	}
}
export { withHost as t };

//# sourceMappingURL=run-host-CzbyYu_O.js.map