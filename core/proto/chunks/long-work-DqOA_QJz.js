import { a as StoppedError } from "./main-DS4x5uUc.js";
// core/src/cli/output/size-text.ts
const units = [
	"KB",
	"MB",
	"GB"
];
function sizeText(bytes) {
	if (bytes < 1024) return `${bytes} B`;
	let value = bytes / 1024;
	let unit = 0;
	while (value >= 1023.5 && unit < units.length - 1) {
		value /= 1024;
		unit += 1;
	}
	return `${value < 9.95 ? value.toFixed(1) : Math.round(value).toString()} ${units[unit] ?? ""}`;
}
// core/src/cli/long-work.ts
const quietMs = 1e3;
const onTerminalMs = 100;
const elsewhereMs = 5e3;
const clearLine = "\r\x1B[2K";
async function withProgress({ io, output }, what, work) {
	const stop = new AbortController();
	const stopped = () => stop.abort(new StoppedError(io.signal.reason));
	if (io.signal.aborted) stopped();
	else io.signal.addEventListener("abort", stopped, { once: true });
	const line = new ProgressLine(io, output, what);
	const ticking = io.stderr.isTTY === true ? setInterval(() => line.show(), onTerminalMs) : void 0;
	try {
		return await work({
			signal: stop.signal,
			onProgress: (progress) => line.show(progress),
			onWait: (processId) => line.show({ waitingFor: `process ${processId}, which installs into the same folder` }),
			aside: (deed) => line.aside(deed)
		});
	} finally {
		clearInterval(ticking);
		io.signal.removeEventListener("abort", stopped);
		line.clear();
	}
}
var ProgressLine = class {
	#io;
	#output;
	#what;
	#next;
	#began = performance.now();
	#latest;
	#isShown = false;
	#isAside = false;
	constructor(io, output, what) {
		this.#io = io;
		this.#output = output;
		this.#what = what;
		this.#next = performance.now() + quietMs;
	}
	show(progress = this.#latest) {
		this.#latest = progress;
		const now = performance.now();
		if (progress === void 0 || this.#output.isJson || this.#isAside || now < this.#next) return;
		const isTerminal = this.#io.stderr.isTTY === true;
		if (!isTerminal && !("waitingFor" in progress) && now < this.#began + elsewhereMs) return;
		this.#next = now + (isTerminal ? onTerminalMs : elsewhereMs);
		const line = "waitingFor" in progress ? `waiting for ${progress.waitingFor}` : `${progress.doing ?? this.#what}: ${progressText(progress)}`;
		if (isTerminal) this.#io.stderr.write(clearLine + line);
		else this.#output.note(line);
		this.#isShown = isTerminal;
	}
	async aside(deed) {
		this.clear();
		this.#latest = void 0;
		this.#isAside = true;
		try {
			return await deed();
		} finally {
			this.#isAside = false;
		}
	}
	clear() {
		if (this.#isShown) this.#io.stderr.write(clearLine);
		this.#isShown = false;
	}
};
function progressText({ files, totalFiles, bytes, totalBytes }) {
	if (totalBytes !== void 0) return `${sizeText(bytes)} of ${sizeText(totalBytes)}`;
	if (files === 0) return sizeText(bytes);
	const all = totalFiles === void 0 ? "" : ` of ${totalFiles.toLocaleString("en")}`;
	return `${files.toLocaleString("en")}${all} files, ${sizeText(bytes)}`;
}
export { sizeText as n, withProgress as t };

//# sourceMappingURL=long-work-DqOA_QJz.js.map