import { r as missingText, t as hostSetup } from "./host-setup-cGAcFzJm.js";
import { n as folderText } from "./main-DS4x5uUc.js";
import { i as logLines, n as followHost, r as happeningLines, t as jsonView, u as withTime } from "./json-view-D4zBbs9P.js";
import { n as findingLines, t as extensionTable } from "./extension-table-XhevflZz.js";
import { n as stringWidth } from "./table-nlqIy7oI.js";
import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
// core/src/cli/start/terminal-frame.ts
const hideCursor = "\x1B[?25l";
const showCursor = "\x1B[?25h";
const clearBelow = "\x1B[J";
const beginUpdate = "\x1B[?2026h";
const endUpdate = "\x1B[?2026l";
var TerminalFrame = class {
	#stream;
	#shown = [];
	constructor(stream) {
		this.#stream = stream;
	}
	get columns() {
		return this.#stream.columns || 80;
	}
	get height() {
		return this.#rows - 1;
	}
	heightOf(lines) {
		return lines.reduce((total, line) => total + this.#rowsOf(line), 0);
	}
	draw(lines) {
		const next = this.#fitting(lines);
		if (next.length === this.#shown.length && next.every((line, index) => line === this.#shown[index])) return;
		this.#stream.write(`${beginUpdate}${hideCursor}${this.#erasing()}${text(next)}${endUpdate}`);
		this.#shown = next;
	}
	print(lines) {
		this.#stream.write(`${beginUpdate}${this.#erasing()}${text(lines)}${text(this.#shown)}${endUpdate}`);
	}
	end(lines) {
		this.#stream.write(`${text(lines)}${showCursor}`);
		this.#shown = [];
	}
	#erasing() {
		const rows = this.heightOf(this.#shown);
		return rows === 0 ? "" : `\u001b[${Math.min(rows, this.#rows - 1)}A\r${clearBelow}`;
	}
	#fitting(lines) {
		const available = this.height;
		if (this.heightOf(lines) <= available) return lines;
		const last = lines.at(-1) ?? "";
		const kept = [];
		let used = this.#rowsOf(last) + 1;
		for (const line of lines.slice(0, -1)) {
			used += this.#rowsOf(line);
			if (used > available) break;
			kept.push(line);
		}
		const hidden = lines.length - kept.length - 1;
		return [
			...kept,
			`… ${hidden} more lines; a taller window shows them, and so does plugboard list`,
			last
		];
	}
	get #rows() {
		return Math.max(4, this.#stream.rows || 24);
	}
	#rowsOf(line) {
		return Math.max(1, Math.ceil(stringWidth(stripVTControlCharacters(line)) / this.columns));
	}
};
function text(lines) {
	return lines.map((line) => `${line}\n`).join("");
}
// core/src/cli/start/live-view.ts
const redrawAfterMs = 40;
const refreshMs = 1e3;
function liveView(io, output, { hint, folders }) {
	const { style } = output;
	const frame = new TerminalFrame(io.stdout);
	let host;
	let status = "starting";
	let timer;
	let refresh;
	const redraw = () => {
		clearTimeout(timer);
		timer = void 0;
		if (host !== void 0) frame.draw(content(host));
	};
	const redrawSoon = () => void (timer ??= setTimeout(redraw, redrawAfterMs));
	const print = (lines) => frame.print(withTime(lines, style));
	const content = (shown) => {
		const extensions = Array.from(shown.extensions);
		const head = `${style("bold", "plugboard")} ${status} · ${countsText(extensions, style)} · ${folders}`;
		const table = (rows) => rows.length === 0 ? [] : extensionTable(rows, {
			cwd: io.cwd,
			width: frame.columns,
			style
		});
		const findings = findingLines(extensions, shown.problems, {
			cwd: io.cwd,
			style
		});
		const block = (rows, found) => [
			head,
			"",
			...rows.length === 0 ? [] : [...rows, ""],
			...found.length === 0 ? [] : [...found, ""],
			style("dim", hint)
		];
		const whole = block(table(extensions), findings);
		if (frame.heightOf(whole) <= frame.height) return whole;
		const room = frame.height - frame.heightOf(block([], [])) - 2;
		const found = fitting(findings, Math.max(room >> 1, room - frame.heightOf(table(extensions))), frame);
		return block(fittingTable(extensions.toSorted((one, other) => Number(needsAttention(other)) - Number(needsAttention(one))), room - frame.heightOf(found), {
			frame,
			table
		}), found);
	};
	return {
		open: (opened) => {
			host = opened;
			io.stdout.on("resize", redrawSoon);
			redraw();
			refresh = setInterval(redraw, refreshMs);
		},
		show: (happening) => {
			if (happening.kind === "ready") status = style("green", "running");
			if (happening.kind === "stopping") status = style("yellow", "stopping");
			if (happening.kind === "log" && happening.level !== "debug") print(logLines(happening, style));
			if (isIncident(happening)) print(happeningLines(happening, io.cwd, style));
			redrawSoon();
		},
		close: () => {
			clearTimeout(timer);
			clearInterval(refresh);
			io.stdout.off("resize", redrawSoon);
			frame.end([`${style("bold", "plugboard")} stopped`]);
		}
	};
}
function countsText(extensions, style) {
	const { length } = extensions;
	const active = extensions.filter(({ state }) => state === "active").length;
	const broken = extensions.filter(isBroken).length;
	const counts = `${length} extension${length === 1 ? "" : "s"}, ${active} active`;
	return broken === 0 ? counts : `${counts}, ${style("red", `${broken} broken`)}`;
}
function isBroken({ state, candidate, problems }) {
	return state === "failed" || state === "invalid" || candidate?.state === "failed" || problems.some(({ severity }) => severity === "error");
}
function needsAttention(info) {
	const { problems, candidate, unresponsive, restart, reason } = info;
	const isHeldUp = reason !== void 0 && reason.code !== "DISABLED";
	const isOdd = unresponsive !== void 0 || restart !== void 0 || candidate !== void 0;
	return isBroken(info) || isHeldUp || isOdd || problems.length > 0;
}
function fitting(lines, rows, frame) {
	if (frame.heightOf(lines) <= rows) return lines;
	const kept = [];
	let used = 1;
	for (const line of lines) {
		used += frame.heightOf([line]);
		if (used > rows) break;
		kept.push(line);
	}
	return [...kept, `… ${lines.length - kept.length} more lines: plugboard list`];
}
function fittingTable(extensions, rows, { frame, table }) {
	let count = Math.max(0, Math.min(extensions.length, rows));
	while (count > 0 && frame.heightOf(table(extensions.slice(0, count))) + 1 > rows) count -= 1;
	const left = extensions.length - count;
	if (left === 0) return table(extensions);
	const trouble = extensions.slice(count).filter(needsAttention).length;
	const more = trouble === 0 ? "" : `, ${trouble} of them in trouble`;
	return [...table(extensions.slice(0, count)), `… ${left} more extensions${more}: a taller window shows them, and so does plugboard list`];
}
function isIncident(happening) {
	if (happening.kind !== "extension") return false;
	const { kind, reason } = happening.event;
	if (kind === "failed") return reason?.code === "EXTENSION_CRASHED" || reason?.code === "CRASHED_TOO_OFTEN";
	return kind === "restarting" || kind === "unresponsive" || kind === "responsive";
}
// core/src/cli/start/plain-view.ts
function plainView(output, { cwd, hint }) {
	return {
		open: () => output.line(hint),
		show: (happening) => {
			for (const line of happeningLines(happening, cwd, output.style)) output.line(line);
		},
		close: () => void 0
	};
}
// core/src/cli/commands/start.ts
async function startHost(context, { exitWithStdin }) {
	const setup = await hostSetup(context);
	return followHost(context, {
		hostOptions: {
			...setup.hostOptions,
			watchdog: "print"
		},
		view: viewFor(context, setup),
		exitWithStdin
	});
}
function viewFor(context, setup) {
	const { io, output } = context;
	if (output.isJson) return jsonView(output, io.cwd);
	const [first = "extensions"] = setup.hostOptions.extensionFolders ?? [];
	const hint = `Drop a folder into ${folderText(resolve(io.cwd, first), io.cwd)} to add an extension, remove it to take it out. Ctrl-C stops.`;
	const folders = setup.folders.map((folder) => folderText(folder, io.cwd)).join(", ");
	return io.stdout.isTTY === true && io.env["TERM"] !== "dumb" ? liveView(io, output, {
		hint,
		folders
	}) : plainView(output, {
		cwd: io.cwd,
		hint: missingHint(setup, io.cwd) + hint
	});
}
function missingHint({ missingFolders }, cwd) {
	return missingFolders.length === 0 ? "" : `${missingText(missingFolders, cwd)} Create it at any time. `;
}
export { startHost };

//# sourceMappingURL=start-D0lWItFU.js.map