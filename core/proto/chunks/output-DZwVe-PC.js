import { n as errorLines, t as errorDocument } from "./error-text-C9h9s50Q.js";
import { r as problemLines } from "./problem-text-DEyvijh5.js";
import { n as harmlessJson, s as styleFor, t as harmless } from "./style-BImbPBwr.js";
// core/src/cli/output/output.ts
var Output = class {
	isJson;
	style;
	errorStyle;
	#io;
	#isMute = false;
	constructor(io, options) {
		this.#io = io;
		this.isJson = options.json;
		this.style = styleFor(io.stdout, io.env);
		this.errorStyle = styleFor(io.stderr, io.env);
	}
	get columns() {
		return this.#io.stdout.isTTY === true ? this.#io.stdout.columns || void 0 : void 0;
	}
	mute() {
		this.#isMute = true;
	}
	line(text) {
		this.#write(this.#io.stdout, text);
	}
	result(text) {
		if (this.#io.stdout.isTTY === true) this.line(text);
		else if (!this.#isMute) this.#io.stdout.write(`${text}\n`);
	}
	json(value) {
		if (!this.#isMute) this.#io.stdout.write(`${harmlessJson(JSON.stringify(value))}\n`);
	}
	async drained() {
		const { stdout } = this.#io;
		if (stdout.writableNeedDrain === true) await new Promise((resolve) => stdout.once("drain", resolve));
	}
	note(text) {
		this.#write(this.#io.stderr, text);
	}
	problem(problem) {
		for (const line of problemLines(problem, this.#io.cwd, this.errorStyle)) this.note(line);
	}
	error(error) {
		for (const line of errorLines(error, this.errorStyle)) this.note(line);
	}
	failure(error) {
		if (this.isJson) this.json({ error: errorDocument(error) });
		else this.error(error);
	}
	#write(stream, text) {
		const keepsColours = stream.isTTY === true;
		if (!this.#isMute) stream.write(`${harmless(text, { keepsColours })}\n`);
	}
};
export { Output as t };

//# sourceMappingURL=output-DZwVe-PC.js.map