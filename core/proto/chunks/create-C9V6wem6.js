import { Pt as validateManifest } from "./host-DMpq1bLR.js";
import { t as canAsk } from "./ask-D1WHsAXy.js";
import { a as StoppedError, i as InputError, n as folderText, o as UsageError, r as pathText, s as exitCode } from "./main-DS4x5uUc.js";
import { n as templates, t as templateNames } from "./templates-DmGrI4K6.js";
import { n as requireCurrentFolder } from "./current-folder-CiQDVsRd.js";
import { existsSync, readFileSync, readdirSync, realpathSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, relative, resolve, sep } from "node:path";
import { randomUUID } from "node:crypto";
import { platform } from "node:os";
import { fileURLToPath } from "node:url";
// core/src/cli/create/project.ts
const longestName = 80;
function idOf(folder) {
	const id = basename(folder).toLowerCase().replaceAll(/[^a-z0-9._-]+/g, "-").replaceAll(/[._-]*([._-])[._-]*/g, "$1").replaceAll(/^[._-]|[._-]$/g, "");
	return faultOfId(id) === void 0 ? id : void 0;
}
function nameOf(id) {
	const words = contributionOf(id).replaceAll(/[_-]/g, " ");
	return words.charAt(0).toUpperCase() + words.slice(1);
}
function contributionOf(id) {
	return id.slice(id.lastIndexOf(".") + 1);
}
function faultOfId(id) {
	const [finding] = validateManifest({
		manifestVersion: 1,
		version: "1.0.0",
		id
	});
	return finding === void 0 ? void 0 : `An id ${finding.message}. Such as: acme.hello`;
}
function faultOfName(name) {
	if (name.trim() === "") return "A name has to have letters.";
	if (name.length > longestName) return `A name has to be at most ${longestName} characters long.`;
	return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name) ? "A name has to be one line of visible text." : void 0;
}
// core/src/cli/create/project-questions.ts
async function askForProject(io, known) {
	const { select, text } = await import("./dist-Cu5YnVrh.js");
	const streams = {
		input: io.stdin,
		output: io.stdout,
		signal: io.signal
	};
	const answered = (answer) => {
		if (typeof answer === "string") return answer;
		throw new StoppedError(io.signal.aborted ? io.signal.reason : "SIGINT");
	};
	const template = known.template ?? answered(await select({
		...streams,
		message: "Which template?",
		options: templateNames.map((name) => ({
			value: name,
			label: `${name.padEnd(12)} ${templates[name].summary}`
		}))
	}));
	const id = known.id ?? answered(await text({
		...streams,
		message: "What is its id, among all extensions?",
		placeholder: "acme.hello",
		...known.likelyId !== void 0 && { initialValue: known.likelyId },
		validate: (typed = "") => faultOfId(typed)
	}));
	return {
		template,
		id,
		name: known.name ?? answered(await text({
			...streams,
			message: "What is it called, for people?",
			initialValue: nameOf(id),
			validate: (typed = "") => faultOfName(typed)
		}))
	};
}
// core/src/cli/create/package-sources.ts
const ownName = "@plugboard/core";
const ownFolder = fileURLToPath(new URL("../../../", import.meta.url));
function findPackages(folder, wanted) {
	const own = JSON.parse(readFileSync(join(ownFolder, "package.json"), "utf8"));
	const versions = {
		...own.dependencies,
		...own.peerDependencies,
		[ownName]: own.version
	};
	const ranges = (names) => mapValues(names, (range, name) => name.startsWith("@plugboard/") ? `^${versions[name] ?? own.version}` : range);
	const engine = `^${versions["@plugboard/extension-api"] ?? own.version}`;
	const found = modulesAbove(folder, wanted);
	if (found !== void 0) return {
		kind: "found",
		modules: slashed(relative(folder, found)),
		engine,
		specifiers: ranges
	};
	const checkout = checkoutModules();
	if (checkout === void 0) return {
		kind: "published",
		modules: "./node_modules",
		engine,
		specifiers: ranges
	};
	return {
		kind: "checkout",
		modules: "./node_modules",
		engine,
		specifiers: (names) => {
			const all = {
				...names,
				...Object.fromEntries(nodePackages(checkout).map((name) => [name, "*"]))
			};
			return mapValues(ranges(all), (range, name) => {
				const place = join(checkout, name);
				return existsSync(place) ? `file:${slashed(realpathSync(place))}` : range;
			});
		}
	};
}
function modulesAbove(folder, wanted) {
	for (let above = dirname(folder);; above = dirname(above)) {
		const modules = join(above, "node_modules");
		if (wanted.every((name) => existsSync(join(modules, name))) && isOwn(join(modules, ownName))) return modules;
		if (above === dirname(above)) return void 0;
	}
}
function isOwn(folder) {
	return realpathSync(folder) === realpathSync(ownFolder);
}
function checkoutModules() {
	const own = realpathSync(ownFolder);
	const modules = join(dirname(own), "node_modules");
	return !own.split(sep).includes("node_modules") && existsSync(join(modules, ownName)) ? modules : void 0;
}
function nodePackages(modules) {
	return readdirSync(modules).filter((name) => /^node-(?:linux|darwin|win)-/.test(name));
}
function mapValues(record, map) {
	return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
function slashed(path) {
	return path.split(sep).join("/");
}
// core/src/cli/create/render-template.ts
const templatesFolder = fileURLToPath(new URL("../../../templates/", import.meta.url));
const hidden = /(?<=^|\/)dot-/;
const quoting = new Set([
	".ts",
	".js",
	".json",
	".json5",
	".go"
]);
async function renderTemplate(project, folder) {
	const { "package.json": packageText = "", ...texts } = await readTemplate(project.template);
	const wanted = JSON.parse(packageText).devDependencies;
	const sources = findPackages(folder, Object.keys(wanted));
	const contribution = contributionOf(project.id);
	const values = {
		...project,
		contribution,
		description: templates[project.template].description,
		engine: sources.engine,
		packages: sources.modules,
		program: platform() === "win32" ? `${contribution}.exe` : contribution
	};
	const filled = (path, text) => fillIn(text, values, { isQuoted: quoting.has(extname(path)) });
	const packageFile = {
		...JSON.parse(filled("package.json", packageText)),
		devDependencies: sources.specifiers(wanted)
	};
	const files = { "package.json": `${JSON.stringify(packageFile, void 0, 2)}\n` };
	for (const [path, text] of Object.entries(texts)) files[path] = filled(path, text);
	if (sources.kind === "checkout" && templates[project.template].isConfined === true) files[".npmrc"] = copying;
	return {
		files,
		sources
	};
}
const copying = `; No link may lead out of the folder of an extension that runs in a process of its own.
install-links=true
`;
async function readTemplate(name) {
	const files = {};
	for (const folder of templates[name].folders) {
		const from = join(templatesFolder, folder);
		for (const entry of await readdir(from, {
			recursive: true,
			withFileTypes: true
		})) {
			if (!entry.isFile()) continue;
			const file = join(entry.parentPath, entry.name);
			const path = relative(from, file).split(sep).join("/").replace(hidden, ".");
			files[path] = await readFile(file, "utf8");
		}
	}
	return files;
}
function fillIn(text, values, { isQuoted }) {
	return text.replaceAll(/\{\{(\w+)\}\}/g, (_all, key) => {
		const value = values[key] ?? "";
		return isQuoted ? JSON.stringify(value).slice(1, -1) : value;
	});
}
// core/src/cli/create/write-project.ts
const manifestName = "plugin.json5";
async function examinePlace(folder) {
	let names;
	try {
		names = await readdir(folder);
	} catch (error) {
		const { code } = error;
		if (code === "ENOENT") return "nothing";
		if (code === "ENOTDIR") throw occupied(folder);
		throw unwritable(folder, error);
	}
	if (names.length > 0) throw occupied(folder);
	return "empty folder";
}
async function writeProject(folder, files, signal) {
	const place = await examinePlace(folder);
	const parent = place === "nothing" ? dirname(folder) : folder;
	const aside = join(parent, `.plugboard-create-${randomUUID()}`);
	let firstMade;
	try {
		firstMade = await mkdir(parent, { recursive: true });
		await writeFiles(aside, files);
		if (signal.aborted) throw new StoppedError(signal.reason);
		if (place === "nothing") await rename(aside, folder);
		else await moveContent(aside, folder);
		firstMade = void 0;
	} catch (error) {
		if (error instanceof StoppedError) throw error;
		const { code } = error;
		if (code === "ENOTEMPTY" || code === "EEXIST" || code === "ENOTDIR") throw occupied(folder);
		throw unwritable(folder, error);
	} finally {
		await rm(aside, {
			recursive: true,
			force: true
		});
		if (firstMade !== void 0) await removeEmptyFolders(parent, firstMade);
	}
}
async function writeFiles(folder, files) {
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), text);
	}
}
async function moveContent(from, folder) {
	const names = (await readdir(from)).filter((name) => name !== manifestName);
	const moved = [];
	try {
		for (const name of [...names, manifestName]) {
			await rename(join(from, name), join(folder, name));
			moved.push(join(folder, name));
		}
	} catch (error) {
		for (const path of moved) await rm(path, {
			recursive: true,
			force: true
		});
		throw error;
	}
}
async function removeEmptyFolders(last, first) {
	try {
		for (let folder = last;; folder = dirname(folder)) {
			await rmdir(folder);
			if (folder === first) return;
		}
	} catch {}
}
function occupied(folder) {
	return new InputError("CREATE_OCCUPIED", `${folder} is there already, and not an empty folder.`, "Name a folder that does not exist, or one that is empty.");
}
function unwritable(folder, error) {
	const { message } = error;
	return new InputError("CREATE_UNWRITABLE", `${folder} can't be written: ${message}`, "Check free space and the folder's permissions.");
}
// core/src/cli/commands/create.ts
async function create(surroundings, words) {
	const { io, output } = surroundings;
	requireCurrentFolder(io, words.folder);
	const folder = resolve(io.cwd, words.folder);
	const fault = (words.id === void 0 ? void 0 : faultOfId(words.id)) ?? (words.name === void 0 ? void 0 : faultOfName(words.name));
	if (fault !== void 0) throw new UsageError(fault);
	await examinePlace(folder);
	const project = await projectOf(surroundings, folder, words);
	const { files, sources } = await renderTemplate(project, folder);
	await writeProject(folder, files, io.signal);
	const steps = sources.kind === "found" ? ["npm test"] : ["npm install", "npm test"];
	if (output.isJson) {
		output.json({
			...project,
			folder: pathText(folder, io.cwd),
			files: Object.keys(files).sort(),
			packages: sources.kind,
			next: steps
		});
		return exitCode.done;
	}
	output.line(`${output.style("green", "created")} ${project.id} in ${folderText(folder, io.cwd)}: ${templates[project.template].summary}`);
	if (sources.kind === "checkout") output.line("Its packages come from the checkout that plugboard runs from.");
	output.line("");
	const enter = folder === io.cwd ? [] : [`cd ${shellWord(pathText(folder, io.cwd))}`];
	for (const step of [...enter, ...steps]) output.line(`  ${step}`);
	return exitCode.done;
}
async function projectOf({ io, output }, folder, { template, id, name, takesDefaults }) {
	const likelyId = idOf(folder);
	if (!takesDefaults && !output.isJson && canAsk(io)) return askForProject(io, {
		template,
		id,
		name,
		likelyId
	});
	const chosenId = id ?? likelyId;
	if (chosenId === void 0) throw new UsageError("no id can be made of the folder's name: give one, such as --id acme.hello");
	return {
		template: template ?? "greeter",
		id: chosenId,
		name: name ?? nameOf(chosenId)
	};
}
function shellWord(path) {
	return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
export { create };

//# sourceMappingURL=create-C9V6wem6.js.map