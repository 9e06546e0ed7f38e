import { n as createExtensionHost, t as src_exports } from "./chunks/host-DMpq1bLR.js";
import { constants } from "node:fs";
import { copyFile, mkdir, mkdtemp, open, readdir, realpath, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { setTimeout } from "node:timers/promises";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
// core/src/testing/extension-fixture.ts
function anExtension(sketch) {
	const folder = sketch.folder ?? sketch.id;
	const files = filesOf(sketch);
	return Object.freeze({
		sketch,
		id: sketch.id,
		folder,
		files,
		with: (changes) => anExtension({
			...sketch,
			...changes
		}),
		writeTo: async (parent) => {
			const target = join(parent, folder);
			const present = await filesUnder(target);
			const contents = {
				files,
				copies: sketch.copies ?? {}
			};
			if (present === void 0) await writeNew(contents, parent, target);
			else await writeOver(contents, present, parent, target);
			return target;
		},
		writeSlowly: async (parent, options) => {
			const target = join(parent, folder);
			for (const path of options.order ?? Object.keys(files)) await writePieces(join(target, path), files[path] ?? "", options);
			return target;
		},
		removeFrom: (parent) => rm(join(parent, folder), {
			recursive: true,
			force: true
		})
	});
}
function filesOf(sketch) {
	const main = sketch.main ?? "./extension.js";
	const files = { "plugin.json5": sketch.manifestText ?? manifestText(sketch, main) };
	if (main !== false) files[main.replace(/^\.\//, "")] = sketch.source ?? sourceText(sketch, main);
	return Object.freeze({
		...files,
		...sketch.files
	});
}
function manifestText(sketch, main) {
	const manifest = {
		manifestVersion: 1,
		id: sketch.id,
		version: sketch.version ?? "1.0.0",
		engines: { plugboard: "^1.0.0" },
		main: main === false ? void 0 : main,
		activationEvents: sketch.activationEvents,
		contributes: sketch.contributes,
		extensionDependencies: ranges(sketch.dependsOn),
		optionalExtensionDependencies: ranges(sketch.optionallyDependsOn),
		services: sketch.services,
		...sketch.manifest
	};
	return JSON.stringify(manifest, void 0, 2) + "\n";
}
function ranges(dependencies) {
	if (!isList(dependencies)) return dependencies;
	return Object.fromEntries(dependencies.map((id) => [id, "*"]));
}
function isList(value) {
	return Array.isArray(value);
}
function sourceText(sketch, main) {
	const lines = [
		...sketch.head === void 0 ? [] : [sketch.head],
		`async function activate(context) {`,
		...supplyLines(sketch),
		sketch.activate ?? "",
		`}`
	];
	const names = ["activate"];
	if (sketch.deactivate !== void 0) {
		lines.push(`async function deactivate() {\n${sketch.deactivate}\n}`);
		names.push("deactivate");
	}
	if (sketch.saveState !== void 0) {
		lines.push(`async function saveState() {\n${sketch.saveState}\n}`);
		names.push("saveState");
	}
	const list = names.join(", ");
	lines.push(/\.c[jt]s$/.test(main) ? `module.exports = { ${list} };` : `export { ${list} };`);
	return lines.join("\n") + "\n";
}
function supplyLines(sketch) {
	return [...new Set([...Object.keys(sketch.contributes ?? {}), ...Object.keys(sketch.supplies ?? {})])].flatMap((point) => {
		const section = sketch.contributes?.[point];
		const declared = isItems(section) ? section.map((item) => item.id) : [];
		const supplied = sketch.supplies?.[point] ?? {};
		return [...new Set([...declared, ...Object.keys(supplied)])].flatMap((id) => {
			const implementation = supplied[id] ?? implementationFor(point, id, sketch.version ?? "1.0.0");
			if (implementation === void 0) return [];
			return [`  context.contribute(${JSON.stringify(point)}, ${JSON.stringify(id)}, ${implementation});`];
		});
	});
}
function isItems(section) {
	return Array.isArray(section);
}
function implementationFor(point, id, version) {
	const prefix = JSON.stringify(`${id} ${version}: `);
	switch (point) {
		case "greeters": return `{ greet: (name) => ${prefix} + name }`;
		case "transformers": return `{ transform: (input) => ${prefix} + input }`;
		case "commands": return `{ execute: (...args) => [${JSON.stringify(id)}, ${JSON.stringify(version)}, ...args] }`;
		default: return;
	}
}
async function filesUnder(folder) {
	try {
		return (await readdir(folder, {
			recursive: true,
			withFileTypes: true
		})).filter((entry) => !entry.isDirectory()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
	} catch {
		return;
	}
}
async function writeNew({ files, copies }, parent, target) {
	const aside = asidePath(parent);
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(aside, path)), { recursive: true });
		await writeFile(join(aside, path), text);
	}
	for (const [path, from] of Object.entries(copies)) {
		await mkdir(dirname(join(aside, path)), { recursive: true });
		await copyFile(from, join(aside, path), constants.COPYFILE_FICLONE);
	}
	await rename(aside, target);
}
async function writeOver({ files, copies }, present, parent, target) {
	const aside = asidePath(parent);
	await mkdir(aside, { recursive: true });
	for (const [path, from] of Object.entries(copies)) {
		if (present.includes(path)) continue;
		await mkdir(dirname(join(target, path)), { recursive: true });
		await copyFile(from, join(aside, "file"), constants.COPYFILE_FICLONE);
		await rename(join(aside, "file"), join(target, path));
	}
	for (const [path, text] of Object.entries(files).reverse()) {
		await mkdir(dirname(join(target, path)), { recursive: true });
		await writeFile(join(aside, "file"), text);
		await rename(join(aside, "file"), join(target, path));
	}
	await rm(aside, { recursive: true });
	for (const path of present) if (!(path in files) && !(path in copies)) await rm(join(target, path), { force: true });
}
function asidePath(parent) {
	return join(parent, `.aside-${randomUUID()}`);
}
async function writePieces(path, text, options) {
	await mkdir(dirname(path), { recursive: true });
	const pieces = options.pieces ?? 2;
	const length = Math.ceil(text.length / pieces);
	const file = await open(path, "w");
	try {
		for (let start = 0; start < text.length; start += length) {
			await file.write(text.slice(start, start + length));
			await setTimeout(options.pauseMs);
		}
	} finally {
		await file.close();
	}
}
// core/src/testing/record-events.ts
function recordEvents(host) {
	const events = [];
	const changes = [];
	const listeners = [host.extensions.onDidChange((event) => events.push(event)), host.onDidChangeContributions(({ point, added, changed, removed }) => changes.push({
		point,
		added: [...added],
		changed: [...changed],
		removed: [...removed]
	}))];
	const dispose = () => {
		for (const listener of listeners) listener.dispose();
	};
	return {
		events,
		changes,
		kinds: (id) => events.filter((event) => event.id === id).map((event) => event.kind),
		clear() {
			events.length = 0;
			changes.length = 0;
		},
		dispose,
		[Symbol.dispose]: dispose
	};
}
// core/src/testing/create-test-host.ts
const testLimits = Object.freeze({
	activateMs: 3e3,
	startTurnMs: 2e4,
	deactivateMs: 2e3,
	callMs: 5e3,
	drainMs: 2e3,
	stopMs: 3e3,
	dependencyMs: 3e3,
	heldCalls: 1e4,
	callBytes: 16777216,
	incompleteMs: 300,
	unresponsiveMs: 1e3,
	memoryBytes: 268435456,
	retryMs: 20
});
async function createTestHost(options = {}) {
	const { extensions = [], start = "at-once", ...hostOptions } = options;
	const temporaryFolder = await realpath(await mkdtemp(join(tmpdir(), "plugboard-test-")));
	const folder = join(temporaryFolder, "extensions");
	await mkdir(folder);
	const write = async (...fixtures) => {
		for (const fixture of fixtures) await fixture.writeTo(folder);
	};
	await write(...extensions);
	const host = createExtensionHost({
		...hostOptions,
		extensionFolders: [folder, ...options.extensionFolders ?? []],
		points: withoutRepeats([
			src_exports.greeters,
			src_exports.transformers,
			...options.points ?? []
		]),
		limits: {
			...testLimits,
			...options.limits
		}
	});
	const record = recordEvents(host);
	const dispose = async () => {
		const faults = await stopStrictly(host, record);
		record.dispose();
		await rm(temporaryFolder, {
			recursive: true,
			force: true
		});
		if (faults.length === 1) throw faults[0];
		if (faults.length > 1) throw new AggregateError(faults, "The host did not end cleanly.");
	};
	let report;
	if (start === "at-once") try {
		report = await host.start();
	} catch (error) {
		await dispose().catch(() => void 0);
		throw error;
	}
	return {
		host,
		folder,
		temporaryFolder,
		record,
		get report() {
			if (report === void 0) throw new TypeError("The test has not left the start to createTestHost.");
			return report;
		},
		write,
		remove: async (...fixtures) => {
			for (const fixture of fixtures) await fixture.removeFrom(folder);
		},
		dispose,
		[Symbol.asyncDispose]: dispose
	};
}
function withoutRepeats(points) {
	return [...new Set(points)];
}
const running = new Set(["activating", "active"]);
async function stopStrictly(host, record) {
	const faults = [];
	try {
		await host.stop();
	} catch (error) {
		faults.push(error);
	}
	for (const { id, state } of host.extensions) if (running.has(state)) faults.push(new Error(`${String(id)} is ${state} after the stop.`));
	for (const { problem, id } of record.events) if (problem?.code === "INTERNAL") faults.push(new Error(`${String(id)}: ${problem.message}`));
	for (const problem of host.problems) if (problem.code === "INTERNAL") faults.push(new Error(problem.message));
	return faults;
}
// core/src/testing/eventually.ts
async function eventually(assertion, options = {}) {
	const { timeoutMs = 8e3, intervalMs = 5 } = options;
	const end = performance.now() + timeoutMs;
	for (;;) {
		try {
			return await assertion();
		} catch (error) {
			if (performance.now() >= end) throw error;
		}
		await setTimeout(intervalMs);
	}
}
export { anExtension, createTestHost, eventually, recordEvents, testLimits };

//# sourceMappingURL=testing.js.map