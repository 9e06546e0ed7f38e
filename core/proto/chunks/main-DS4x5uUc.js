import { readFileSync, writeSync } from "node:fs";
import { isExtensionError } from "@plugboard/extension-api";
import { dirname, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { Readable, Writable } from "node:stream";
import { AsyncLocalStorage } from "node:async_hooks";
import { Console } from "node:console";
import { subscribe } from "node:diagnostics_channel";
import { StringDecoder } from "node:string_decoder";
// core/src/cli/exit-code.ts
const exitCode = Object.freeze({
	done: 0,
	atFault: 1,
	wrongUsage: 2,
	hostFault: 3
});
var UsageError = class extends Error {
	name = "UsageError";
};
var InputError = class extends Error {
	name = "InputError";
	code;
	advice;
	constructor(code, message, advice) {
		super(message);
		this.code = code;
		this.advice = advice;
	}
};
var StoppedError = class extends Error {
	name = "StoppedError";
	reason;
	constructor(reason) {
		super(`stopped by ${reason}`);
		this.reason = reason;
	}
};
const stoppedCode = {
	SIGHUP: 129,
	SIGINT: 130,
	SIGTERM: 143,
	EPIPE: 0
};
const hostFaults = new Set([
	"INTERNAL",
	"STATE_UNREADABLE",
	"STATE_UNWRITABLE"
]);
function exitCodeOf(error) {
	if (error instanceof StoppedError) return stoppedCode[error.reason];
	if (error instanceof UsageError) return exitCode.wrongUsage;
	if (error instanceof InputError) return exitCode.atFault;
	if (isExtensionError(error) && !hostFaults.has(error.code)) return exitCode.atFault;
	return exitCode.hostFault;
}
// core/src/cli/output/path-text.ts
function pathText(path, cwd) {
	const short = relative(cwd, path);
	return short === "" ? "." : short.split(sep).join("/");
}
function folderText(path, cwd) {
	const short = pathText(path, cwd);
	return short === "." || short.startsWith("..") || short.startsWith("/") || /^[a-z]:/i.test(short) ? short : `./${short}`;
}
// core/src/cli/output/stray-text.ts
function strayText({ text, owner }) {
	return owner === void 0 ? text : `${owner.id}: ${text}`;
}
// core/src/cli/printed-lines.ts
const longestLine = 65536;
const endOfLine = 10;
const mostUnfinished = 64;
var PrintedLines = class {
	#tell;
	#unfinished = new Map();
	constructor(tell) {
		this.#tell = tell;
	}
	add(stream, data, owner) {
		const key = JSON.stringify([
			stream,
			owner?.id,
			owner?.generation
		]);
		const line = this.#unfinished.get(key) ?? {
			owner,
			stream,
			decoder: new StringDecoder("utf8"),
			text: ""
		};
		this.#unfinished.delete(key);
		this.#unfinished.set(key, line);
		if (this.#unfinished.size > mostUnfinished) this.#finishOldest();
		const [first = "", ...more] = line.decoder.write(Buffer.from(data)).split("\n");
		line.text += first;
		for (const next of more) {
			this.#finish(line);
			line.text = next;
		}
		if (line.text.length > longestLine) this.#finish(line);
		if (data.at(-1) === endOfLine) this.#unfinished.delete(key);
	}
	end() {
		while (this.#unfinished.size > 0) this.#finishOldest();
	}
	#finishOldest() {
		for (const [key, line] of this.#unfinished) {
			this.#unfinished.delete(key);
			line.text += line.decoder.end();
			if (line.text !== "") this.#finish(line);
			return;
		}
	}
	#finish(line) {
		const { stream, owner, text } = line;
		line.text = "";
		this.#tell({
			stream,
			owner,
			text: text.endsWith("\r") ? text.slice(0, -1) : text
		});
	}
};
// core/src/cli/process-world.ts
const heartbeatMs = 2 ** 30;
var ProcessWorld = class {
	io;
	#stop = new AbortController();
	#strayListeners = new Set();
	#owners = new AsyncLocalStorage();
	#lines = new PrintedLines((line) => this.#stray(printed(line)));
	#stdout = ownStream(process.stdout);
	#stderr = ownStream(process.stderr);
	#onPrinted;
	#outputFault;
	#isLeaving = false;
	#ignoresInterrupts = false;
	#hasInspector = false;
	constructor() {
		this.io = {
			get stdin() {
				return process.stdin;
			},
			stdout: this.#stdout,
			stderr: this.#stderr,
			env: process.env,
			cwd: currentFolder(),
			signal: this.#stop.signal,
			onStrayOutput: (listener) => {
				this.#strayListeners.add(listener);
				return { dispose: () => void this.#strayListeners.delete(listener) };
			},
			inProcessScope: ({ id, generation }, run) => this.#owners.run({
				id,
				generation
			}, run),
			ignoreInterrupts: () => this.#ignoresInterrupts = true,
			openInspector: (port) => {
				openInspector(port);
				this.#hasInspector = true;
			},
			takeStreams: (onPrinted) => this.#takeStreams(onPrinted)
		};
	}
	takeOver() {
		setInterval(() => void 0, heartbeatMs);
		this.#obeySignals();
		this.#obeyClosedPipes();
		subscribe("plugboard:blocked", () => this.#letInterruptsEnd());
		redirect(process.stdout, (data) => this.#print("stdout", data));
		redirect(process.stderr, (data) => this.#print("stderr", data));
		globalThis.console = new Console({
			stdout: this.#sink("stdout"),
			stderr: this.#sink("stderr")
		});
		process.on("uncaughtException", (error) => this.#thrown(`uncaught ${thrownText(error)}`));
		process.on("unhandledRejection", (error) => this.#thrown(`unhandled rejection: ${thrownText(error)}`));
		process.on("exit", (code) => this.#nameWhoExits(code));
	}
	async leave(code) {
		this.#lines.end();
		await Promise.all([flushed(this.#stdout, process.stdout), flushed(this.#stderr, process.stderr)]);
		if (this.#hasInspector) process.getBuiltinModule("node:inspector").close();
		return this.#exit(this.#outputFault === void 0 ? code : exitCode.hostFault);
	}
	#exit(code) {
		this.#isLeaving = true;
		return process.exit(code);
	}
	#obeySignals() {
		const codes = {
			SIGHUP: 129,
			SIGINT: 130,
			SIGTERM: 143
		};
		for (const signal of [
			"SIGHUP",
			"SIGINT",
			"SIGTERM"
		]) process.on(signal, () => {
			if (signal === "SIGINT" && this.#ignoresInterrupts) return;
			if (!this.#stop.signal.aborted) {
				this.#stop.abort(signal);
				return;
			}
			if (process.stdout.isTTY) this.#stdout.write("\x1B[?25h");
			this.#exit(codes[signal]);
		});
	}
	#letInterruptsEnd() {
		const listeners = process.rawListeners("SIGINT");
		if (listeners.length === 0 || this.#ignoresInterrupts) return;
		process.removeAllListeners("SIGINT");
		setImmediate(() => listeners.forEach((listener) => process.on("SIGINT", listener)));
		sayAtOnce(`${process.stdout.isTTY ? "\x1B[?25h" : ""}plugboard: an extension keeps this process from going on; Ctrl-C ends it at once.\n`);
	}
	#obeyClosedPipes() {
		process.stdout.on("error", (error) => {
			if (error.code === "EPIPE") {
				this.#stop.abort("EPIPE");
				return;
			}
			if (this.#outputFault === void 0) this.#stderr.write(`error: standard output can't be written: ${error.message}\n`);
			this.#outputFault = error;
		});
		process.stderr.on("error", () => void 0);
	}
	#takeStreams(onPrinted) {
		this.#onPrinted = onPrinted;
		return {
			stdout: (text) => new Promise((resolve, reject) => {
				this.#stdout.write(text, (error) => error ? reject(error) : resolve());
			}),
			stderr: (text) => void this.#stderr.write(text),
			dispose: () => this.#onPrinted = void 0
		};
	}
	#print(stream, data) {
		if (this.#onPrinted === void 0) this.#lines.add(stream, data, this.#owners.getStore());
		else this.#onPrinted({
			stream,
			data
		});
	}
	#sink(stream) {
		return new Writable({
			decodeStrings: false,
			write: (text, _encoding, done) => {
				if (this.#onPrinted !== void 0) this.#onPrinted({
					stream,
					data: Buffer.from(text)
				});
				else {
					const owner = this.#owners.getStore();
					this.#stray(printed({
						stream,
						text: String(text).replace(/\n$/, ""),
						owner
					}));
				}
				done();
			}
		});
	}
	#thrown(text) {
		this.#stray({
			level: "error",
			text,
			owner: this.#owners.getStore()
		});
	}
	#stray(output) {
		if (this.#strayListeners.size === 0) this.#stderr.write(`${strayText(output)}\n`);
		for (const listener of this.#strayListeners) listener(output);
	}
	#nameWhoExits(code) {
		if (this.#isLeaving) return;
		const owner = this.#owners.getStore()?.id ?? "An extension";
		const place = callerOfExit(new Error().stack ?? "");
		const where = place === void 0 ? "" : ` at ${pathText(place, this.io.cwd)}`;
		process.exitCode = exitCode.atFault;
		sayAtOnce(`${process.stdout.isTTY ? "\x1B[?25h" : ""}error: ${owner} called process.exit(${code})${where}, which ends this program and all extensions in it. Throw an error instead, or run the extension in a worker or a process.\n`);
	}
};
function leaveStdinAlone() {
	const nothing = Readable.from([]);
	Object.defineProperty(process, "stdin", {
		configurable: true,
		enumerable: true,
		get: () => nothing
	});
}
function openInspector(port) {
	const inspector = process.getBuiltinModule("node:inspector");
	inspector.open(port, "127.0.0.1");
	if (inspector.url() === void 0) throw new UsageError(`no debugger can attach on port ${port}; name another, or 0 for any: --inspect=0`);
}
function ownStream(stream) {
	const write = stream.write.bind(stream);
	return {
		write: (text, done) => write(text, done),
		once: (event, listener) => stream.once(event, listener),
		on: (event, listener) => stream.on(event, listener),
		off: (event, listener) => stream.off(event, listener),
		get isTTY() {
			return stream.isTTY;
		},
		get writableNeedDrain() {
			return stream.writableNeedDrain;
		},
		get columns() {
			return stream.columns;
		},
		get rows() {
			return stream.rows;
		}
	};
}
function redirect(stream, onWritten) {
	stream.write = (data, encoding, done) => {
		onWritten(typeof data === "string" ? Buffer.from(data, typeof encoding === "string" ? encoding : "utf8") : data);
		const whenDone = typeof encoding === "function" ? encoding : done;
		if (whenDone !== void 0) queueMicrotask(() => whenDone());
		return true;
	};
}
function printed({ stream, text, owner }) {
	return {
		level: stream === "stdout" ? "info" : "warn",
		stream,
		text,
		owner
	};
}
function callerOfExit(stack) {
	const lines = stack.split("\n");
	const exit = lines.findIndex((line) => /\bprocess\.(?:exit|reallyExit)\b/.test(line));
	const caller = lines.slice(exit + 1).find((line) => !line.includes("node:"));
	const place = /((?:file:\/\/|\/|[A-Za-z]:[\\/])[^()]*:\d+:\d+)\)?$/.exec(caller ?? "")?.[1];
	if (exit === -1 || place === void 0) return void 0;
	return place.startsWith("file:") ? fileURLToPath(place) : place;
}
function sayAtOnce(text) {
	try {
		writeSync(2, text);
	} catch {}
}
function currentFolder() {
	try {
		return process.cwd();
	} catch {
		return process.env["PWD"] ?? dirname(process.execPath);
	}
}
function thrownText(error) {
	try {
		return String(error instanceof Error ? error.stack ?? error.message : error);
	} catch {
		return "something that can't be shown as text";
	}
}
function flushed(own, stream) {
	return new Promise((resolve) => {
		if (stream.destroyed || stream.errored !== null) {
			resolve();
			return;
		}
		stream.once("error", () => resolve());
		own.write("", () => setImmediate(resolve));
	});
}
// core/src/cli/main.ts
const packageFile = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
const { version } = JSON.parse(packageFile);
const words = process.argv.slice(2);
if (words.includes("serve-go-plugin")) leaveStdinAlone();
const { run } = await import("./run-BDPZ-ivB.js");
const world = new ProcessWorld();
world.takeOver();
const code = await run(words, {
	io: world.io,
	services: async () => {
		const { createExtensionHost, validateExtensions } = await import("../index.js");
		return {
			createHost: createExtensionHost,
			validateExtensions
		};
	},
	version
});
await world.leave(code);
export { StoppedError as a, exitCodeOf as c, InputError as i, folderText as n, UsageError as o, pathText as r, exitCode as s, strayText as t };

//# sourceMappingURL=main-DS4x5uUc.js.map