import { n as folderText, o as UsageError, r as pathText } from "./main-DS4x5uUc.js";
import { n as resultText, t as callByName } from "./named-call-Bmd5EKPs.js";
import { n as stringWidth } from "./table-nlqIy7oI.js";
import { a as singleLine, r as indentedLine } from "./style-BImbPBwr.js";
import { n as errorLines } from "./error-text-C9h9s50Q.js";
import { n as findingLines, t as extensionTable } from "./extension-table-XhevflZz.js";
import { r as problemLines } from "./problem-text-DEyvijh5.js";
import { a as loggedError, c as timesText, l as versionText, n as followHost, o as reasonText, r as happeningLines, s as subjectText, t as jsonView, u as withTime } from "./json-view-D4zBbs9P.js";
import { t as hostSetup } from "./host-setup-cGAcFzJm.js";
import { existsSync, readFileSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";
// core/src/cli/dev/activate-at-once.ts
function activateAtOnce(host, folders) {
	let look;
	const activate = () => {
		look = void 0;
		for (const { id, state, folder } of host.extensions) {
			if (id === void 0 || state !== "ready" || !folders.includes(folder)) continue;
			host.activate(id).catch(() => void 0);
		}
	};
	const lookSoon = () => void (look ??= setImmediate(activate));
	const listener = host.extensions.onDidChange(lookSoon);
	return { dispose: () => {
		listener.dispose();
		clearImmediate(look);
	} };
}
// core/src/cli/output/code-frame.ts
const linesBefore = 2;
const linesAfter = 2;
const usualWidth = 120;
const largestFile = 4194304;
function codeFrameAt(place, options) {
	try {
		const stat = statSync(place.file);
		if (!stat.isFile() || stat.size > largestFile) return [];
		return codeFrame(readFileSync(place.file, "utf8"), place, options);
	} catch {
		return [];
	}
}
function codeFrame(text, { line, column }, { style, width = usualWidth }) {
	const lines = text.split(/\r\n|[\n\r\u2028\u2029]/);
	const marked = lines[line - 1];
	if (marked === void 0) return [];
	const first = Math.max(1, line - linesBefore);
	const last = Math.min(lines.length, line + linesAfter);
	const digits = String(last).length;
	const room = Math.max(20, width - digits - 6);
	const start = column === void 0 || column <= room ? 0 : column - Math.floor(room / 2);
	const gutter = (mark, number) => `${mark} ${style("dim", `${number.padStart(digits)} |`)}`;
	const frame = [];
	for (let number = first; number <= last; number++) {
		const isMarked = number === line;
		const code = indentedLine((lines[number - 1] ?? "").slice(start, start + room)).trimEnd();
		frame.push(`${gutter(isMarked ? style("red", ">") : " ", String(number))} ${isMarked ? code : style("dim", code)}`.trimEnd());
		if (!isMarked || column === void 0) continue;
		const before = stringWidth(indentedLine(marked.slice(start, column - 1)));
		frame.push(`${gutter(" ", "")} ${" ".repeat(before)}${style("red", "^")}`);
	}
	return frame;
}
// core/src/cli/output/place-in-text.ts
function placeInText(text, folders) {
	return ownFrames(text, folders)[0]?.place;
}
function ownFrames(text, folders) {
	return text.split("\n").flatMap((line) => {
		const match = /(?:^|[\s(])((?:file:\/\/|\/|[A-Za-z]:[\\/])[^()]*?):(\d+):(\d+)/.exec(line);
		const file = pathOf(match?.[1] ?? "");
		if (match === null || !folders.some((folder) => isOwn(file, folder))) return [];
		return [{
			line,
			place: {
				file,
				line: Number(match[2]),
				column: Number(match[3])
			}
		}];
	});
}
function isOwn(file, folder) {
	return [folder, realPath(folder)].some((path) => file.startsWith(path + sep) && !file.slice(path.length).includes(`${sep}node_modules${sep}`));
}
function realPath(folder) {
	try {
		return realpathSync(folder);
	} catch {
		return folder;
	}
}
function pathOf(file) {
	try {
		return file.startsWith("file:") ? fileURLToPath(file) : file;
	} catch {
		return "";
	}
}
// core/src/cli/dev/dev-prompt.ts
const promptHelp = ["Type and press Enter: r reload, c call (c greeters english greet \"World\"), l list, q quit."];
function readPrompt(input, options) {
	const lines = createInterface({
		input,
		crlfDelay: Infinity
	});
	lines.on("line", (line) => void obey(line.trim(), options));
	return { dispose: () => lines.close() };
}
async function obey(line, options) {
	if (line === "") return;
	const { output, ready } = options;
	try {
		await ready;
		const [, word = "", rest = ""] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
		await perform(word, rest, options);
	} catch (error) {
		for (const text of errorLines(error, output.style)) output.line(text);
		for (const text of frameOf(error, options)) output.line(`    ${text}`);
	}
}
async function perform(word, rest, options) {
	const { host, output, cwd, stop } = options;
	switch (word) {
		case "r":
		case "reload": return reload(options);
		case "c":
		case "call":
			output.line(await call(host, rest));
			return;
		case "l":
		case "list": {
			const extensions = Array.from(host.extensions);
			const { style, columns: width } = output;
			for (const text of extensionTable(extensions, {
				cwd,
				width,
				style
			})) output.line(text);
			for (const text of findingLines(extensions, host.problems, {
				cwd,
				style
			})) output.line(text);
			return;
		}
		case "q":
		case "quit":
			stop();
			return;
		default: for (const text of promptHelp) output.line(text);
	}
}
async function reload({ host, folders, output, cwd }) {
	const own = Array.from(host.extensions).filter(({ folder }) => folders.includes(folder));
	if (own.length === 0) output.line("There is no extension to reload yet.");
	const stuck = own.filter(({ state }) => state === "invalid" || state === "blocked");
	for (const text of findingLines(stuck, [], {
		cwd,
		style: output.style
	})) output.line(text);
	await Promise.all(own.map(async (info) => {
		const { id, state } = info;
		if (id === void 0 || stuck.includes(info)) return;
		await (state === "failed" ? host.retry(id) : host.reload(id)).catch(() => void 0);
	}));
}
async function call(host, text) {
	const [, point, id, method, rest = ""] = /^(\S+)\s+(\S+)\s+(\S+)\s*(.*)$/.exec(text) ?? [];
	if (point === void 0 || id === void 0 || method === void 0) throw new UsageError("a call names point, id and method: c greeters english greet \"World\"");
	return resultText(await callByName(host, {
		point,
		id,
		method
	}, argumentsOf(rest)));
}
function argumentsOf(text) {
	try {
		return JSON.parse(`[${text}]`);
	} catch {
		throw new UsageError(`the arguments are not JSON, separated by commas: ${text}`);
	}
}
function frameOf(error, { folders, output: { style, columns } }) {
	const stacks = [];
	for (let cause = error; cause instanceof Error && stacks.length < 8; cause = cause.cause) stacks.unshift(String(cause.stack));
	const place = placeInText(stacks.join("\n"), folders);
	return place === void 0 ? [] : codeFrameAt(place, {
		style,
		width: columns
	});
}
// core/src/cli/dev/dev-view.ts
function devView(output, options) {
	const text = new DevText(output, options);
	const { style } = output;
	return {
		open: () => {
			for (const line of options.hint) output.line(style("dim", line));
		},
		show: (happening) => {
			const lines = text.lines(happening);
			for (const line of options.hasTimes && lines.length > 0 ? withTime(lines, style) : lines) output.line(line);
		},
		close: () => void 0
	};
}
var DevText = class {
	#output;
	#options;
	#activated = new Set();
	#shown = new Map();
	#faulty = new Map();
	constructor(output, options) {
		this.#output = output;
		this.#options = options;
	}
	lines(happening) {
		switch (happening.kind) {
			case "extension": return this.#eventLines(happening.event, happening.info);
			case "problem": return this.#problemLines(happening.problem);
			case "contributions": {
				const { added, removed } = happening;
				return added.length + removed.length === 0 ? [] : this.#usualLines({
					...happening,
					changed: []
				});
			}
			case "log": return [...this.#usualLines(happening), ...this.#logFrame(happening)];
			default: return this.#usualLines(happening);
		}
	}
	#eventLines(event, info) {
		const { kind, folder, problem } = event;
		const { style } = this.#output;
		switch (kind) {
			case "activated": {
				const word = this.#activated.has(folder) ? "reloaded" : "activated";
				this.#activated.add(folder);
				this.#faulty.delete(folder);
				return [`${style("green", word)} ${subjectText(event, info)}${timesText(info?.times)}`];
			}
			case "failed": return this.#failureLines(event, info);
			case "problem":
				if (info?.state === "active" && problem?.severity === "error") this.#faulty.set(folder, info.generation);
				return problem === void 0 || this.#shown.get(folder)?.has(keyOf(problem)) === true ? [] : this.#problemLines(problem);
			case "removed":
				this.#activated.delete(folder);
				this.#faulty.delete(folder);
				return this.#usualLines({
					kind: "extension",
					event,
					info
				});
			case "changed":
			case "deactivated":
				if (info?.state === "active") return this.#mendedLines(event, info);
				return this.#usualLines({
					kind: "extension",
					event,
					info
				});
			default: return this.#usualLines({
				kind: "extension",
				event,
				info
			});
		}
	}
	#mendedLines(event, info) {
		const { folder } = event;
		if (info.candidate !== void 0 || info.problems.some(({ severity }) => severity === "error") || this.#faulty.get(folder) !== info.generation) return [];
		this.#faulty.delete(folder);
		this.#shown.delete(folder);
		const { style } = this.#output;
		return [`${style("green", "fixed")} ${versionText(event, info)}; generation ${info.generation} serves on`];
	}
	#failureLines(event, info) {
		const { style } = this.#output;
		const problems = (info?.candidate?.problems ?? info?.problems ?? []).filter(({ severity }) => severity === "error");
		this.#shown.set(event.folder, new Set(problems.map(keyOf)));
		if (info?.state === "active") this.#faulty.set(event.folder, info.generation);
		const serves = info?.state === "active" ? `; generation ${info.generation} serves on` : "";
		const why = problems.length === 0 ? reasonText(event.reason) : "";
		return [
			`${style("red", "failed")} ${versionText(event, info)}${serves}${why}`,
			...problems.flatMap((problem) => this.#problemLines(problem)),
			...this.#stackLines(event)
		];
	}
	#stackLines({ folder, reason }) {
		const { cwd } = this.#options;
		const texts = [reason?.message ?? ""];
		for (let cause = reason?.cause; cause instanceof Error && texts.length < 8; cause = cause.cause) texts.unshift(String(cause.stack));
		const frames = texts.map((text) => ownFrames(text, [folder])).find(({ length }) => length > 0) ?? [];
		if (frames.length < 2) return [];
		return frames.map(({ line, place: { file } }) => this.#output.style("dim", `    ${singleLine(line.replace(file, pathText(file, cwd)))}`));
	}
	#problemLines(problem) {
		const { style } = this.#output;
		const missing = this.#missingText(problem);
		if (missing !== void 0) return [`${style("yellow", "waiting")} ${missing}`];
		const { file, line, column } = problem;
		const frame = line === void 0 ? [] : this.#frame({
			file,
			line,
			column
		});
		return [...problemLines(problem, this.#options.cwd, style), ...frame];
	}
	#missingText({ code, file }) {
		const { cwd, folders } = this.#options;
		const isMissing = code === "DISCOVERY_FOLDER_MISSING";
		const folder = folders.find((own) => own === (isMissing ? file : dirname(file)));
		if (folder === void 0 || !(isMissing || code === "MANIFEST_MISSING")) return void 0;
		const name = folderText(folder, cwd);
		const lack = isMissing ? "does not exist" : `holds no ${basename(file)}`;
		const inside = isMissing ? [] : extensionsIn(folder, basename(file));
		return `${name} ${lack}; it is followed until it is an extension. ${inside.length === 0 ? `To begin one: plugboard create ${name}` : `It holds extensions; name one: ${inside.map((one) => folderText(one, cwd)).join(", ")}`}`;
	}
	#logFrame({ message, fields }) {
		if ("stream" in fields) return [];
		const place = placeInText([message, ...Object.values(fields).map((value) => loggedError(value)?.stack ?? "")].join("\n"), this.#options.folders);
		return place === void 0 ? [] : this.#frame(place);
	}
	#frame(place) {
		const { style, columns } = this.#output;
		return codeFrameAt(place, {
			style,
			width: columns === void 0 ? void 0 : columns - 16
		}).map((line) => `    ${line}`);
	}
	#usualLines(happening) {
		return happeningLines(happening, this.#options.cwd, this.#output.style);
	}
};
function keyOf({ code, file, line, column, message }) {
	return JSON.stringify([
		code,
		file,
		line,
		column,
		message
	]);
}
function extensionsIn(folder, manifestName) {
	try {
		return readdirSync(folder).map((name) => join(folder, name)).filter((child) => existsSync(join(child, manifestName))).slice(0, 5);
	} catch {
		return [];
	}
}
// core/src/cli/commands/dev.ts
const authorLimits = { incompleteMs: 200 };
const debuggerLimits = {
	activateMs: Infinity,
	deactivateMs: Infinity,
	callMs: 0,
	unresponsiveMs: Infinity
};
async function develop(context, request) {
	const { io, output } = context;
	const given = request.folders.length === 0 ? ["."] : request.folders;
	const setup = await hostSetup(context, {
		developmentFolders: given.map((folder) => resolve(io.cwd, folder)),
		usualFolders: []
	});
	const folders = setup.hostOptions.developmentFolders ?? [];
	const isTerminal = io.stdout.isTTY === true;
	const isTypedAt = isTerminal && !output.isJson && "isTTY" in io.stdin && io.stdin.isTTY === true;
	const hint = [`Following ${folders.map((folder) => folderText(folder, io.cwd)).join(", ")}: what you save is ${request.isLazy ? "loaded when it is needed" : "run at once"}. Ctrl-C stops.`, ...isTypedAt ? promptHelp : []];
	if (request.inspectPort !== void 0) io.openInspector(request.inspectPort);
	return followHost(context, {
		hostOptions: {
			...setup.hostOptions,
			...faultFinding(setup.hostOptions, request)
		},
		view: output.isJson ? jsonView(output, io.cwd) : devView(output, {
			cwd: io.cwd,
			folders,
			hint,
			hasTimes: isTerminal
		}),
		exitWithStdin: request.exitWithStdin,
		attend: (host, run) => {
			const attendances = [
				...request.isLazy ? [] : [activateAtOnce(host, folders)],
				...request.inspectPort === void 0 ? [] : [noteUninspected(context, host)],
				...isTypedAt ? [promptOf(context, host, folders, run)] : []
			];
			return { dispose: () => attendances.forEach((attendance) => attendance.dispose()) };
		}
	});
}
function faultFinding({ limits }, { inspectPort }) {
	return inspectPort === void 0 ? {
		limits: {
			...authorLimits,
			...limits
		},
		watchdog: "print"
	} : { limits: {
		...authorLimits,
		...limits,
		...debuggerLimits
	} };
}
function promptOf({ io, output }, host, folders, { ready, stop }) {
	return readPrompt(io.stdin, {
		host,
		output,
		cwd: io.cwd,
		folders,
		ready,
		stop
	});
}
function noteUninspected({ output }, host) {
	const noted = new Set();
	return host.extensions.onDidChange(({ id, kind }) => {
		const info = id === void 0 ? void 0 : host.extensions.get(id);
		if (kind !== "activated" || info?.processId === void 0 || noted.has(info.folder)) return;
		noted.add(info.folder);
		output.note(`${info.id} runs in a process of its own, which no debugger reaches: Node's permission model shuts it. To debug it, run it in a worker: runtimePolicy: { "${info.id}": "worker" } in plugboard.config.json5.`);
	});
}
export { develop };

//# sourceMappingURL=dev-D6jao3aQ.js.map