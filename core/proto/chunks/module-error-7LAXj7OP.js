import { ExtensionError } from "@plugboard/extension-api";
// core/src/guest/loader/module-error.ts
function moduleError(code, what, options) {
	const { file, line, column, hint, details, cause } = options;
	const message = `${what} (${[
		file,
		line,
		line === void 0 ? void 0 : column
	].filter((part) => part !== void 0).join(":")})${hint === void 0 ? "" : `. ${hint}`}`;
	return new ExtensionError(code, message, {
		details: {
			file,
			...line === void 0 ? {} : { line },
			...column === void 0 ? {} : { column },
			...hint === void 0 ? {} : { hint },
			...details
		},
		...cause === void 0 ? {} : { cause }
	});
}
function placeOfSyntaxError(error) {
	const [head = "", , caret = ""] = (error instanceof Error ? error.stack ?? "" : "").split("\n");
	const line = /:(\d+)$/.exec(head)?.[1];
	if (line === void 0) return void 0;
	return {
		line: Number(line),
		column: Math.max(caret.indexOf("^"), 0) + 1
	};
}
export { placeOfSyntaxError as n, moduleError as t };

//# sourceMappingURL=module-error-7LAXj7OP.js.map