import { i as InputError, o as UsageError } from "./main-DS4x5uUc.js";
import { a as singleLine } from "./style-BImbPBwr.js";
import { isExtensionError } from "@plugboard/extension-api";
import { getSystemErrorMap, inspect } from "node:util";
import { fileURLToPath } from "node:url";
// core/src/cli/output/error-text.ts
const ownFiles = fileURLToPath(new URL("../..", import.meta.url));
function errorDocument(error) {
	if (isExtensionError(error)) {
		const owner = error.extensionId === void 0 ? {} : { extensionId: error.extensionId };
		return {
			code: error.code,
			message: messageWithCauses(error),
			...owner,
			advice: error.advice
		};
	}
	if (error instanceof InputError) {
		const advice = error.advice === void 0 ? {} : { advice: error.advice };
		return {
			code: error.code,
			message: error.message,
			...advice
		};
	}
	if (error instanceof UsageError) return {
		code: "USAGE",
		message: error.message
	};
	return {
		code: "INTERNAL",
		message: messageWithCauses(error)
	};
}
function errorLines(error, style) {
	if (error instanceof UsageError) return [`${style("red", "error")} ${error.message}`];
	const { code, message, advice } = errorDocument(error);
	const place = placeInExtension(error);
	return [
		`${style("red", "error")} ${code} ${singleLine(message)}`,
		...code === "INTERNAL" ? stackLines(error) : place === void 0 ? [] : [`    ${style("dim", place)}`],
		...advice === void 0 ? [] : [`    ${style("dim", advice)}`]
	];
}
function messageWithCauses(error) {
	let text = messageOf(error);
	if (hasOwnPlace(error)) return text;
	for (const cause of causes(error)) {
		const message = systemWords(cause) ?? messageOf(cause);
		if (!text.includes(message)) text = `${text.replace(/\.$/, "")}: ${message}`;
	}
	return text;
}
function systemWords(error) {
	return unlessItThrows(() => {
		const { errno, syscall, code } = error;
		if (errno === void 0 || syscall === void 0 || !(error instanceof Error)) return void 0;
		const [, words] = getSystemErrorMap().get(errno) ?? [];
		return words === void 0 ? void 0 : `${words} (${String(code)})`;
	}, void 0);
}
function messageOf(error) {
	return unlessItThrows(() => {
		const said = error instanceof Error ? error.message : error;
		return typeof said === "string" ? said : inspect(said, { depth: 0 });
	}, "something that can't be shown as text");
}
function unlessItThrows(look, otherwise) {
	try {
		return look();
	} catch {
		return otherwise;
	}
}
const mostCauses = 16;
function causes(error) {
	const found = [];
	const next = (from) => unlessItThrows(() => from instanceof Error ? from.cause : void 0, void 0);
	let cause = next(error);
	while (cause !== void 0 && cause !== null && !found.includes(cause) && found.length < mostCauses) {
		found.push(cause);
		cause = next(cause);
	}
	return found;
}
function hasOwnPlace(error) {
	return isExtensionError(error, "MODULE_SYNTAX");
}
function placeInExtension(error) {
	if (hasOwnPlace(error)) return void 0;
	const frame = stackLines(causes(error).at(-1)).find((line) => !/\(<anonymous>\)|\bnode:|\bnative\b/.test(line) && !isOurs(line));
	return frame === void 0 ? void 0 : singleLine(frame);
}
function isOurs(line) {
	return line.includes(ownFiles) || /[\\/]node_modules[\\/]commander[\\/]/.test(line);
}
function stackLines(error) {
	return unlessItThrows(() => error instanceof Error ? String(error.stack) : "", "").split("\n").filter((line) => /^\s+at /.test(line));
}
export { errorLines as n, errorDocument as t };

//# sourceMappingURL=error-text-C9h9s50Q.js.map