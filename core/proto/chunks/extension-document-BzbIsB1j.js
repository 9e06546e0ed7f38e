import { r as pathText } from "./main-DS4x5uUc.js";
import { o as stateFormat } from "./style-BImbPBwr.js";
import { n as problemDocument } from "./problem-text-DEyvijh5.js";
import { fileURLToPath } from "node:url";
// core/src/cli/output/extension-state-text.ts
function extensionStateText(info, cwd) {
	const { state, reason, restart, unresponsive } = info;
	if (restart !== void 0) return `restarting in ${secondsText(Math.max(0, restart.at - Date.now()))}`;
	if (reason?.code === "CRASHED_TOO_OFTEN") return "crashed too often";
	if (unresponsive === void 0) return state;
	const { place } = unresponsive;
	return place === void 0 ? "unresponsive" : `unresponsive (${busyPlaceText(place, cwd)})`;
}
function extensionStateFormat(info) {
	return info.unresponsive !== void 0 || info.restart !== void 0 ? "yellow" : stateFormat[info.state];
}
function busyPlaceText({ file, line }, cwd) {
	return `${busyFileText(file, cwd)}:${line}`;
}
function busyFileText(file, cwd) {
	return pathText(file.startsWith("file:") ? fileURLToPath(file) : file, cwd);
}
function secondsText(milliseconds) {
	return `${Math.ceil(milliseconds / 100) / 10} s`;
}
// core/src/cli/output/extension-document.ts
function extensionDocument(info, cwd) {
	return {
		id: info.id ?? null,
		version: info.version ?? null,
		state: info.state,
		...info.reason && { reason: reasonDocument(info.reason) },
		generation: info.generation,
		...info.candidate && { candidate: candidateDocument(info.candidate, cwd) },
		runtime: info.runtime,
		...info.trust && { trust: info.trust },
		folder: pathText(info.folder, cwd),
		contributes: info.contributes,
		problems: info.problems.map((problem) => problemDocument(problem, cwd)),
		...info.signature && { signature: info.signature },
		...info.times && { times: info.times },
		...info.waitingMs !== void 0 && { waitingMs: info.waitingMs },
		...info.activatedBy !== void 0 && { activatedBy: info.activatedBy },
		...info.unresponsive && { unresponsive: unresponsiveDocument(info.unresponsive, cwd) },
		...info.restart && { restart: {
			...info.restart,
			at: new Date(info.restart.at).toISOString()
		} },
		...info.processId !== void 0 && { processId: info.processId },
		...info.leftovers && { leftovers: info.leftovers }
	};
}
async function measuredDocument(info, host, cwd) {
	const memoryBytes = info.id === void 0 ? void 0 : await host.memory(info.id);
	return {
		...extensionDocument(info, cwd),
		...memoryBytes !== void 0 && { memoryBytes }
	};
}
async function listDocument(host, cwd) {
	return { extensions: await Promise.all(Array.from(host.extensions, (info) => measuredDocument(info, host, cwd))) };
}
function unresponsiveDocument({ forMs, place }, cwd) {
	return {
		forMs,
		...place && { place: placeDocument(place, cwd) }
	};
}
function incidentDocument(incident, cwd) {
	const { place, time, ...rest } = incident;
	return {
		time: new Date(time).toISOString(),
		...rest,
		...place && { place: placeDocument(place, cwd) }
	};
}
function placeDocument(place, cwd) {
	return {
		...place,
		file: busyFileText(place.file, cwd)
	};
}
function reasonDocument({ code, message }) {
	return {
		code,
		message
	};
}
function candidateDocument(candidate, cwd) {
	return {
		generation: candidate.generation,
		state: candidate.state,
		...candidate.reason && { reason: reasonDocument(candidate.reason) },
		problems: candidate.problems.map((problem) => problemDocument(problem, cwd))
	};
}
export { reasonDocument as a, extensionStateFormat as c, measuredDocument as i, extensionStateText as l, incidentDocument as n, unresponsiveDocument as o, listDocument as r, busyPlaceText as s, extensionDocument as t, secondsText as u };

//# sourceMappingURL=extension-document-BzbIsB1j.js.map