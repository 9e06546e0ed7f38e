import { i as InputError, r as pathText, s as exitCode } from "./main-DS4x5uUc.js";
import { t as callFailure } from "./call-failure-BIvYAYkH.js";
import { n as writableResult } from "./result-json-DXGtxAEM.js";
import { a as singleLine, r as indentedLine } from "./style-BImbPBwr.js";
import { t as errorDocument } from "./error-text-C9h9s50Q.js";
import { n as problemDocument, r as problemLines } from "./problem-text-DEyvijh5.js";
import { a as reasonDocument, o as unresponsiveDocument, r as listDocument, s as busyPlaceText, t as extensionDocument, u as secondsText } from "./extension-document-BzbIsB1j.js";
import { n as openStatusSocket } from "./status-socket-a8ELgriu.js";
import { t as explanationDocument } from "./explanation-document-DswUvopn.js";
import { basename } from "node:path";
import { inspect } from "node:util";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";
// core/src/cli/start/happening-text.ts
function happeningLines(happening, cwd, style) {
	switch (happening.kind) {
		case "extension": return extensionLines(happening.event, happening.info, cwd, style);
		case "problem": return problemLines(happening.problem, cwd, style);
		case "contributions": return [contributionText(happening)];
		case "log": return logLines(happening, style);
		case "ready": {
			const count = happening.extensions === 1 ? "1 extension" : `${happening.extensions} extensions`;
			return [`${style("green", "ready")} with ${count} after ${Math.round(happening.elapsedMs)} ms`];
		}
		case "stopping":
		case "stopped": return [happening.kind];
	}
}
function withTime(lines, style) {
	const time = new Date().toTimeString().slice(0, 8);
	return lines.map((line, index) => `${index === 0 ? style("dim", time) : " ".repeat(time.length)} ${line}`);
}
function logLines({ level, message, fields }, style) {
	const { extensionId, generation: _generation, stream: _stream, ...rest } = fields;
	const owner = typeof extensionId === "string" ? `${extensionId}: ` : "";
	const [first = "", ...more] = message.split("\n");
	const facts = Object.entries(rest).map(([name, value]) => ` ${name}=${factText(value)}`);
	const stacks = Object.values(rest).flatMap((value) => loggedError(value)?.stack.split("\n").slice(1) ?? []);
	return [`${style(level === "error" ? "red" : level === "warn" ? "yellow" : "dim", level)} ${singleLine(`${owner}${first}${facts.join("")}`)}`, ...withoutForeignFrames([...more, ...stacks]).map((line) => style("dim", `    ${indentedLine(isFrame(line) ? line.trimStart() : line)}`.trimEnd()))];
}
function loggedError(value) {
	if (typeof value !== "object" || value === null || !("message" in value && "stack" in value)) return void 0;
	const { message, stack } = value;
	return typeof message === "string" && typeof stack === "string" ? {
		message,
		stack
	} : void 0;
}
const ownFolder = fileURLToPath(new URL("../..", import.meta.url));
function isFrame(line) {
	return /^\s+at /.test(line);
}
function withoutForeignFrames(lines) {
	const isOwn = (line) => !line.includes("node:internal") && !line.includes(ownFolder);
	return lines.some((line) => isFrame(line) && isOwn(line)) ? lines.filter((line) => !isFrame(line) || isOwn(line)) : lines;
}
function factText(value) {
	const error = loggedError(value);
	if (error !== void 0) return error.message;
	return typeof value === "string" ? value : inspect(value, {
		breakLength: Infinity,
		depth: 3
	});
}
function extensionLines({ kind, id, folder, generation, problem, reason, delayMs, unresponsive }, info, cwd, style) {
	const name = nameOf({
		id,
		folder
	});
	const subject = subjectText({
		id,
		folder,
		generation
	}, info);
	switch (kind) {
		case "added": return [`${kind} ${subject}${info === void 0 ? "" : `: ${info.state}`}${reasonText(info?.reason)}`];
		case "changed": return [`${kind} ${subject}${info === void 0 ? "" : `: ${info.state}`}${reasonText(info?.reason)}`];
		case "activated": return [`${style("green", kind)} ${subject}${timesText(info?.times)}`];
		case "failed": return [`${style("red", kind)} ${subject}${reasonText(reason)}`];
		case "restarting": return [`${style("yellow", kind)} ${subject} in ${secondsText(delayMs ?? 0)}`];
		case "unresponsive": {
			const place = unresponsive?.place;
			return [`${style("yellow", kind)} ${subject}${place === void 0 ? "" : `, busy in ${busyPlaceText(place, cwd)}`}`];
		}
		case "responsive": return [`${style("green", kind)} ${subject}`];
		case "problem": return problem === void 0 ? [] : problemLines(problem, cwd, style);
		case "removed":
		case "deactivated": return [`${kind} ${name} (generation ${generation})`];
		case "activating": return [];
	}
}
function subjectText(event, info) {
	return `${versionText(event, info)} (generation ${event.generation})`;
}
function versionText(event, info) {
	return info?.version === void 0 ? nameOf(event) : `${nameOf(event)} ${info.version}`;
}
function nameOf({ id, folder }) {
	return id ?? `${basename(folder)}/`;
}
function reasonText(reason) {
	const message = reason?.message.replace(/\n\s+at [\s\S]*$/, "") ?? "";
	return reason === void 0 ? "" : `, ${reason.code} ${singleLine(message)}`;
}
function timesText(times) {
	if (times === void 0) return "";
	const { wait, load, call, settle } = times;
	const waited = wait === void 0 ? "" : `, after a wait of ${Math.round(wait)} ms for its turn`;
	return ` in ${Math.round(load + call + settle)} ms${waited}`;
}
function contributionText({ point, added, changed, removed }) {
	const part = (sign, ids) => ids.map((id) => ` ${sign}${id}`);
	return `${point}:${[
		...part("+", added),
		...part("~", changed),
		...part("-", removed)
	].join("")}`;
}
// core/src/cli/start/answer-health.ts
async function answerHealth(stateFolder, { host, phase, show }) {
	if (stateFolder === void 0) return void 0;
	return openStatusSocket(stateFolder, {
		status: () => ({
			phase: phase(),
			extensions: countStates(host)
		}),
		onTrouble: (error) => {
			show({
				kind: "log",
				level: "warn",
				message: `plugboard health can't ask this host: ${error instanceof Error ? error.message : String(error)}`,
				fields: {}
			});
		}
	});
}
function countStates(host) {
	const counts = {};
	for (const { state } of host.extensions) counts[state] = (counts[state] ?? 0) + 1;
	return counts;
}
// core/src/cli/start/happening.ts
function extensionHappening(event, host) {
	const named = event.id === void 0 ? void 0 : host.extensions.get(event.id);
	return {
		kind: "extension",
		event,
		info: named?.folder === event.folder ? named : Array.from(host.extensions).find(({ folder }) => folder === event.folder)
	};
}
function happeningLogger(show) {
	const at = (level) => (message, fields = {}) => show({
		kind: "log",
		level,
		message,
		fields
	});
	return {
		debug: at("debug"),
		info: at("info"),
		warn: at("warn"),
		error: at("error")
	};
}
function strayHappening({ level, text, owner, stream }) {
	return {
		kind: "log",
		level,
		message: text,
		fields: {
			...stream !== void 0 && { stream },
			...owner && {
				extensionId: owner.id,
				generation: owner.generation
			}
		}
	};
}
// core/src/cli/start/json-driver.ts
const longestSettlingMs = 1e3;
var JsonDriver = class {
	#options;
	#pending = new Set();
	#lines;
	constructor(options) {
		this.#options = options;
	}
	async read(input) {
		this.#lines = createInterface({
			input,
			crlfDelay: Infinity
		});
		for await (const line of this.#lines) {
			if (line.trim() === "") continue;
			const answer = this.#perform(line).finally(() => this.#pending.delete(answer));
			this.#pending.add(answer);
			await this.#options.output.drained();
		}
		await Promise.allSettled(this.#pending);
	}
	async close() {
		this.#lines?.close();
		let timer;
		const patience = new Promise((resolve) => {
			timer = setTimeout(resolve, longestSettlingMs);
		});
		await Promise.race([Promise.allSettled(this.#pending), patience]);
		clearTimeout(timer);
	}
	async #perform(line) {
		const { output } = this.#options;
		let ref;
		try {
			const command = parseCommand(line);
			ref = command["ref"];
			const result = await this.#result(command);
			if (ref !== void 0 || command["stop"] !== true) output.json({
				ref,
				result: writableResult(result)
			});
		} catch (error) {
			output.json({
				ref,
				error: errorDocument(error)
			});
		}
	}
	async #result(command) {
		const { host, cwd, ready, stop } = this.#options;
		const verbs = Object.keys(command).filter((key) => key !== "ref");
		const [verb] = verbs;
		if (verbs.length !== 1 || verb === void 0) throw misunderstood("A command has one key beside ref.");
		const value = command[verb];
		if (verb === "stop" && value === true) {
			stop();
			return null;
		}
		await ready;
		if (verb === "list" && value === true) return listDocument(host, cwd);
		if (verb === "explain" && typeof value === "string") return explanationDocument(host.explain(value), host, cwd);
		if (verb === "fire" && typeof value === "string") {
			const { outcomes, elapsedMs } = await host.activateByEvent(value);
			return {
				outcomes: outcomes.map(({ id, state, reason }) => ({
					id,
					state,
					...reason && { reason: reasonDocument(reason) }
				})),
				elapsedMs
			};
		}
		if (verb === "reload" && typeof value === "string") {
			await host.reload(value);
			const info = host.extensions.get(value);
			return info === void 0 ? null : extensionDocument(info, cwd);
		}
		if (verb === "call") {
			const { point, id, method, args } = callTarget(value);
			return host.call(point, id, method, args).catch((error) => {
				throw callFailure(error, {
					id,
					method
				});
			});
		}
		throw misunderstood(`The command ${JSON.stringify(verb)} is not known, or its value is not of the right kind.`);
	}
};
function parseCommand(line) {
	let command;
	try {
		command = JSON.parse(line);
	} catch (error) {
		throw misunderstood(`The line is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
	}
	if (!isRecord(command)) throw misunderstood("A command is an object.");
	return command;
}
function callTarget(value) {
	if (!isRecord(value)) throw misunderstood("The value of call is an object.");
	const { point, id, method, args = [] } = value;
	if (typeof point !== "string" || typeof id !== "string" || typeof method !== "string") throw misunderstood("A call names point, id and method as texts.");
	if (!Array.isArray(args)) throw misunderstood("The args of a call are a list.");
	return {
		point,
		id,
		method,
		args
	};
}
function misunderstood(message) {
	return new InputError("CALL_INVALID", message, "Send {\"call\": {\"point\", \"id\", \"method\", \"args\"}}, {\"fire\": \"event\"}, {\"list\": true}, {\"explain\": \"id\"}, {\"reload\": \"id\"} or {\"stop\": true}, each on a line, with a ref to tell the answers apart.");
}
function isRecord(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
// core/src/cli/start/follow-host.ts
async function followHost(context, options) {
	const { io, output, services } = context;
	const { hostOptions, view, exitWithStdin } = options;
	const stopping = Promise.withResolvers();
	const stop = () => stopping.resolve();
	if (io.signal.aborted) stop();
	else io.signal.addEventListener("abort", stop, { once: true });
	const show = (happening) => view.show(happening);
	const { inProcessScope } = io;
	const logger = happeningLogger(show);
	const host = services.createHost({
		...hostOptions,
		inProcessScope,
		watch: true,
		logger
	});
	const listening = [
		host.extensions.onDidChange((event) => show(extensionHappening(event, host))),
		host.onDidChangeContributions((change) => show({
			kind: "contributions",
			...change
		})),
		io.onStrayOutput((output) => show(strayHappening(output)))
	];
	let phase = "starting";
	const answering = answerHealth(hostOptions.stateFolder, {
		host,
		phase: () => phase,
		show
	});
	let driver;
	let attendance;
	try {
		view.open(host);
		const started = Promise.withResolvers();
		const ready = started.promise;
		ready.catch(() => void 0);
		attendance = options.attend?.(host, {
			ready,
			stop
		});
		const showReady = (happening) => {
			phase = "ready";
			show(happening);
		};
		started.resolve(becomeReady(host, showReady));
		if (output.isJson) {
			driver = new JsonDriver({
				host,
				output,
				cwd: io.cwd,
				ready,
				stop
			});
			driver.read(io.stdin).then(() => exitWithStdin && stop(), stop);
		} else if (exitWithStdin) io.stdin.once("end", stop).once("error", stop).resume();
		await Promise.race([ready.then(() => stopping.promise), stopping.promise]);
	} finally {
		attendance?.dispose();
		phase = "stopping";
		show({ kind: "stopping" });
		await host.stop();
		(await answering)?.dispose();
		await driver?.close();
		for (const listener of listening) listener.dispose();
		io.signal.removeEventListener("abort", stop);
		show({ kind: "stopped" });
		view.close();
	}
	return exitCode.done;
}
async function becomeReady(host, show) {
	const startedAt = performance.now();
	const starting = host.start();
	await Promise.race([host.listed, starting]);
	show({
		kind: "ready",
		extensions: host.extensions.size,
		elapsedMs: performance.now() - startedAt
	});
	await starting;
}
// core/src/cli/start/json-view.ts
function jsonView(output, cwd) {
	return {
		open: () => void 0,
		show: (happening) => {
			if (happening.kind === "stopping") return;
			const { event, ...fields } = eventDocument(happening, cwd);
			output.json({
				event,
				time: new Date().toISOString(),
				...fields
			});
		},
		close: () => void 0
	};
}
function eventDocument(happening, cwd) {
	switch (happening.kind) {
		case "extension": return extensionEventDocument(happening.event, happening.info, cwd);
		case "problem": {
			const { problem } = happening;
			return {
				event: "problem",
				id: problem.extensionId ?? null,
				problem: problemDocument(problem, cwd)
			};
		}
		case "contributions": {
			const { point, added, changed, removed } = happening;
			return {
				event: "contributions",
				point,
				added,
				changed,
				removed
			};
		}
		case "log": return {
			event: "log",
			...logDocument(happening)
		};
		case "ready": return {
			event: "ready",
			extensions: happening.extensions,
			elapsedMs: happening.elapsedMs
		};
		case "stopped": return { event: "stopped" };
	}
}
const fieldsOf = {
	added: [
		"version",
		"state",
		"reason",
		"candidate",
		"runtime",
		"contributes"
	],
	changed: [
		"version",
		"state",
		"reason",
		"candidate",
		"runtime",
		"contributes"
	],
	removed: [],
	activating: [],
	activated: [
		"version",
		"times",
		"activatedBy"
	],
	deactivated: ["leftovers"],
	failed: [],
	restarting: [],
	unresponsive: [],
	responsive: [],
	problem: []
};
function extensionEventDocument({ kind, id, generation, folder, reason, delayMs, unresponsive, problem }, info, cwd) {
	const now = info === void 0 ? {} : extensionDocument(info, cwd);
	return {
		event: kind,
		id: id ?? null,
		generation,
		folder: pathText(folder, cwd),
		...Object.fromEntries(Object.entries(now).filter(([field]) => fieldsOf[kind].includes(field))),
		...reason && { reason: reasonDocument(reason) },
		...delayMs !== void 0 && { delayMs },
		...unresponsive && { unresponsive: unresponsiveDocument(unresponsive, cwd) },
		...problem && { problem: problemDocument(problem, cwd) }
	};
}
function logDocument({ level, message, fields }) {
	const { extensionId, ...rest } = fields;
	return {
		...typeof extensionId === "string" && { id: extensionId },
		level,
		message,
		...Object.keys(rest).length > 0 && { fields: plainData(rest) }
	};
}
function plainData(fields) {
	const asText = ([name, value]) => [name, value instanceof Error ? value.message : value];
	const data = Object.fromEntries(Object.entries(fields).map(asText));
	try {
		JSON.stringify(data);
		return data;
	} catch {
		return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
	}
}
export { loggedError as a, timesText as c, logLines as i, versionText as l, followHost as n, reasonText as o, happeningLines as r, subjectText as s, jsonView as t, withTime as u };

//# sourceMappingURL=json-view-D4zBbs9P.js.map