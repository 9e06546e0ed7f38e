import { B as placeInStack, M as readClone, N as writeClone, W as folderIdentity, X as isWithin, v as MemoryWatch, y as mebibytesText, z as pathOfFile } from "./host-DMpq1bLR.js";
import { n as isExtensionCode, t as busiestPlace } from "./busy-place-BabKxGcX.js";
import { r as childArguments, t as NetworkSandbox } from "./network-sandbox-BUEAv5Nl.js";
import { n as packFrames, r as unpackFrames, t as tellLines } from "./tell-lines-BhXux-iN.js";
import { a as encodeMessage, f as transformMs, i as MessageReader, n as transformProgram, o as withLength, r as mostRequestBytes } from "./child-transformer-CoCdIUBs.js";
import { closeSync, existsSync, openSync, readFileSync, readSync, readdirSync, realpathSync } from "node:fs";
import { opendir, readFile, readlink, realpath } from "node:fs/promises";
import { ExtensionError, isExtensionError } from "@plugboard/extension-api";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { types } from "node:util";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
import { constants as constants$1 } from "node:os";
import { isUtf8 } from "node:buffer";
import { fileURLToPath } from "node:url";
import { spawn } from "node:child_process";
// core/src/runtime/process/engine-layout.ts
const prefix = "v8dbg_";
const dynamicSymbols = 11;
const loadedSegment = 1;
function readEngineSymbols(binary) {
	const file = openSync(binary, "r");
	try {
		return new BinaryFile(file).symbols();
	} finally {
		closeSync(file);
	}
}
var BinaryFile = class {
	#file;
	constructor(file) {
		this.#file = file;
	}
	symbols() {
		const head = this.#read(0, 64);
		if (head.toString("latin1", 1, 4) !== "ELF" || head[4] !== 2 || head[5] !== 1) return new Map();
		const sections = this.#table(head, {
			offset: 40,
			count: 60,
			size: 64
		});
		const segments = this.#table(head, {
			offset: 32,
			count: 56,
			size: 56
		});
		const table = sections.find((section) => section.readUInt32LE(4) === dynamicSymbols);
		const strings = table === void 0 ? void 0 : sections[table.readUInt32LE(40)];
		if (table === void 0 || strings === void 0) return new Map();
		const names = namesByOffset(this.#section(strings));
		const entries = this.#section(table);
		const found = new Map();
		for (let at = 0; at + 24 <= entries.length; at += 24) {
			const name = names.get(entries.readUInt32LE(at));
			if (name === void 0) continue;
			found.set(name, this.#valueAt(wordAt(entries, at + 8), segments));
		}
		return found;
	}
	#table(head, place) {
		const bytes = this.#read(wordAt(head, place.offset), head.readUInt16LE(place.count) * place.size);
		return Array.from({ length: head.readUInt16LE(place.count) }, (_, index) => bytes.subarray(index * place.size, (index + 1) * place.size));
	}
	#section(header) {
		return this.#read(wordAt(header, 24), wordAt(header, 32));
	}
	#valueAt(address, segments) {
		for (const segment of segments) {
			const offset = address - wordAt(segment, 16);
			if (segment.readUInt32LE(0) !== loadedSegment || offset < 0 || offset >= wordAt(segment, 32)) continue;
			return this.#read(wordAt(segment, 8) + offset, 4).readInt32LE(0);
		}
		return 0;
	}
	#read(position, length) {
		const bytes = Buffer.alloc(length);
		readSync(this.#file, bytes, 0, length, position);
		return bytes;
	}
};
function namesByOffset(strings) {
	const names = new Map();
	for (let at = strings.indexOf(prefix); at !== -1; at = strings.indexOf(prefix, at + 1)) names.set(at, strings.toString("latin1", at + 6, strings.indexOf(0, at)));
	return names;
}
function wordAt(bytes, at) {
	return Number(bytes.readBigUInt64LE(at));
}
// core/src/runtime/process/engine-memory.ts
const wordBytes$1 = 8;
const longestFileName = 4096;
const longestSource = 67108864;
const deepestString = 8;
const scopeWords = {
	variables: 3,
	afterHead: 4
};
const positionSearch = 6;
const mostVariables = 1e3;
var EngineMemory = class {
	#file;
	#symbols;
	constructor(processId, symbols) {
		this.#file = openSync(`/proc/${processId}/mem`, "r");
		this.#symbols = symbols;
	}
	close() {
		closeSync(this.#file);
	}
	read(address, length) {
		const bytes = Buffer.alloc(length);
		return bytes.subarray(0, readSync(this.#file, bytes, 0, length, address));
	}
	functionOfFrame(stack, base) {
		const at = base + this.#number("off_fp_function");
		if (at < 0 || at + wordBytes$1 > stack.length) return void 0;
		const value = Number(stack.readBigUInt64LE(at));
		try {
			return this.#isFunction(value) ? this.#describe(value) : void 0;
		} catch {
			return;
		}
	}
	#isFunction(value) {
		if (!isPointer(value)) return false;
		const type = this.#type(value);
		return type >= this.#number("FirstJSFunctionType") && type <= this.#number("LastJSFunctionType");
	}
	#describe(value) {
		const shared = this.#field(value, "class_JSFunction__shared__SharedFunctionInfo");
		const script = this.#field(shared, "class_SharedFunctionInfo__script__Tagged_HeapObject_");
		const file = this.#string(this.#field(script, "class_Script__name__Object"), longestFileName);
		if (file === void 0) return void 0;
		const before = this.#sourceBefore(shared, script);
		if (before === void 0) return void 0;
		return {
			file,
			line: before.split("\n").length,
			functionName: nameAtEnd(before)
		};
	}
	#sourceBefore(shared, script) {
		const scope = this.#field(shared, "class_SharedFunctionInfo__name_or_scope_info__Tagged_NameOrScopeInfoT_", "class_SharedFunctionInfo__name_or_scope_info__Tagged_Object_");
		if (this.#type(scope) !== this.#number("type_ScopeInfo__SCOPE_INFO_TYPE")) return void 0;
		const source = this.#field(script, "class_Script__source__Object");
		const start = this.#functionStart(scope, this.#length(source));
		if (start === void 0 || start > longestSource) return void 0;
		return this.#text(source, start);
	}
	#functionStart(scope, sourceLength) {
		const integer = (word) => this.#smallInteger(scope - 1 + word * wordBytes$1);
		const variables = integer(scopeWords.variables) ?? 0;
		if (variables < 0 || variables > mostVariables) return void 0;
		for (const first of [scopeWords.afterHead, scopeWords.afterHead + 2 * variables]) for (let word = first; word < first + positionSearch; word++) {
			const start = integer(word);
			const end = integer(word + 1);
			if (start !== void 0 && end !== void 0 && start >= 0 && start < end && end <= sourceLength) return start;
			if (first === scopeWords.afterHead && variables > 0) break;
		}
	}
	#string(value, limit) {
		if (!isPointer(value) || this.#type(value) >= this.#number("FirstNonstringType")) return void 0;
		const length = this.#length(value);
		return length > limit ? void 0 : this.#text(value, length);
	}
	#text(value, length, depth = 0) {
		const type = this.#type(value);
		if (depth > deepestString || type >= this.#number("FirstNonstringType")) return void 0;
		const mask = this.#number("StringEncodingMask");
		const encoding = mask !== 0 && (type & mask) === this.#number("OneByteStringTag") ? "latin1" : "utf16le";
		switch (type & this.#number("StringRepresentationMask")) {
			case this.#number("SeqStringTag"): return this.#characters(value - 1 + this.#number("class_SeqOneByteString__chars__char"), length, encoding);
			case this.#number("ExternalStringTag"): {
				const owner = value - 1 + this.#number("class_ExternalString__resource__Object");
				return this.#characters(this.#word(owner + wordBytes$1), length, encoding);
			}
			case this.#number("ThinStringTag"): return this.#text(this.#field(value, "class_ThinString__actual__String"), length, depth + 1);
			case this.#number("SlicedStringTag"): {
				const offset = this.#smallInteger(value - 1 + this.#number("class_SlicedString__offset__SMI")) ?? -1;
				if (offset < 0 || offset > longestSource) return void 0;
				const parent = this.#field(value, "class_SlicedString__parent__String");
				return this.#text(parent, offset + length, depth + 1)?.slice(offset);
			}
			case this.#number("ConsStringTag"): {
				const first = this.#field(value, "class_ConsString__first__String");
				return this.#length(first) < length ? void 0 : this.#text(first, length, depth + 1);
			}
			default: return;
		}
	}
	#characters(address, length, encoding) {
		return this.read(address, encoding === "latin1" ? length : length * 2).toString(encoding);
	}
	#length(value) {
		return this.read(value - 1 + this.#number("class_String__length__int32_t"), 4).readInt32LE(0);
	}
	#type(value) {
		const map = this.#word(value - 1);
		return this.read(map - 1 + this.#number("class_Map__instance_type__uint16_t"), 2).readUInt16LE(0);
	}
	#field(value, ...symbols) {
		const symbol = symbols.find((name) => this.#symbols.has(name)) ?? "";
		const found = this.#word(value - 1 + this.#number(symbol));
		if (!isPointer(found)) throw new RangeError("No object stands there");
		return found;
	}
	#smallInteger(address) {
		const word = this.read(address, wordBytes$1);
		return word.readInt32LE(0) === 0 ? word.readInt32LE(4) : void 0;
	}
	#word(address) {
		return Number(this.read(address, wordBytes$1).readBigUInt64LE(0));
	}
	#number(symbol) {
		const value = this.#symbols.get(symbol);
		if (value === void 0) throw new RangeError(`This engine does not tell ${symbol}`);
		return value;
	}
};
function isPointer(value) {
	return value % 4 === 1;
}
const notNames = Object.freeze([
	"function",
	"async",
	"get",
	"set",
	"static",
	"return",
	"await",
	"yield",
	"of",
	"in"
]);
function nameAtEnd(text) {
	const tail = text.slice(-200);
	const name = /([\p{ID_Start}$_#][\p{ID_Continue}$]*)\s*$/u.exec(tail)?.[1] ?? /([\p{ID_Start}$_#][\p{ID_Continue}$]*)\s*[=:]\s*(?:async\s*)?$/u.exec(tail)?.[1];
	return name === void 0 || notNames.includes(name) ? void 0 : name;
}
// core/src/runtime/process/busy-place-finder.ts
const stopMs = 20;
const wordBytes = 8;
const stackBytes = 524288;
const farthestFrame = 8388608;
const mostCandidates = 4e3;
var BusyPlaceFinder = class {
	#symbols;
	async find(processId) {
		if (process.platform !== "linux") return void 0;
		let memory;
		try {
			this.#symbols ??= readEngineSymbols(process.execPath);
			if (this.#symbols.size === 0) return void 0;
			memory = new EngineMemory(processId, this.#symbols);
		} catch {
			return;
		}
		const seen = [];
		let taken = 0;
		try {
			for (; taken < 8; taken++) {
				if (taken > 0) await setTimeout$1(25);
				const place = whileStopped(processId, (top) => innermost(top, memory));
				if (place !== void 0) seen.push(place);
			}
		} catch (error) {
			if (!hasEnded(error)) throw error;
		} finally {
			memory.close();
		}
		return busiestPlace(seen, taken);
	}
};
function whileStopped(processId, look) {
	const wasStopped = isStopped(processId);
	if (!wasStopped) process.kill(processId, "SIGSTOP");
	try {
		const until = performance.now() + stopMs;
		do {
			const top = isStopped(processId) ? stackTop(processId) : void 0;
			if (top !== void 0) return look(top);
		} while (performance.now() < until);
		return;
	} finally {
		if (!wasStopped) process.kill(processId, "SIGCONT");
	}
}
function isStopped(processId) {
	return /\) [Tt] /.test(readFileSync(`/proc/${processId}/stat`, "latin1"));
}
function stackTop(processId) {
	const registers = readFileSync(`/proc/${processId}/syscall`, "latin1").trim().split(" ");
	const top = Number(registers.at(-2));
	return Number.isSafeInteger(top) && top > 0 ? top : void 0;
}
function innermost(top, memory) {
	const stack = memory.read(top, stackBytes);
	let candidates = 0;
	for (let at = 0; at + wordBytes <= stack.length && candidates < mostCandidates; at += wordBytes) {
		const next = Number(stack.readBigUInt64LE(at));
		const distance = next - (top + at);
		if (distance <= 0 || distance > farthestFrame || next % wordBytes !== 0) continue;
		candidates += 1;
		const found = memory.functionOfFrame(stack, at);
		if (found !== void 0 && isExtensionCode(found.file)) return found;
	}
}
function hasEnded(error) {
	const { code } = error;
	return code === "ESRCH" || code === "ENOENT" || code === "EIO";
}
// core/src/runtime/process/confinement.ts
function describeConfinement({ network, platform }) {
	const localSockets = network === "namespace" ? "none" : network;
	const orphans = platform === "win32" ? "pipe" : "watcher";
	const memory = platform === "linux" ? "watched" : "none";
	const linuxAdvice = platform === "linux" ? "Install bubblewrap, or run" : "Run";
	const gaps = [];
	const networkGaps = [];
	if (network === "none") networkGaps.push(`The network is not cut off for extensions that may not use it. ${linuxAdvice} the host on Node 26 or newer.`);
	if (localSockets === "none" && network !== "none") networkGaps.push(`Unix sockets of other programs are not cut off. ${linuxAdvice} the host on Node 26 or newer.`);
	if (orphans === "pipe") gaps.push("A child that loops stays when the host is killed. End it by hand.");
	if (memory === "none") gaps.push("Memory beyond the heap, of buffers for one, has no limit on this platform.");
	return {
		files: "permission",
		network,
		localSockets,
		orphans,
		memory,
		gaps,
		networkGaps
	};
}
// core/src/runtime/process/folder-boundary.ts
async function checkFolderBoundary(folder, options = {}) {
	const { signal, maximumEntries = 5e4 } = options;
	const root = await realpath(folder);
	const folders = [root];
	let entries = 0;
	for (let current = folders.pop(); current !== void 0; current = folders.pop()) {
		signal?.throwIfAborted();
		for await (const entry of await opendir(current, { bufferSize: 256 })) {
			entries += 1;
			if (entries > maximumEntries) throw tooLarge(root, maximumEntries);
			const path = join(current, entry.name);
			if (entry.isDirectory()) folders.push(path);
			else if (entry.isSymbolicLink()) await checkLink(root, path);
		}
	}
	return root;
}
async function checkLink(root, link) {
	const text = await readlink(link);
	const named = resolve(dirname(link), text);
	if (!isWithin(root, named)) throw leadsOut(root, link, named);
	let target;
	try {
		target = await realpath(link);
	} catch (error) {
		const code = error.code;
		if (code === "ENOENT" || code === "ELOOP" || code === "ENOTDIR") return;
		throw error;
	}
	if (!isWithin(root, target)) throw leadsOut(root, link, target);
}
function leadsOut(root, link, target) {
	const name = relative(root, link);
	return new ExtensionError("RUNTIME_START_FAILED", `${name} is a link to ${target}, outside the extension's folder, where its process must not read. Put a copy there instead of the link, or run the extension in-process if you trust it`, { details: {
		folder: root,
		link,
		target
	} });
}
function tooLarge(root, maximumEntries) {
	return new ExtensionError("RUNTIME_START_FAILED", `The folder has more than ${maximumEntries.toLocaleString("en")} entries, too many to look for links that lead out of it. Bundle the extension's packages, or leave out what it does not need`, { details: {
		folder: root,
		maximumEntries
	} });
}
// core/src/runtime/process/open-descriptors.ts
const closedOnExec = 524288;
const highest = 65536;
function inheritedDescriptors(from) {
	let names;
	try {
		names = readdirSync("/proc/self/fdinfo");
	} catch {
		return [];
	}
	return names.map(Number).filter((descriptor) => descriptor >= from && descriptor < highest && isInherited(descriptor)).sort((a, b) => a - b);
}
function isInherited(descriptor) {
	try {
		const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "latin1"))?.[1];
		return flags !== void 0 && (Number.parseInt(flags, 8) & closedOnExec) === 0;
	} catch {
		return false;
	}
}
// core/src/runtime/process/orphan-watcher.ts
const script = `
groups=
while read -r action group; do
  rest=
  for known in $groups; do
    if [ "$known" != "$group" ]; then rest="$rest $known"; fi
  done
  groups=$rest
  if [ "$action" = add ]; then groups="$groups $group"; fi
done
for group in $groups; do kill -9 "-$group"; done
`;
var OrphanWatcher = class {
	#groups = new Set();
	#shell;
	add(group) {
		if (process.platform === "win32") return;
		this.#groups.add(group);
		if (this.#shell === void 0) this.#start();
		else this.#say(`add ${group}`);
	}
	remove(group) {
		if (!this.#groups.delete(group)) return;
		this.#say(`remove ${group}`);
		if (this.#groups.size > 0) return;
		this.#shell?.stdin?.end();
		this.#shell = void 0;
	}
	#start() {
		const shell = spawn("/bin/sh", ["-c", script], {
			detached: true,
			cwd: "/",
			env: {},
			stdio: [
				"pipe",
				"ignore",
				"ignore"
			]
		});
		this.#shell = shell;
		const forget = () => {
			if (this.#shell === shell) this.#shell = void 0;
		};
		shell.once("error", forget);
		shell.once("exit", forget);
		shell.stdin.on("error", forget);
		shell.unref();
		shell.stdin.unref?.();
		for (const group of this.#groups) this.#say(`add ${group}`);
	}
	#say(line) {
		this.#shell?.stdin?.write(`${line}\n`);
	}
};
// core/src/protocol/frame-bytes.ts
const lengthBytes = 4;
const headBytes = 5;
const asJson = 0;
const asClone = 1;
const divideBytes = 1048576;
function encodeFrames(frames) {
	const packed = packFrames(frames);
	const bytes = isJson(frames) ? encodeJson(packed) : encodeClone(packed);
	if (bytes.length <= divideBytes || frames.length === 1) return bytes;
	return Buffer.concat(frames.map((frame) => encodeFrames([frame])));
}
var FrameReader = class {
	#limitBytes;
	#length = Buffer.alloc(lengthBytes);
	#lengthFilled = 0;
	#batch;
	#batchFilled = 0;
	#fault;
	constructor(options) {
		this.#limitBytes = options.limitBytes;
	}
	push(chunk) {
		if (this.#fault !== void 0) throw this.#fault;
		try {
			return this.#read(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
		} catch (error) {
			this.#fault = error;
			this.#batch = void 0;
			throw error;
		}
	}
	#read(chunk) {
		const batches = [];
		let at = 0;
		while (at < chunk.length) {
			if (this.#batch !== void 0) {
				const copied = chunk.copy(this.#batch, this.#batchFilled, at);
				at += copied;
				this.#batchFilled += copied;
				if (this.#batchFilled < this.#batch.length) break;
				batches.push(decode(this.#batch));
				this.#batch = void 0;
				continue;
			}
			let length;
			if (this.#lengthFilled === 0 && chunk.length - at >= lengthBytes) {
				length = chunk.readUInt32BE(at);
				at += lengthBytes;
			} else {
				const copied = chunk.copy(this.#length, this.#lengthFilled, at);
				at += copied;
				this.#lengthFilled += copied;
				if (this.#lengthFilled < lengthBytes) break;
				length = this.#length.readUInt32BE(0);
				this.#lengthFilled = 0;
			}
			if (length === 0) throw unsound("a batch of no bytes");
			if (length > this.#limitBytes) throw unsound(`a batch of ${String(length)} bytes, where ${String(this.#limitBytes)} are allowed`);
			if (chunk.length - at >= length) {
				batches.push(decode(chunk.subarray(at, at + length)));
				at += length;
			} else {
				this.#batch = Buffer.allocUnsafeSlow(length);
				this.#batchFilled = 0;
			}
		}
		return batches;
	}
};
function decode(bytes) {
	const isLong = bytes.length > divideBytes;
	if (isLong && bytes[0] === asJson) throw unsound(`a batch of ${String(bytes.length)} bytes as JSON`);
	const packed = bytes[0] === asJson ? decodeJson(bytes) : decodeClone(bytes);
	if (!Array.isArray(packed)) throw unsound("a batch that is no list of frames");
	if (isLong && packed.length > 259) throw unsound(`several frames in one batch of ${String(bytes.length)} bytes`);
	return unpackFrames(packed);
}
function encodeJson(packed) {
	const text = JSON.stringify(packed);
	const bytes = Buffer.allocUnsafe(headBytes + Buffer.byteLength(text));
	bytes.writeUInt32BE(bytes.length - lengthBytes, 0);
	bytes[lengthBytes] = asJson;
	bytes.write(text, headBytes);
	return bytes;
}
function decodeJson(bytes) {
	const text = bytes.toString("utf8", 1);
	if (text.includes("�") && !isUtf8(bytes.subarray(1))) throw unsound("a batch that is not UTF-8");
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw unsound("a batch that is not JSON", cause);
	}
}
function encodeClone(packed) {
	const bytes = writeClone(packed, headBytes);
	bytes.writeUInt32BE(bytes.length - lengthBytes, 0);
	bytes[lengthBytes] = asClone;
	return bytes;
}
function decodeClone(bytes) {
	if (bytes[0] !== asClone) throw unsound(`a batch written in the way ${String(bytes[0])}, which is unknown`);
	try {
		return readClone(bytes.subarray(1));
	} catch (cause) {
		throw unsound("a batch that can't be read", cause);
	}
}
const mostJsonValues = 2048;
const fractionCost = 32;
function isJson(frames) {
	if ("toJSON" in Array.prototype) return false;
	let left = mostJsonValues;
	for (const frame of frames) {
		if (frame.type === "call" || frame.type === "ok") {
			left = frame.type === "call" ? afterObject(frame.args, left) : afterAnswer(frame.value, left);
			if (left < 0) return false;
			continue;
		}
		for (const key of Object.keys(frame)) {
			const value = frame[key];
			if (value !== void 0) left = afterValue(value, left);
			if (left < 0) return false;
		}
	}
	return true;
}
function afterAnswer(value, left) {
	return value === void 0 ? left : afterValue(value, left);
}
function afterValue(value, left) {
	switch (typeof value) {
		case "string": return left - 1 - (value.length >> 2);
		case "number":
			if (Number.isInteger(value)) return Object.is(value, -0) ? -1 : left - 1;
			return Number.isFinite(value) ? left - fractionCost : -1;
		case "boolean": return left - 1;
		case "object": return value === null ? left - 1 : afterObject(value, left - 1);
		default: return -1;
	}
}
function afterObject(value, before) {
	let left = before;
	if (left < 0 || types.isProxy(value)) return -1;
	if (Array.isArray(value)) {
		if (value.length > left) return -1;
		const keys = Object.keys(value);
		if (keys.length !== value.length || keys.length > 0 && keys.at(-1) !== String(keys.length - 1)) return -1;
		for (const item of value) {
			left = afterValue(item, left);
			if (left < 0) return left;
		}
		return left;
	}
	const prototype = Object.getPrototypeOf(value);
	if (prototype !== Object.prototype && prototype !== null) return -1;
	for (const key of Object.keys(value)) {
		if (key === "__proto__") return -1;
		left = afterValue(value[key], left - (key.length >> 2));
		if (left < 0) return left;
	}
	return left;
}
function unsound(what, cause) {
	return new ExtensionError("RUNTIME_PROTOCOL", `What runs the extension sent ${what}.`, { ...cause === void 0 ? {} : { cause } });
}
// core/src/runtime/process/frame-portions.ts
const mostFrames = 1e3;
var FramePortions = class {
	#stream;
	#listener;
	#waiting = [];
	#at = 0;
	#isPaused = false;
	constructor(stream, listener) {
		this.#stream = stream;
		this.#listener = listener;
	}
	add(batches) {
		this.#waiting.push(...batches);
		if (!this.#isPaused) this.#handOn();
	}
	#handOn() {
		let left = mostFrames;
		for (let batch = this.#waiting[0]; batch !== void 0; batch = this.#waiting[0]) {
			if (left === 0) {
				this.#wait();
				return;
			}
			const end = Math.min(batch.length, this.#at + left);
			const portion = this.#at === 0 && end === batch.length ? batch : batch.slice(this.#at, end);
			left -= portion.length;
			this.#at = end;
			if (end === batch.length) {
				this.#waiting.shift();
				this.#at = 0;
			}
			this.#listener(portion);
		}
		if (!this.#isPaused) return;
		this.#isPaused = false;
		this.#stream.resume();
	}
	#wait() {
		this.#isPaused = true;
		this.#stream.pause();
		setImmediate(() => {
			this.#handOn();
		});
	}
};
// core/src/runtime/process/resident-memory.ts
var ResidentMemory = class {
	#statistics;
	constructor(processId) {
		this.#statistics = openStatistics(processId);
	}
	bytes() {
		return this.#statistics === void 0 ? void 0 : residentBytes(this.#statistics);
	}
	close() {
		if (this.#statistics !== void 0) closeSync(this.#statistics);
		this.#statistics = void 0;
	}
};
function openStatistics(processId) {
	try {
		return openSync(`/proc/${processId}/status`, "r");
	} catch {
		return;
	}
}
function residentBytes(statistics) {
	const text = Buffer.alloc(4096);
	try {
		const length = readSync(statistics, text, 0, text.length, 0);
		const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(text.toString("latin1", 0, length))?.[1];
		return kibibytes === void 0 ? void 0 : Number(kibibytes) * 1024;
	} catch {
		return;
	}
}
// core/src/runtime/process/process-channel.ts
const messageLimitBytes = 67108864;
const unreadLimitBytes = 268435456;
const farewellMs = 1e3;
const lastWordsMs = 50;
const mostLastWordsBytes = 4194304;
const wrapperMs = 200;
const longestLastLine = 500;
var ProcessChannel = class {
	closed;
	processId;
	readable;
	#options;
	#socket;
	#memory;
	#settle;
	#told = [];
	#end;
	#hasExited = false;
	#lastWordsStart;
	#ranOutOfHeap = false;
	#lastError;
	#lastPlace;
	constructor(options) {
		const { child, processId } = options;
		this.#options = options;
		this.processId = processId;
		this.readable = options.readable;
		const { promise, resolve } = Promise.withResolvers();
		this.closed = promise;
		this.#settle = resolve;
		this.#socket = child.stdio[3];
		this.#memory = new ResidentMemory(processId);
		this.#followOutput();
		this.#followEnd();
	}
	send(frames) {
		if (this.#end !== void 0 || this.#hasExited) return;
		this.#socket.write(encodeFrames(frames));
		if (this.#socket.writableLength > unreadLimitBytes) this.fail("was ended because it reads nothing");
	}
	receive(listener) {
		const reader = new FrameReader({ limitBytes: messageLimitBytes });
		const portions = new FramePortions(this.#socket, listener);
		this.#socket.on("data", (chunk) => {
			if (this.#end !== void 0) return;
			try {
				portions.add(reader.push(chunk));
			} catch (error) {
				this.fail(`was ended because it sent what can't be read: ${error.message.replace(/\.$/, "")}`);
			}
		});
	}
	close() {
		this.#end ??= {
			kind: "disposed",
			message: "The process was ended."
		};
		this.#endProcess();
	}
	memory() {
		return Promise.resolve(this.#memory.bytes());
	}
	async busyPlace() {
		return this.#hasExited ? void 0 : this.#options.findBusyPlace(this.processId);
	}
	#followOutput() {
		const { child, onOutput } = this.#options;
		const { stdout, stderr } = child;
		if (stdout !== null) this.#told.push(tellLines(stdout, "stdout", onOutput));
		if (stderr === null) return;
		const told = tellLines(stderr, "stderr", (line) => {
			if (line.text.includes("JavaScript heap out of memory")) this.#ranOutOfHeap = true;
			if (/^(?:Uncaught )?\w*(?:Error|Exception)\b/.test(line.text)) {
				this.#lastError = line.text;
				this.#lastPlace = void 0;
			}
			this.#lastPlace ??= placeInStack(line.text, (file) => isAbsolute(pathOfFile(file)));
			onOutput(line);
		});
		this.#told.push(told);
	}
	#followEnd() {
		const { child } = this.#options;
		this.#socket.on("error", () => {});
		this.#socket.once("end", () => {
			const farewell = setTimeout(() => {
				this.fail("was ended because it closed its pipe to the host");
			}, farewellMs);
			child.once("exit", () => clearTimeout(farewell));
		});
		const exited = (code, signal) => {
			this.#hasExited = true;
			this.#memory.close();
			this.#killGroup();
			for (const told of this.#told) told.finish();
			const finish = () => {
				clearTimeout(timer);
				for (const stream of child.stdio) stream?.destroy();
				this.#settle(this.#end ?? {
					kind: "crashed",
					message: this.#describeExit(code, signal)
				});
			};
			const timer = setTimeout(() => this.#readArrived(finish), lastWordsMs);
			child.once("close", finish);
		};
		if (child.exitCode === null && child.signalCode === null) child.once("exit", exited);
		else exited(child.exitCode, child.signalCode);
	}
	#readArrived(done, before = -1) {
		const { stdout, stderr } = this.#options.child;
		const read = [stdout, stderr].reduce((sum, stream) => sum + (stream?.bytesRead ?? 0), 0);
		this.#lastWordsStart ??= read;
		if (read === before || read - this.#lastWordsStart > mostLastWordsBytes) done();
		else setImmediate(() => this.#readArrived(done, read));
	}
	fail(what) {
		this.#end ??= {
			kind: "crashed",
			message: `The process ${what}.`
		};
		this.#endProcess();
	}
	#endProcess() {
		const { child, isWrapped } = this.#options;
		if (this.#hasExited || child.pid === void 0) return;
		if (!isWrapped || this.processId === child.pid) {
			this.#killGroup();
			return;
		}
		signalUnlessGone(this.processId);
		const timer = setTimeout(() => this.#killGroup(), wrapperMs);
		child.once("exit", () => clearTimeout(timer));
	}
	#killGroup() {
		const { child } = this.#options;
		if (child.pid === void 0) return;
		if (process.platform === "win32") child.kill("SIGKILL");
		else signalUnlessGone(-child.pid);
	}
	#describeExit(code, signal) {
		const { isWrapped, heapBytes } = this.#options;
		if (this.#ranOutOfHeap) return `The process ran out of memory: its heap may take ${mebibytesText(heapBytes)}.`;
		const killer = signal ?? (isWrapped ? signalOfExitCode(code) : void 0);
		if (killer !== void 0) return `The process was killed by ${killer}.`;
		if (this.#lastError === void 0) return `The process exited with code ${String(code)}.`;
		const place = this.#lastPlace;
		const where = place === void 0 ? "" : ` (${pathOfFile(place.file)}:${place.line}:${place.column})`;
		return `The process exited with code ${String(code)}: ${this.#lastError.slice(0, longestLastLine)}${where}.`;
	}
};
function signalUnlessGone(target) {
	try {
		process.kill(target, "SIGKILL");
	} catch (error) {
		if (error.code !== "ESRCH") throw error;
	}
}
function signalOfExitCode(code) {
	if (code === null || code <= 128) return void 0;
	return Object.entries(constants$1.signals).find(([, number]) => number === code - 128)?.[0];
}
// core/src/runtime/process/readable-packages.ts
const guestPackages = [
	"@plugboard/extension-api",
	"@plugboard/schemas",
	"@jridgewell/sourcemap-codec",
	"acorn",
	"inversify",
	"reflect-metadata"
];
function readablePackages(more) {
	const ownFiles = realpathSync(fileURLToPath(new URL("../..", import.meta.url)));
	const core = dirname(ownFiles);
	const paths = new Set([ownFiles, join(core, "package.json")]);
	const seen = new Set();
	for (const name of guestPackages) addPackage(name, core, paths, seen);
	for (const file of more) addFile(file, paths, seen);
	return [...paths];
}
function addPackage(name, from, paths, seen) {
	const candidates = [];
	for (let folder = from;; folder = dirname(folder)) {
		const path = join(folder, "node_modules", name);
		if (existsSync(path)) {
			for (const each of candidates) paths.add(each);
			paths.add(path);
			addFolder(realpathSync(path), paths, seen);
			return;
		}
		candidates.push(path, join(path, "package.json"));
		if (folder === dirname(folder)) return;
	}
}
function addFolder(folder, paths, seen) {
	if (seen.has(folder)) return;
	seen.add(folder);
	paths.add(folder);
	for (const name of dependenciesOf(folder)) addPackage(name, folder, paths, seen);
}
function addFile(file, paths, seen) {
	const real = realpathSync(file);
	const installed = packageFolder(real);
	if (installed === void 0) paths.add(dirname(real));
	else addFolder(installed, paths, seen);
	paths.add(file);
}
function packageFolder(file) {
	const marker = `${sep}node_modules${sep}`;
	const start = file.lastIndexOf(marker);
	if (start === -1) return void 0;
	const [first = "", second = ""] = file.slice(start + marker.length).split(sep);
	return file.slice(0, start + marker.length) + (first.startsWith("@") ? join(first, second) : first);
}
function dependenciesOf(folder) {
	let manifest;
	try {
		manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
	} catch {
		return [];
	}
	return Object.keys({
		...manifest.dependencies,
		...manifest.peerDependencies
	});
}
// core/src/runtime/transform/transform-service.ts
const idleMs = 1e4;
var TransformService = class {
	#waiting = [];
	#orphans;
	#process;
	#isLate = false;
	#timer;
	constructor(orphans) {
		this.#orphans = orphans;
	}
	serve(pipe, refuse) {
		const reader = new MessageReader(mostRequestBytes);
		pipe.on("error", () => {});
		pipe.on("data", (chunk) => {
			let requests;
			try {
				requests = reader.push(chunk);
			} catch {
				refuse("was ended because it sent more text to be transformed than is allowed");
				return;
			}
			if (requests.length === 0) return;
			pipe.pause();
			let open = requests.length;
			for (const request of requests) this.#ask(request, (message) => {
				if (pipe.writable) pipe.write(message);
				open -= 1;
				if (open === 0) pipe.resume();
			});
		});
	}
	dispose() {
		clearTimeout(this.#timer);
		this.#process?.kill("SIGKILL");
		this.#process = void 0;
	}
	#ask(request, answer) {
		this.#waiting.push({
			request,
			answer
		});
		if (this.#waiting.length === 1) this.#sendNext();
	}
	#sendNext() {
		clearTimeout(this.#timer);
		const [next] = this.#waiting;
		if (next === void 0) {
			this.#timer = setTimeout(() => this.dispose(), idleMs).unref();
			return;
		}
		this.#process ??= this.#start();
		this.#isLate = false;
		this.#timer = setTimeout(() => {
			this.#isLate = true;
			this.#process?.kill("SIGKILL");
		}, transformMs);
		this.#process.stdin?.write(withLength(next.request));
	}
	#settle(message) {
		this.#waiting.shift()?.answer(message);
		this.#sendNext();
	}
	#start() {
		const child = spawn(process.execPath, [transformProgram()], {
			detached: true,
			env: {},
			stdio: [
				"pipe",
				"pipe",
				"ignore"
			],
			windowsHide: true
		});
		const { pid } = child;
		if (pid !== void 0) this.#orphans.add(pid);
		const reader = new MessageReader(Infinity);
		child.stdout.on("data", (chunk) => {
			if (this.#process !== child) return;
			for (const message of reader.push(chunk)) this.#settle(withLength(message));
		});
		let hasEnded = false;
		const end = () => {
			if (hasEnded) return;
			hasEnded = true;
			if (pid !== void 0) this.#orphans.remove(pid);
			if (this.#process !== child) return;
			this.#process = void 0;
			const answer = { ended: this.#isLate ? "slow" : "deep" };
			if (this.#waiting.length > 0) this.#settle(encodeMessage(answer));
		};
		child.once("error", end);
		child.once("exit", end);
		child.stdin.on("error", () => {});
		child.unref();
		for (const stream of [child.stdin, child.stdout]) stream.unref?.();
		return child;
	}
};
// core/src/runtime/process/process-driver.ts
const wrappedStartMs = 2e3;
const ownDescriptors = 5;
var ProcessDriver = class {
	#memoryBytes;
	#packages;
	#memory;
	#sandbox = new NetworkSandbox();
	#orphans = new OrphanWatcher();
	#transforms = new TransformService(this.#orphans);
	#busyPlaces = new BusyPlaceFinder();
	#channels = new Set();
	#readable;
	constructor({ memoryBytes, packages }) {
		this.#memoryBytes = memoryBytes;
		this.#packages = packages;
		this.#memory = new MemoryWatch(memoryBytes);
	}
	async prepare() {
		const confinement = this.confinement();
		this.#readable ??= readablePackages(Object.values(this.#packages));
		await confinement;
	}
	async confinement() {
		return describeConfinement({
			network: cutsNetwork ? "permission" : await this.#sandbox.kind(),
			platform: process.platform
		});
	}
	async gaps({ capabilities }) {
		const { gaps, networkGaps } = await this.confinement();
		if (!usesNetwork(capabilities)) return [...networkGaps, ...gaps];
		if (capabilities.net === true) return gaps;
		return [`All of the network is open to it, not only ${capabilities.net.join(", ")}: nothing here tells hosts apart.`, ...gaps];
	}
	spareKey(request) {
		const { extension, group, capabilities, environment } = request;
		const folder = folderIdentity(extension.path);
		return JSON.stringify([
			extension.path,
			folder,
			group,
			capabilities,
			environment
		]);
	}
	async checkSpare(request, { signal }) {
		await checkFolderBoundary(shownFolder(request), { signal });
	}
	async connect(request, { signal }) {
		signal.throwIfAborted();
		try {
			return await this.#connect(request, signal);
		} catch (error) {
			if (isExtensionError(error) || signal.aborted) throw error;
			throw startFailed(request, error);
		}
	}
	async #connect(request, signal) {
		const shown = shownFolder(request);
		const folder = await realpath(shown);
		const checked = checkFolderBoundary(folder, { signal });
		checked.catch(() => void 0);
		const command = await this.#command([folder, shown], request);
		signal.throwIfAborted();
		const child = spawnChild(command, folder, request.environment);
		await started(child);
		const leader = child.pid;
		this.#orphans.add(leader);
		const channel = new ProcessChannel({
			child,
			processId: command.isWrapped ? await wrappedProcess(leader) : leader,
			isWrapped: command.isWrapped,
			readable: this.#readableBy([folder, shown]),
			heapBytes: this.#heapMebibytes * 2 ** 20,
			onOutput: request.onOutput,
			findBusyPlace: (id) => this.#busyPlaces.find(id)
		});
		this.#transforms.serve(child.stdio[4], (what) => channel.fail(what));
		this.#memory.add(channel);
		this.#channels.add(channel);
		channel.closed.then(() => {
			this.#orphans.remove(leader);
			this.#channels.delete(channel);
			if (this.#channels.size === 0) this.#transforms.dispose();
		});
		try {
			await checked;
			signal.throwIfAborted();
		} catch (error) {
			channel.close();
			await channel.closed;
			throw error;
		}
		return channel;
	}
	async #command(folders, request) {
		const { capabilities, environment } = request;
		const readable = this.#readableBy(folders);
		const setup = {
			packages: this.#packages,
			limitBytes: messageLimitBytes,
			runsPrograms: capabilities.childProcess,
			environment: Object.keys(environment)
		};
		const parameters = [
			...childArguments({
				nodeMajor,
				readable,
				capabilities,
				heapMebibytes: this.#heapMebibytes
			}),
			fileURLToPath(new URL("./process-main.cjs", import.meta.url)),
			JSON.stringify(setup)
		];
		if (usesNetwork(capabilities) || cutsNetwork) return {
			program: process.execPath,
			parameters,
			isWrapped: false
		};
		return this.#sandbox.wrap(process.execPath, parameters, {
			folder: folders[0],
			readable: [...readable, ...capabilities.fs.read],
			writable: capabilities.fs.write,
			runsPrograms: capabilities.childProcess || capabilities.addons
		});
	}
	#readableBy(folders) {
		this.#readable ??= readablePackages(Object.values(this.#packages));
		return [...folders, ...this.#readable];
	}
	get #heapMebibytes() {
		return Math.max(16, Math.floor(this.#memoryBytes * .75 / 2 ** 20));
	}
};
function shownFolder({ extension, group }) {
	return group === void 0 ? extension.path : dirname(extension.path);
}
function usesNetwork({ net }) {
	return net === true || net.length > 0;
}
const nodeMajor = Number(process.versions.node.split(".")[0]);
const cutsNetwork = nodeMajor >= 25;
function spawnChild({ program, parameters }, folder, environment) {
	const inherited = inheritedDescriptors(ownDescriptors);
	const nothing = inherited.length === 0 ? void 0 : openSync("/dev/null", "r");
	try {
		return spawn(program, parameters, {
			cwd: folder,
			env: { ...environment },
			detached: process.platform !== "win32",
			stdio: [
				"ignore",
				"pipe",
				"pipe",
				"pipe",
				"pipe",
				...covers(inherited, nothing)
			],
			windowsHide: true
		});
	} finally {
		if (nothing !== void 0) closeSync(nothing);
	}
}
function covers(inherited, nothing) {
	const last = inherited.at(-1);
	if (last === void 0 || nothing === void 0) return [];
	return Array.from({ length: last + 1 - ownDescriptors }, (_, index) => inherited.includes(index + ownDescriptors) ? nothing : "ignore");
}
async function started(child) {
	const { promise, resolve, reject } = Promise.withResolvers();
	child.once("spawn", resolve);
	child.once("error", reject);
	await promise;
}
async function wrappedProcess(wrapper) {
	const until = performance.now() + wrappedStartMs;
	do {
		let children;
		try {
			children = await readFile(`/proc/${wrapper}/task/${wrapper}/children`, "utf8");
		} catch {
			return wrapper;
		}
		const [first = ""] = children.split(" ");
		if (first !== "") return Number(first);
		await setTimeout$1(1);
	} while (performance.now() < until);
	return wrapper;
}
function startFailed({ extension }, cause) {
	const hint = cause instanceof Error ? `: ${cause.message}` : "";
	return new ExtensionError("RUNTIME_START_FAILED", `The process could not be started${hint}`, {
		extensionId: extension.id,
		cause
	});
}
export { ProcessDriver };

//# sourceMappingURL=process-driver-BOG8eP_2.js.map