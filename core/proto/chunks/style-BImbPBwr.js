import { stripVTControlCharacters, styleText } from "node:util";
// core/src/cli/output/style.ts
function styleFor(stream, env) {
	return stream.isTTY === true && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb" ? (format, text) => styleText(format, text, { validateStream: false }) : (_format, text) => text;
}
const severityFormat = {
	error: "red",
	warning: "yellow",
	info: "cyan"
};
const stateFormat = {
	discovered: "dim",
	ready: "cyan",
	activating: "cyan",
	active: "green",
	blocked: "yellow",
	failed: "red",
	invalid: "red",
	deactivating: "dim",
	removed: "dim"
};
const controls = /[\u0000-\u001f\u007f-\u009f]+/g;
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;
const colours = /\u001b\[[0-9;]*m/g;
function harmless(text, { keepsColours }) {
	const kept = [];
	const plain = (part) => stripVTControlCharacters(part).replace(/[^\P{Cc}\n\t]+/gu, " ").replace(turning, "");
	if (!keepsColours) return plain(text);
	let from = 0;
	for (const { 0: colour, index } of text.matchAll(colours)) {
		kept.push(plain(text.slice(from, index)), colour);
		from = index + colour.length;
	}
	return [...kept, plain(text.slice(from))].join("");
}
function harmlessJson(json) {
	return json.replace(/[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
function singleLine(text) {
	return stripVTControlCharacters(text).replace(controls, " ").replace(turning, "").trim();
}
function indentedLine(text) {
	return stripVTControlCharacters(text.replaceAll("	", "  ")).replace(controls, (one) => " ".repeat(one.length)).replace(turning, (one) => " ".repeat(one.length));
}
export { singleLine as a, severityFormat as i, harmlessJson as n, stateFormat as o, indentedLine as r, styleFor as s, harmless as t };

//# sourceMappingURL=style-BImbPBwr.js.map