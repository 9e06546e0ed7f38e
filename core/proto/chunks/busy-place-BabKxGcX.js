import { z as pathOfFile } from "./host-DMpq1bLR.js";
import { fileURLToPath } from "node:url";
// core/src/runtime/busy-place.ts
function busiestPlace(seen, taken) {
	const counts = new Map();
	for (const place of seen) {
		const key = `${place.file}:${String(place.line)}:${place.functionName ?? ""}`;
		const known = counts.get(key);
		if (known === void 0) counts.set(key, {
			place,
			count: 1
		});
		else known.count++;
	}
	const [most] = [...counts.values()].sort((a, b) => b.count - a.count);
	return most && {
		...most.place,
		file: pathOfFile(most.place.file),
		share: most.count / taken
	};
}
function isExtensionCode(file) {
	return file !== "" && !file.startsWith("node:") && !file.startsWith(ownUrl) && !file.startsWith(ownPath);
}
const ownUrl = new URL("..", import.meta.url).href;
const ownPath = fileURLToPath(ownUrl);
export { isExtensionCode as n, busiestPlace as t };

//# sourceMappingURL=busy-place-BabKxGcX.js.map