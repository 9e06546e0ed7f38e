import { StringDecoder } from "node:string_decoder";
// core/src/protocol/packed-frames.ts
const mostArguments = 255;
const answer = -1;
function packFrames(frames) {
	const packed = [];
	for (const frame of frames) if (frame.type === "call" && frame.timeoutMs === void 0 && frame.args.length <= mostArguments) {
		const { args } = frame;
		packed.push(args.length, frame.session, frame.id, frame.target);
		for (let index = 0; index < args.length; index++) packed.push(args[index]);
	} else if (frame.type === "ok" && frame.value !== void 0) packed.push(answer, frame.session, frame.id, frame.value);
	else packed.push(frame);
	return packed;
}
function unpackFrames(packed) {
	const frames = [];
	let at = 0;
	while (at < packed.length) {
		const head = packed[at];
		if (typeof head === "object") {
			frames.push(head);
			at++;
			continue;
		}
		const session = packed[at + 1];
		const id = packed[at + 2];
		if (head === answer) {
			frames.push({
				type: "ok",
				session,
				id,
				value: packed[at + 3]
			});
			at += 4;
		} else {
			if (!isArgumentCount(head, packed.length - at - 4)) return [...frames, head];
			const end = at + 4 + head;
			const args = packed.slice(at + 4, end);
			frames.push({
				type: "call",
				session,
				id,
				target: packed[at + 3],
				args
			});
			at = end;
		}
	}
	return frames;
}
function isArgumentCount(head, left) {
	return Number.isInteger(head) && head >= 0 && head <= Math.min(left, mostArguments);
}
// core/src/runtime/tell-lines.ts
const usualLimits = {
	lineLength: 65536,
	linesPerSecond: 1e4,
	bytesPerSecond: 33554432
};
const cutMark = " … (cut)";
function tellLines(stream, name, tell, limits = {}) {
	const lines = new BoundedLines(stream, name, tell, {
		...usualLimits,
		...limits
	});
	stream.on("data", (chunk) => lines.read(chunk));
	stream.on("error", () => {});
	stream.once("close", () => lines.end());
	return lines;
}
var BoundedLines = class {
	#stream;
	#name;
	#tell;
	#limits;
	#decoder = new StringDecoder("utf8");
	#line = "";
	#isCut = false;
	#told = 0;
	#dropped = 0;
	#bytes = 0;
	#second;
	#isFinishing = false;
	constructor(stream, name, tell, limits) {
		this.#stream = stream;
		this.#name = name;
		this.#tell = tell;
		this.#limits = limits;
	}
	read(chunk) {
		this.#second ??= setTimeout(() => this.#turnSecond(), 1e3).unref();
		this.#bytes += chunk.length;
		if (this.#bytes > this.#limits.bytesPerSecond && !this.#isFinishing) this.#stream.pause();
		if (this.#told >= this.#limits.linesPerSecond && this.#line === "" && !this.#isCut) {
			this.#skip(chunk);
			return;
		}
		const text = this.#decoder.write(chunk);
		let from = 0;
		for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", from)) {
			this.#add(text.slice(from, end));
			this.#finish();
			from = end + 1;
		}
		if (from < text.length) this.#add(text.slice(from));
	}
	finish() {
		this.#isFinishing = true;
		this.#stream.resume();
	}
	end() {
		clearTimeout(this.#second);
		this.#add(this.#decoder.end());
		if (this.#line !== "") this.#finish();
		this.#tellDropped();
	}
	#skip(chunk) {
		const last = chunk.lastIndexOf(10);
		for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) this.#dropped += 1;
		if (last < chunk.length - 1) this.#add(this.#decoder.write(chunk.subarray(last + 1)));
	}
	#add(text) {
		if (this.#isCut) return;
		const room = this.#limits.lineLength - this.#line.length;
		this.#line += text.length > room ? text.slice(0, room) : text;
		this.#isCut = text.length > room;
	}
	#finish() {
		const line = this.#line.endsWith("\r") ? this.#line.slice(0, -1) : this.#line;
		const text = this.#isCut ? line + cutMark : line;
		this.#line = "";
		this.#isCut = false;
		if (this.#told >= this.#limits.linesPerSecond) {
			this.#dropped += 1;
			return;
		}
		this.#told += 1;
		this.#tell({
			stream: this.#name,
			text
		});
	}
	#turnSecond() {
		this.#second = void 0;
		this.#told = 0;
		this.#bytes = 0;
		this.#tellDropped();
		this.#stream.resume();
	}
	#tellDropped() {
		if (this.#dropped === 0) return;
		const count = this.#dropped;
		this.#dropped = 0;
		this.#tell({
			stream: this.#name,
			text: `(${count.toLocaleString("en")} more lines were printed and left out)`
		});
	}
};
export { packFrames as n, unpackFrames as r, tellLines as t };

//# sourceMappingURL=tell-lines-BhXux-iN.js.map