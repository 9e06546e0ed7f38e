import { St as EventEmitter, ct as lookBehind } from "./host-DMpq1bLR.js";
import { t as sampleBusyPlace } from "./sample-busy-place-CbFEiz0S.js";
import { writeSync } from "node:fs";
import { sep } from "node:path";
import { url } from "node:inspector";
import { Worker, parentPort, workerData } from "node:worker_threads";
import { Session } from "node:inspector/promises";
const blockedChannel = "plugboard:blocked";
const tellAfterMs = 1e3;
if (parentPort !== null) watch$1(workerData);
function watch$1({ shared, limitMs, printsAtOnce }) {
	let beat = Atomics.load(shared, 0);
	let since = performance.now();
	let lookedAt = since;
	let found;
	let isTold = false;
	setInterval(() => {
		const now = performance.now();
		const current = Atomics.load(shared, 0);
		const wasAsleep = now - lookedAt > 1e3;
		lookedAt = now;
		if (current !== beat) {
			if (found !== void 0) {
				const blockage = {
					forMs: Math.round(now - since),
					place: found.place
				};
				parentPort?.postMessage(blockage);
			}
			found = void 0;
			isTold = false;
			beat = current;
			since = now;
			return;
		}
		if (wasAsleep || Atomics.load(shared, 1) === 1) since = now;
		if (printsAtOnce && !isTold && now - since >= Math.min(tellAfterMs, limitMs)) {
			isTold = true;
			tellHost();
		}
		if (now - since < limitMs || found !== void 0) return;
		const looking = found = { place: void 0 };
		busyPlaceOfHost().then((place) => {
			looking.place = place;
			if (printsAtOnce) print(limitMs, place);
		});
	}, 250);
}
async function busyPlaceOfHost() {
	const session = new Session();
	try {
		session.connectToMainThread();
		return await sampleBusyPlace({
			post: (method) => {
				session.post(method).catch(() => void 0);
			},
			listen: (listener) => {
				session.on("inspectorNotification", (notice) => {
					listener(notice);
				});
			}
		});
	} catch {
		return;
	} finally {
		session.disconnect();
	}
}
async function tellHost() {
	const session = new Session();
	const channels = `process.getBuiltinModule("node:diagnostics_channel")`;
	try {
		session.connectToMainThread();
		const expression = `${channels}.channel(${JSON.stringify(blockedChannel)}).publish({})`;
		await session.post("Runtime.evaluate", { expression });
	} catch {} finally {
		session.disconnect();
	}
}
function print(limitMs, place) {
	const where = place === void 0 ? "" : ` It is busy in ${place.file}:${String(place.line)}.`;
	writeSync(2, `plugboard: nothing has gone on in this process for ${String(limitMs)} ms.${where} Code that runs in-process can't be interrupted: end the process (${String(process.pid)}), or run the extension in a worker or a process.\n`);
}
// core/src/runtime/in-process/watchdog.ts
var Watchdog = class {
	#options;
	#watched = new Set();
	#shared = new Int32Array(new SharedArrayBuffer(8));
	#worker;
	#timer;
	constructor(options) {
		this.#options = options;
	}
	watch(folder, over) {
		this.#start();
		const health = new WatchedHealth(folder, this.#options.report);
		this.#watched.add(health);
		over.then(() => {
			this.#watched.delete(health);
		});
		return health;
	}
	async dispose() {
		clearInterval(this.#timer);
		const worker = this.#worker;
		this.#worker = void 0;
		await worker?.terminate();
	}
	#start() {
		if (this.#worker !== void 0) return;
		const { limitMs, printsAtOnce } = this.#options;
		const setup = {
			shared: this.#shared,
			limitMs,
			printsAtOnce
		};
		this.#worker = new Worker(new URL("./watchdog-main.js", import.meta.url), {
			workerData: setup,
			execArgv: ["--no-warnings"],
			resourceLimits: { maxOldGenerationSizeMb: 32 },
			name: "plugboard watchdog"
		});
		this.#worker.unref();
		this.#worker.on("message", (blockage) => {
			this.#tell(blockage);
		});
		this.#worker.on("error", this.#options.report);
		this.#timer = setInterval(() => {
			this.#shared[1] = url() === void 0 ? 0 : 1;
			Atomics.add(this.#shared, 0, 1);
		}, 250).unref();
	}
	#tell({ forMs, place }) {
		const culprits = [...this.#watched].filter((health) => place !== void 0 && health.holds(place.file));
		for (const culprit of culprits) culprit.wasUnresponsive(forMs, place);
		if (culprits.length > 0) return;
		const where = place === void 0 ? "" : `; it was busy in ${place.file}:${String(place.line)}`;
		this.#options.warn(`The host did nothing else for ${String(forMs)} ms${where}.`);
	}
};
var WatchedHealth = class {
	processId = void 0;
	onDidChange;
	#folder;
	#changed;
	unresponsive;
	constructor(folder, report) {
		this.#folder = folder;
		this.#changed = new EventEmitter(report);
		this.onDidChange = this.#changed.event;
	}
	holds(file) {
		return file.startsWith(this.#folder + sep) || file.startsWith((lookBehind(this.#folder).found ?? this.#folder) + sep);
	}
	wasUnresponsive(forMs, place) {
		this.unresponsive = {
			forMs,
			place
		};
		this.#changed.fire();
		this.unresponsive = void 0;
		this.#changed.fire();
	}
	memory() {
		return Promise.resolve(void 0);
	}
};
export { Watchdog };

//# sourceMappingURL=watchdog-Ckc7LRgu.js.map