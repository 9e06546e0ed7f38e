import { bt as lazyRequire, xt as nodeModule } from "./host-DMpq1bLR.js";
import { t as moduleError } from "./module-error-7LAXj7OP.js";
import { extname } from "node:path";
// node_modules/@jridgewell/sourcemap-codec/dist/sourcemap-codec.mjs
var comma = ",".charCodeAt(0);
";".charCodeAt(0);
var chars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
var intToChar = new Uint8Array(64);
var charToInt = new Uint8Array(128);
for (let i = 0; i < chars.length; i++) {
	const c = chars.charCodeAt(i);
	intToChar[i] = c;
	charToInt[c] = i;
}
function decodeInteger(reader) {
	let value = 0;
	let shift = 0;
	let integer = 0;
	do {
		integer = charToInt[reader.next()];
		value |= (integer & 31) << shift;
		shift += 5;
	} while (integer & 32);
	return value;
}
function decodeSign(num) {
	return num & 1 ? -2147483648 | -(num >>> 1) : num >>> 1;
}
function hasMoreVlq(reader, max) {
	if (reader.pos >= max) return false;
	return reader.peek() !== comma;
}
var StringReader = class {
	constructor(buffer) {
		this.pos = 0;
		this.buffer = buffer;
	}
	next() {
		return this.buffer.charCodeAt(this.pos++);
	}
	peek() {
		return this.buffer.charCodeAt(this.pos);
	}
	indexOf(char) {
		const { buffer, pos } = this;
		const idx = buffer.indexOf(char, pos);
		return idx === -1 ? buffer.length : idx;
	}
};
function decode(mappings) {
	const { length } = mappings;
	const reader = new StringReader(mappings);
	const decoded = [];
	let genColumn = 0;
	let sourcesIndex = 0;
	let sourceLine = 0;
	let sourceColumn = 0;
	let namesIndex = 0;
	do {
		const semi = reader.indexOf(";");
		const line = [];
		let sorted = true;
		let lastCol = 0;
		genColumn = 0;
		while (reader.pos < semi) {
			let seg;
			genColumn += decodeSign(decodeInteger(reader));
			if (genColumn < lastCol) sorted = false;
			lastCol = genColumn;
			if (hasMoreVlq(reader, semi)) {
				sourcesIndex += decodeSign(decodeInteger(reader));
				sourceLine += decodeSign(decodeInteger(reader));
				sourceColumn += decodeSign(decodeInteger(reader));
				if (hasMoreVlq(reader, semi)) {
					namesIndex += decodeSign(decodeInteger(reader));
					seg = [
						genColumn,
						sourcesIndex,
						sourceLine,
						sourceColumn,
						namesIndex
					];
				} else seg = [
					genColumn,
					sourcesIndex,
					sourceLine,
					sourceColumn
				];
			} else seg = [genColumn];
			line.push(seg);
			reader.pos++;
		}
		if (!sorted) sort(line);
		decoded.push(line);
		reader.pos = semi + 1;
	} while (reader.pos <= length);
	return decoded;
}
function sort(line) {
	line.sort(sortComparator);
}
function sortComparator(a, b) {
	return a[0] - b[0];
}
// core/src/guest/loader/retain-lines.ts
function identityMap(code) {
	let starts;
	return {
		placeOf(offset) {
			starts ??= lineStarts(code);
			const line = lastAtMost(starts, offset);
			return {
				line: line + 1,
				column: offset - (starts[line] ?? 0) + 1
			};
		},
		write(edits) {
			let out = "";
			let position = 0;
			for (const { start, end, text } of edits) {
				if (start < position) continue;
				const layout = code.slice(start, end).replace(/[^\n\r\u2028\u2029]/g, " ");
				const blanks = layout.search(/[^ ]/);
				out += code.slice(position, start) + text;
				out += layout.slice(blanks === -1 ? text.length : Math.min(text.length, blanks));
				position = end;
			}
			return out + code.slice(position);
		}
	};
}
function generatedMap(code, mappings) {
	const segments = readSegments(code, mappings);
	return {
		placeOf(offset) {
			const index = lastAtMost(segments.offsets, offset);
			return {
				line: (segments.lines[index] ?? 0) + 1,
				column: (segments.columns[index] ?? 0) + 1
			};
		},
		write: (edits, rules) => new LineWriter(code, segments, rules).write(edits)
	};
}
function readSegments(code, mappings) {
	const starts = lineStarts(code);
	const offsets = [];
	const lines = [];
	const columns = [];
	for (const [row, segments] of decode(mappings).entries()) {
		const start = starts[row];
		if (start === void 0) break;
		for (const segment of segments) {
			if (segment.length === 1) continue;
			offsets.push(start + segment[0]);
			lines.push(segment[2]);
			columns.push(segment[3]);
		}
	}
	return {
		offsets,
		lines,
		columns,
		isFollowed: longestAscent(lines)
	};
}
function longestAscent(lines) {
	if (lines.every((line, index) => index === 0 || line >= (lines[index - 1] ?? 0))) return void 0;
	const ends = [];
	const previous = [];
	for (const [index, line] of lines.entries()) {
		let low = 0;
		let high = ends.length;
		while (low < high) {
			const middle = low + high >> 1;
			if ((lines[ends[middle] ?? 0] ?? 0) <= line) low = middle + 1;
			else high = middle;
		}
		previous.push(low === 0 ? -1 : ends[low - 1] ?? -1);
		ends[low] = index;
	}
	const isFollowed = lines.map(() => false);
	for (let index = ends.at(-1) ?? -1; index !== -1; index = previous[index] ?? -1) isFollowed[index] = true;
	return isFollowed;
}
var LineWriter = class {
	#code;
	#segments;
	#rules;
	#out = "";
	#line = 0;
	#column = 0;
	#segment = 0;
	#literal = 0;
	constructor(code, segments, rules) {
		this.#code = code;
		this.#segments = segments;
		this.#rules = rules;
	}
	write(edits) {
		let position = 0;
		for (const { start, end, text } of edits) {
			if (start < position) continue;
			this.#copy(position, start);
			this.#append(text);
			position = end;
		}
		this.#copy(position, this.#code.length);
		return this.#out;
	}
	#copy(start, end) {
		const { offsets } = this.#segments;
		while ((offsets[this.#segment] ?? Infinity) < start) this.#segment += 1;
		let position = start;
		for (let next = offsets[this.#segment]; next !== void 0 && next < end; next = offsets[this.#segment]) {
			this.#copyPiece(position, next);
			this.#align(next);
			position = next;
			this.#segment += 1;
		}
		this.#copyPiece(position, end);
	}
	#align(offset) {
		if (this.#isWithinLiteral(offset) || this.#segments.isFollowed?.[this.#segment] === false) return;
		const line = this.#segments.lines[this.#segment] ?? 0;
		const column = this.#segments.columns[this.#segment] ?? 0;
		if (line > this.#line && !this.#rules.unbreakable.has(offset)) {
			this.#out += "\n".repeat(line - this.#line);
			this.#line = line;
			this.#column = 0;
		}
		if (line === this.#line && column > this.#column) this.#append(" ".repeat(column - this.#column));
	}
	#isWithinLiteral(offset) {
		const { literals } = this.#rules;
		while ((literals[this.#literal]?.[1] ?? Infinity) < offset) this.#literal += 1;
		return (literals[this.#literal]?.[0] ?? Infinity) <= offset;
	}
	#copyPiece(start, end) {
		let position = start;
		for (let index = this.#literal; position < end; index += 1) {
			const [from, to] = this.#rules.literals[index] ?? [end, end];
			if (to <= position) {
				if (from >= end) break;
				continue;
			}
			const literalStart = Math.min(Math.max(from, position), end);
			const literalEnd = Math.min(to, end);
			this.#append(withoutNewlines(this.#code.slice(position, literalStart)));
			this.#appendLiteral(this.#code.slice(literalStart, Math.max(literalStart, literalEnd)));
			position = Math.max(literalStart, literalEnd);
		}
	}
	#append(text) {
		this.#out += text;
		this.#column += text.length;
	}
	#appendLiteral(text) {
		this.#out += text;
		const last = text.lastIndexOf("\n");
		if (last === -1) this.#column += text.length;
		else {
			this.#line += text.split("\n").length - 1;
			this.#column = text.length - last - 1;
		}
	}
};
function withoutNewlines(text) {
	if (!text.includes("\n")) return text;
	return text.replace(/([[({,;}])\n\s*/g, "$1").replace(/\n\s*/g, " ");
}
function lineStarts(code) {
	const starts = [0];
	for (let at = code.indexOf("\n"); at !== -1; at = code.indexOf("\n", at + 1)) starts.push(at + 1);
	return starts;
}
function lastAtMost(ascending, value) {
	let low = 0;
	let high = ascending.length;
	while (low + 1 < high) {
		const middle = low + high >> 1;
		if ((ascending[middle] ?? Infinity) <= value) low = middle;
		else high = middle;
	}
	return low;
}
// core/src/guest/loader/transform-typescript.ts
const transformerAdvice = "Decorators, enums and parameter properties need the optional package oxc-transform beside the host: npm install oxc-transform";
const requirePackage = lazyRequire(import.meta.url);
function findTypeScriptTransformer() {
	let oxc;
	try {
		oxc = requirePackage("oxc-transform");
	} catch {
		return typeEraser;
	}
	return {
		name: "oxc",
		isComplete: true,
		transform(file, source) {
			const result = oxc.transformSync(file, source, {
				lang: "ts",
				sourceType: extname(file) === ".cts" ? "commonjs" : "module",
				sourcemap: true,
				target: "esnext",
				decorator: {
					legacy: true,
					emitDecoratorMetadata: false
				},
				helpers: { mode: "External" }
			});
			const failure = result.errors.find(({ severity }) => severity === "Error");
			if (failure !== void 0) {
				const hint = failure.helpMessage ?? void 0;
				const offset = characterOffset(source, failure.labels[0]?.start ?? 0);
				throw moduleError("MODULE_SYNTAX", failure.message, {
					file,
					hint,
					...identityMap(source).placeOf(offset)
				});
			}
			return {
				code: result.code,
				mappings: result.map?.mappings ?? ""
			};
		}
	};
}
const typeEraser = {
	name: "strip",
	isComplete: false,
	transform(file, source) {
		try {
			return { code: nodeModule().stripTypeScriptTypes(source, { mode: "strip" }) };
		} catch (error) {
			const isUnsupported = error instanceof Error && "code" in error && error.code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX";
			throw moduleError(isUnsupported ? "MODULE_UNSUPPORTED" : "MODULE_SYNTAX", firstLine(error), {
				file,
				...placeOfEraserError(error),
				hint: isUnsupported ? transformerAdvice : void 0,
				cause: error
			});
		}
	}
};
function characterOffset(source, byteOffset) {
	return Buffer.from(source, "utf8").subarray(0, byteOffset).toString("utf8").length;
}
function firstLine(error) {
	return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
function placeOfEraserError(error) {
	const [head = "", , caret = ""] = (error instanceof Error ? error.stack ?? "" : "").split("\n");
	const line = /:(\d+)$/.exec(head)?.[1];
	if (line === void 0) return {};
	return {
		line: Number(line),
		column: Math.max(caret.indexOf("^"), 0) + 1
	};
}
export { identityMap as i, transformerAdvice as n, generatedMap as r, findTypeScriptTransformer as t };

//# sourceMappingURL=transform-typescript-2yierdCa.js.map