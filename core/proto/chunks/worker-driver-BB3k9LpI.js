import { v as MemoryWatch, y as mebibytesText } from "./host-DMpq1bLR.js";
import { n as packFrames, r as unpackFrames, t as tellLines } from "./tell-lines-BhXux-iN.js";
import { n as transformProgram } from "./child-transformer-CoCdIUBs.js";
import { t as sampleBusyPlace } from "./sample-busy-place-CbFEiz0S.js";
import { ExtensionError } from "@plugboard/extension-api";
import { setTimeout } from "node:timers/promises";
import { totalmem } from "node:os";
import { Worker } from "node:worker_threads";
import { Session } from "node:inspector/promises";
// core/src/runtime/worker/find-busy-place.ts
const attachMs = 1e3;
async function findBusyPlace(threadId) {
	const session = new Session();
	session.connect();
	try {
		const thread = await attach(session, threadId);
		return thread === void 0 ? void 0 : await sampleBusyPlace(thread);
	} finally {
		session.disconnect();
	}
}
async function attach(session, threadId) {
	const attached = new Promise((resolve) => {
		session.on("NodeWorker.attachedToWorker", ({ params }) => {
			if (params.workerInfo.title.startsWith(`[worker ${threadId}]`)) resolve(params.sessionId);
		});
	});
	try {
		await session.post("NodeWorker.enable", { waitForDebuggerOnStart: false });
	} catch {
		return;
	}
	const sessionId = await Promise.race([attached, setTimeout(attachMs)]);
	return sessionId === void 0 ? void 0 : debuggerOf(session, sessionId);
}
function debuggerOf(session, sessionId) {
	let lastId = 0;
	return {
		post(method) {
			const message = JSON.stringify({
				id: ++lastId,
				method
			});
			session.post("NodeWorker.sendMessageToWorker", {
				sessionId,
				message
			}).catch(() => void 0);
		},
		listen(listener) {
			session.on("NodeWorker.receivedMessageFromWorker", ({ params }) => {
				if (params.sessionId === sessionId) listener(JSON.parse(params.message));
			});
		}
	};
}
// core/src/runtime/worker/worker-driver.ts
var WorkerDriver = class {
	#options;
	#memory;
	constructor(options) {
		this.#options = options;
		this.#memory = new MemoryWatch(options.memoryBytes);
	}
	spareKey({ environment }) {
		return JSON.stringify(environment);
	}
	connect(request, { signal }) {
		if (signal.aborted) return Promise.reject(signal.reason);
		const { memoryBytes, packages } = this.#options;
		const setup = {
			packages,
			transformProgram: transformProgram()
		};
		const resourceLimits = { maxOldGenerationSizeMb: heapLimitMb(memoryBytes) };
		let worker;
		try {
			worker = new Worker(new URL("./worker-main.cjs", import.meta.url), {
				stdout: true,
				stderr: true,
				env: { ...request.environment },
				execArgv: ["--no-warnings"],
				resourceLimits,
				workerData: setup,
				name: "plugboard"
			});
		} catch (cause) {
			return Promise.reject(new ExtensionError("RUNTIME_START_FAILED", "The worker thread could not be started.", {
				extensionId: request.extension.id,
				cause
			}));
		}
		const channel = new WorkerChannel(worker, memoryBytes);
		this.#memory.add(channel);
		tellLines(worker.stdout, "stdout", request.onOutput);
		tellLines(worker.stderr, "stderr", request.onOutput);
		return Promise.resolve(channel);
	}
};
function heapLimitMb(memoryBytes) {
	const headroomBytes = Math.min(2 ** 31, totalmem() / 2);
	return Math.ceil((memoryBytes + headroomBytes) / 2 ** 20);
}
var WorkerChannel = class {
	closed;
	processId = void 0;
	readable = "everything";
	#worker;
	#end;
	constructor(worker, memoryBytes) {
		this.#worker = worker;
		const { promise, resolve } = Promise.withResolvers();
		this.closed = promise;
		worker.on("error", (error) => {
			this.#end ??= {
				kind: "crashed",
				message: describe(error, memoryBytes)
			};
		});
		worker.on("messageerror", (error) => {
			this.fail(`was ended because it sent what can't be read: ${error.message}`);
		});
		worker.once("exit", (code) => {
			resolve(this.#end ?? {
				kind: "crashed",
				message: `The thread exited with code ${String(code)}.`
			});
		});
	}
	send(frames, transfer) {
		const packed = packFrames(frames);
		if (transfer.length === 0) this.#worker.postMessage(packed);
		else this.#worker.postMessage(packed, transfer);
	}
	receive(listener) {
		this.#worker.on("message", (packed) => {
			listener(unpackFrames(Array.isArray(packed) ? packed : [packed]));
		});
	}
	close() {
		this.#end ??= {
			kind: "disposed",
			message: "The thread was ended."
		};
		this.#worker.terminate();
	}
	async memory() {
		if (this.#end !== void 0) return void 0;
		try {
			const { total_physical_size: heap, external_memory: external } = await this.#worker.getHeapStatistics();
			return heap + external;
		} catch {
			return;
		}
	}
	busyPlace() {
		return findBusyPlace(this.#worker.threadId);
	}
	fail(what) {
		this.#end ??= {
			kind: "crashed",
			message: `The thread ${what}.`
		};
		this.#worker.terminate();
	}
};
function describe(error, memoryBytes) {
	if (!(error instanceof Error)) return `Uncaught in the thread: ${String(error)}.`;
	if ("code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY") return `The thread ran out of memory: its heap may take ${mebibytesText(memoryBytes)}.`;
	return `Uncaught in the thread: ${error.stack ?? error.message}`;
}
export { WorkerDriver };

//# sourceMappingURL=worker-driver-BB3k9LpI.js.map