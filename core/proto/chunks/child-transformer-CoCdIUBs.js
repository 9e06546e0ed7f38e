import { vt as thrownText } from "./host-DMpq1bLR.js";
import { t as moduleError } from "./module-error-7LAXj7OP.js";
import { ExtensionError } from "@plugboard/extension-api";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { once } from "node:events";
// core/src/guest/loader/separate-transformer.ts
const longText = 524288;
const longestText = 16777216;
const transformMs = 2e4;
function isStackOverflow(error) {
	return error instanceof RangeError && error.message.includes("call stack");
}
function tooDeep(file, cause) {
	return moduleError("MODULE_UNSUPPORTED", "The code nests too deeply or is too large to be loaded", {
		file,
		hint: "If it is generated, have it generated flatter: as several statements, or as data in a .json file",
		cause
	});
}
function tooSlow(file) {
	return moduleError("MODULE_UNSUPPORTED", `The code takes longer than ${String(transformMs / 1e3)} s to be transformed`, {
		file,
		hint: splitAdvice
	});
}
function tooLong(file) {
	return moduleError("MODULE_UNSUPPORTED", `Code that has to be parsed may have ${String(longestText / 2 ** 20)} million characters at most`, {
		file,
		hint: splitAdvice
	});
}
const splitAdvice = "Split it into several files, and keep data in .json files";
function encodeMessage(message) {
	return withLength(Buffer.from(JSON.stringify(message), "utf8"));
}
function withLength(body) {
	const head = Buffer.allocUnsafe(4);
	head.writeUInt32BE(body.length);
	return Buffer.concat([head, body]);
}
var MessageReader = class {
	#limitBytes;
	#chunks = [];
	#length = 0;
	constructor(limitBytes) {
		this.#limitBytes = limitBytes;
	}
	push(chunk) {
		this.#chunks.push(chunk);
		this.#length += chunk.length;
		const complete = [];
		for (let next = this.#next(); next !== void 0; next = this.#next()) complete.push(next);
		return complete;
	}
	#next() {
		if (this.#length < 4) return void 0;
		const first = this.#chunks[0];
		const end = 4 + (first !== void 0 && first.length >= 4 ? first : this.#join()).readUInt32BE();
		if (end - 4 > this.#limitBytes) throw new RangeError(`A message of ${end - 4} bytes is beyond the limit of ${this.#limitBytes}`);
		if (this.#length < end) return void 0;
		const all = this.#join();
		this.#chunks = [all.subarray(end)];
		this.#length -= end;
		return all.subarray(4, end);
	}
	#join() {
		const all = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
		this.#chunks = [all];
		return all;
	}
};
// core/src/runtime/transform/transform-request.ts
const mostRequestBytes = 50397184;
const mostAnswerBytes = 67108864;
function answeredRecord(file, answer) {
	if (!("record" in answer)) throw answeredError(file, answer);
	const { record } = answer;
	return record.format === "module" ? {
		...record,
		exports: new Map(record.exports)
	} : record;
}
function answeredError(file, answer) {
	if ("ended" in answer) return answer.ended === "slow" ? tooSlow(file) : tooDeep(file);
	if (!("error" in answer)) return new ExtensionError("INTERNAL", "The answer is not one to this request");
	const { code, message, details } = answer.error;
	return new ExtensionError(code, message, { details });
}
// core/src/runtime/transform/child-transformer.ts
function transformProgram() {
	return fileURLToPath(new URL("./transform-main.js", import.meta.url));
}
var ChildTransformer = class {
	#program;
	constructor(program) {
		this.#program = program;
	}
	transform(source) {
		const ended = process.getBuiltinModule("node:child_process").spawnSync(process.execPath, [this.#program], {
			input: requestOf(source),
			cwd: dirname(this.#program),
			env: {},
			stdio: [
				"pipe",
				"pipe",
				"ignore"
			],
			timeout: transformMs,
			killSignal: "SIGKILL",
			maxBuffer: 67108868,
			windowsHide: true
		});
		if (hasTimedOut(ended)) throw tooSlow(source.file);
		return recordIn(ended.stdout, source, ended.error);
	}
	async transformLater(source, signal) {
		const timeout = AbortSignal.timeout(transformMs);
		const child = process.getBuiltinModule("node:child_process").spawn(process.execPath, [this.#program], {
			cwd: dirname(this.#program),
			env: {},
			stdio: [
				"pipe",
				"pipe",
				"ignore"
			],
			signal: signal === void 0 ? timeout : AbortSignal.any([signal, timeout]),
			killSignal: "SIGKILL",
			windowsHide: true
		});
		let failure;
		child.on("error", (error) => {
			failure = error;
		});
		const { stdin, stdout } = child;
		stdin?.on("error", () => {});
		stdin?.end(requestOf(source));
		const bytes = await (stdout === void 0 ? once(child, "error").then(() => Buffer.alloc(0)) : bytesOf(stdout)).catch((error) => {
			failure ??= error;
			return Buffer.alloc(0);
		});
		child.kill("SIGKILL");
		signal?.throwIfAborted();
		if (timeout.aborted) throw tooSlow(source.file);
		return recordIn(bytes, source, failure);
	}
};
function requestOf(source) {
	return encodeMessage({
		kind: "record",
		source
	});
}
async function bytesOf(stream) {
	const chunks = [];
	let length = 0;
	for await (const chunk of stream) {
		chunks.push(chunk);
		length += chunk.length;
		if (length > 67108868) throw new RangeError(`It became more than ${String(mostAnswerBytes)} bytes`);
	}
	return Buffer.concat(chunks);
}
function hasTimedOut({ error }) {
	return error !== void 0 && "code" in error && error.code === "ETIMEDOUT";
}
function recordIn(bytes, { file }, failure) {
	if (failure !== void 0) throw moduleError("MODULE_FAILED", `The code could not be transformed: ${thrownText(failure)}`, {
		file,
		cause: failure
	});
	const [message] = new MessageReader(mostAnswerBytes).push(bytes);
	if (message === void 0) throw tooDeep(file);
	return answeredRecord(file, JSON.parse(message.toString("utf8")));
}
export { encodeMessage as a, longText as c, tooLong as d, transformMs as f, MessageReader as i, longestText as l, transformProgram as n, withLength as o, mostRequestBytes as r, isStackOverflow as s, ChildTransformer as t, tooDeep as u };

//# sourceMappingURL=child-transformer-CoCdIUBs.js.map