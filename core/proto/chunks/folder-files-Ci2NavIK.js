import { i as __toESM } from "./rolldown-runtime-D4w-N4S9.js";
import { Mt as readRegularBytes, Nt as readRegularFile, jt as nonBlockingRead } from "./host-DMpq1bLR.js";
import { r as inListOrder } from "./file-list-DjTscCpa.js";
import { existsSync, lstatSync, readdirSync } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { ExtensionError } from "@plugboard/extension-api";
import { join, posix } from "node:path";
import { createHash, hash } from "node:crypto";
// core/src/archive/archive-limits.ts
const defaultArchiveLimits = Object.freeze({
	entries: 1e4,
	bytes: 200 * 2 ** 20,
	ratio: 100
});
const bytesFreeOfRatio = 2 ** 20;
// core/src/archive/archive-error.ts
function archiveError(code, message, { entry, cause } = {}) {
	return new ExtensionError(code, message, {
		...entry === void 0 ? {} : { details: { entry } },
		...cause === void 0 ? {} : { cause }
	});
}
// core/src/archive/entry-path.ts
const longestName = 255;
const longestPath = 1024;
const control = /[\u0000-\u001f\u007f-\u009f\ufffd]|\p{Surrogate}/u;
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const reservedCharacter = /[<>:"|?*]/;
const reservedName = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])\s*(?:\.|$)/i;
function faultOfEntryPath(path) {
	const leads = (what) => archiveError("ARCHIVE_PATH", `${quoted(path)} ${what}.`, { entry: path });
	const named = (what) => archiveError("ARCHIVE_NAME", `${quoted(path)} ${what}.`, { entry: path });
	if (control.test(path)) return leads("holds characters that no name may have");
	if (path.includes("\\")) return leads("holds a backslash");
	if (path.startsWith("/")) return leads("is absolute");
	if (/^[a-z]:/i.test(path)) return leads("names a drive");
	if (Buffer.byteLength(path) > longestPath) return named(`is longer than ${longestPath} bytes`);
	for (const part of path.split("/")) {
		if (part === "" || part === "." || part === "..") return leads(`has a part ${quoted(part)}`);
		if (Buffer.byteLength(part) > longestName) return named(`has a part longer than ${longestName} bytes`);
		if (turning.test(part)) return named("holds invisible characters that turn text around");
		if (reservedCharacter.test(part)) return named("holds a character that Windows keeps for itself");
		if (/[. ]$/.test(part)) return named("has a part that ends with a dot or a space, which Windows drops");
		if (reservedName.test(part)) return named("has a part that is the name of a device on Windows");
	}
}
var EntryPaths = class {
	#known = new Map();
	add(path, kind) {
		for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1)) this.#take(path.slice(0, slash), "folder", path);
		this.#take(path, kind, path);
	}
	#take(spelling, kind, entry) {
		const key = comparable(spelling);
		const known = this.#known.get(key);
		if (known === void 0) {
			this.#known.set(key, {
				spelling,
				kind
			});
			return;
		}
		if (known.spelling !== spelling) throw archiveError("ARCHIVE_CASE_CLASH", `${quoted(spelling)} and ${quoted(known.spelling)} are the same name on some disks.`, { entry });
		if (known.kind === "folder" && kind === "folder") return;
		throw archiveError("ARCHIVE_DUPLICATE", `${quoted(spelling)} is there twice.`, { entry });
	}
};
function comparable(name) {
	return name.normalize("NFD").replaceAll(/\p{Default_Ignorable_Code_Point}/gu, "").toUpperCase().toLowerCase().normalize("NFC");
}
function quoted(path) {
	const text = path.length > 100 ? `${path.slice(0, 100)}…` : path;
	return JSON.stringify(text).replaceAll(/[^\x20-\x7e…\p{L}\p{N}\p{M}]/gu, escaped);
}
function escaped(character) {
	return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
// core/src/archive/ignore-rules.ts
const ignoreFileName = ".plugboardignore";
const longestIgnoreFile = 262144;
const defaultIgnoreRules = Object.freeze([
	".env",
	".env.*",
	".npmrc",
	".yarnrc",
	".yarnrc.yml",
	".git",
	".gitignore",
	".gitattributes",
	".gitmodules",
	".svn",
	".hg",
	"/.github",
	"/.vscode",
	"/.idea",
	".DS_Store",
	"Thumbs.db",
	"*.swp",
	"*~",
	"/test",
	"/tests",
	"/__tests__",
	"*.test.*",
	"*.spec.*",
	"/coverage",
	"/package-lock.json",
	"/npm-shrinkwrap.json",
	"/yarn.lock",
	"/pnpm-lock.yaml",
	"/tsconfig*.json",
	"*.tsbuildinfo",
	".editorconfig",
	".prettier*",
	".eslint*",
	"/eslint.config.*",
	"npm-debug.log*",
	"/*.tgz",
	"/.plugboard"
]);
const packageIgnoreRules = [
	".git",
	".DS_Store",
	"Thumbs.db",
	".npmrc",
	".env"
];
async function readIgnoreRules(folder, id) {
	const { default: ignore } = await import("./ignore-hLIQotgD.js").then((m) => __toESM(m.default, 1));
	const text = readIgnoreFile(folder);
	const written = ignore({ ignorecase: false }).add(text);
	const own = ignore({ ignorecase: false }).add([
		...defaultIgnoreRules,
		`${id}-*.tgz`,
		`${id}-*.tgz.*.new`
	]).add(text);
	const packages = ignore({ ignorecase: false }).add([...packageIgnoreRules]).add(text);
	return {
		ignores: (path) => (/(?:^|\/)node_modules\//.test(path) ? packages : own).ignores(path),
		takesBack: (path) => written.test(path).unignored,
		doesWithout: packagesLeftOut(text)
	};
}
function installedRules(folder) {
	return {
		ignores: () => false,
		doesWithout: packagesLeftOut(readIgnoreFile(folder))
	};
}
function packagesLeftOut(text) {
	const named = new Set(text.split("\n").map(withoutStars));
	return (path) => {
		for (let way = path; way !== "." && way !== ""; way = posix.dirname(way)) if (named.has(way) || posix.basename(way) === "node_modules" && named.has("node_modules")) return true;
		return false;
	};
}
function withoutStars(line) {
	const parts = line.trim().split("/");
	const isOpen = (part) => part === "" || part === "*" || part === "**";
	const first = parts.findIndex((part) => !isOpen(part));
	const last = parts.findLastIndex((part) => !isOpen(part));
	return parts.slice(Math.max(0, first), last + 1).join("/");
}
function readIgnoreFile(folder) {
	const file = join(folder, ignoreFileName);
	try {
		return readRegularFile(file, longestIgnoreFile);
	} catch (cause) {
		if (cause.code === "ENOENT") return "";
		throw archiveError("ARCHIVE_UNREADABLE", `${file} can't be read.`, {
			entry: ignoreFileName,
			cause
		});
	}
}
// core/src/archive/needed-packages.ts
const packageFileName = "package.json";
const maximumPackageFileBytes = 4 * 2 ** 20;
const providedByHost = new Set([
	"@plugboard/extension-api",
	"inversify",
	"reflect-metadata"
]);
const modulesName = "node_modules";
function neededPackages(folder, rules) {
	const found = new Set();
	const open = [""];
	const add = (dependency, name) => {
		if (found.has(dependency) || rules.ignores(`${dependency}/`)) return;
		refuseLinked(folder, dependency, name);
		found.add(dependency);
		open.push(dependency);
	};
	for (let root = open.pop(); root !== void 0; root = open.pop()) for (const { place, hasModules } of placesIn(folder, root, rules)) {
		const file = place === root ? readPackageFile(join(folder, place)) : readIfSound(join(folder, place));
		if (file !== void 0 && (place === root || file.namesDependencies)) addNamed({
			folder,
			root,
			place,
			file,
			rules,
			add
		});
		else if (hasModules) addAll(folder, posix.join(place, modulesName), add);
	}
	return found;
}
function placesIn(folder, root, rules) {
	const places = [];
	const open = [root];
	for (let place = open.pop(); place !== void 0; place = open.pop()) {
		const children = childrenOf$1(join(folder, place));
		const hasModules = children.some((child) => child.name === modulesName);
		const hasFile = children.some((child) => child.name === packageFileName);
		if (hasModules || hasFile) places.push({
			place,
			hasModules
		});
		for (const child of children) {
			const path = posix.join(place, child.name);
			if (child.isDirectory() && child.name !== modulesName && !rules.ignores(`${path}/`)) open.push(path);
		}
	}
	return places;
}
function addNamed({ folder, root, place, file, rules, add }) {
	const required = Object.keys(file.dependencies).filter((name) => !(name in file.optionalDependencies));
	const wanted = [...Object.keys(file.optionalDependencies), ...Object.keys(file.peerDependencies)];
	for (const name of new Set([...required, ...wanted])) {
		if (providedByHost.has(name)) continue;
		const all = candidatesFor(place, name);
		const candidates = place === root || root === "" ? all : all.filter((path) => path.startsWith(`${root}/`));
		if (candidates.some((candidate) => rules.doesWithout(candidate))) continue;
		const dependency = candidates.find((candidate) => existsSync(join(folder, candidate, packageFileName)));
		const isLeftBehind = dependency !== void 0 && rules.ignores(`${dependency}/`);
		if (dependency !== void 0 && !isLeftBehind) add(dependency, name);
		else if (place === root && required.includes(name)) throw missing(name, place, isLeftBehind);
	}
}
function addAll(folder, modules, add) {
	for (const { name } of childrenOf$1(join(folder, modules))) {
		if (name.startsWith(".")) continue;
		const names = name.startsWith("@") ? childrenOf$1(join(folder, modules, name)).map((child) => `${name}/${child.name}`) : [name];
		for (const each of names) if (!providedByHost.has(each)) add(posix.join(modules, each), each);
	}
}
function candidatesFor(from, name) {
	const candidates = [];
	for (let place = from;; place = posix.dirname(place) === "." ? "" : posix.dirname(place)) {
		if (posix.basename(place) !== modulesName) candidates.push(posix.join(place, modulesName, name));
		if (place === "") return candidates;
	}
}
function refuseLinked(folder, candidate, name) {
	const ways = [candidate.lastIndexOf(`${modulesName}/`) + 12];
	for (let slash = ways[0] ?? 0; slash !== -1; slash = candidate.indexOf("/", slash + 1)) ways.push(slash);
	for (const way of [...ways.map((end) => candidate.slice(0, end)), candidate]) {
		if (!lstatSync(join(folder, way)).isSymbolicLink()) continue;
		throw archiveError("ARCHIVE_LINKED_PACKAGE", `The package ${name} is only linked into the folder, by ${way}.`, { entry: candidate });
	}
}
function missing(name, place, isLeftBehind) {
	const user = place === "" ? packageFileName : `${place}/${packageFileName}`;
	return archiveError("ARCHIVE_DEPENDENCY_MISSING", `The package ${name} that ${user} depends on ${isLeftBehind ? `is left behind by a pattern of .plugboardignore; if the extension does without it, name ${modulesName}/${name} there` : "is not installed in the extension's folder"}.`, { entry: user });
}
function childrenOf$1(folder) {
	try {
		return readdirSync(folder, { withFileTypes: true });
	} catch (cause) {
		const { code } = cause;
		if (code === "ENOENT" || code === "ENOTDIR") return [];
		throw archiveError("ARCHIVE_UNREADABLE", `${folder} can't be read.`, { cause });
	}
}
function readIfSound(folder) {
	try {
		return readPackageFile(folder);
	} catch {
		return;
	}
}
function readPackageFile(folder) {
	const file = join(folder, packageFileName);
	let value;
	try {
		value = JSON.parse(readRegularFile(file, maximumPackageFileBytes));
	} catch (cause) {
		const { code } = cause;
		if (code === "ENOENT" || code === "ENOTDIR") return void 0;
		throw archiveError("ARCHIVE_UNREADABLE", `${file} can't be read.`, { cause });
	}
	const section = (name) => {
		const names = isObject(value) ? value[name] : void 0;
		return isObject(names) ? names : void 0;
	};
	const [dependencies, optionalDependencies, peerDependencies, devDependencies] = [
		"dependencies",
		"optionalDependencies",
		"peerDependencies",
		"devDependencies"
	].map(section);
	return {
		dependencies: dependencies ?? {},
		optionalDependencies: optionalDependencies ?? {},
		peerDependencies: peerDependencies ?? {},
		namesDependencies: (dependencies ?? optionalDependencies ?? peerDependencies ?? devDependencies) !== void 0
	};
}
function isObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
// core/src/archive/secret-files.ts
const largestLookedAt = 16 * 2 ** 20;
const mostNamed = 3;
const secretNames = [
	[/^id_(?:rsa|dsa|ecdsa|ed25519|ecdsa_sk|ed25519_sk)$/, "a secret key of SSH"],
	[/\.ppk$/i, "a secret key of PuTTY"],
	[/\.(?:p12|pfx|jks|keystore)$/i, "a store of keys and certificates"],
	[/\.(?:key|p8)$/i, "a secret key"],
	[/^[._]netrc$/, "passwords of servers"],
	[/^\.(?:git-credentials|pypirc|pgpass|my\.cnf|htpasswd|dockercfg|vault-token)$/, "passwords"],
	[/\.kdbx$/i, "a store of passwords"]
];
const secretFolders = new Set([
	".ssh",
	".gnupg",
	".aws",
	".azure",
	".kube",
	".docker"
]);
const keyInText = /-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\r|\\n){1,8}(?:Proc-Type:|Version:|Comment:|[A-Za-z0-9+/]{40})|PuTTY-User-Key-File-\d: |AGE-SECRET-KEY-1[0-9A-Z]{50}/;
const keyWords = [
	"PRIVATE KEY",
	"PuTTY-User-Key-File-",
	"AGE-SECRET-KEY-1"
];
function secretFiles(folder, files) {
	return files.flatMap(({ path, size }) => {
		if (/(?:^|\/)node_modules\//.test(path)) return [];
		const what = secretNamed(path) ?? (size > largestLookedAt ? void 0 : secretIn(join(folder, path), path));
		return what === void 0 ? [] : [{
			path,
			what
		}];
	});
}
function secretRefused(secrets) {
	const named = secrets.slice(0, mostNamed).map(({ path, what }) => `${path} looks like ${what}`);
	const more = secrets.length - mostNamed;
	return archiveError("ARCHIVE_SECRET", `${named.join(", ")}${more > 0 ? `, and so do ${more} more` : ""}; nothing is packed.`, { entry: secrets[0]?.path });
}
function secretNamed(path) {
	const name = posix.basename(path);
	const [, what] = secretNames.find(([pattern]) => pattern.test(name)) ?? [];
	if (what !== void 0) return what;
	return path.split("/").slice(0, -1).some((part) => secretFolders.has(part)) ? "keys or passwords" : void 0;
}
function secretIn(file, path) {
	let bytes;
	try {
		bytes = readRegularBytes(file, largestLookedAt);
	} catch (cause) {
		throw archiveError("ARCHIVE_UNREADABLE", `${path} can't be read.`, {
			entry: path,
			cause
		});
	}
	if (!keyWords.some((word) => bytes.includes(word))) return void 0;
	return keyInText.test(bytes.toString("latin1")) ? "a secret key" : void 0;
}
// core/src/archive/folder-files.ts
const atOnce = 16;
const smallFile = 131072;
async function filesToPack(folder, id) {
	const rules = await readIgnoreRules(folder, id);
	const packages = neededPackages(folder, rules);
	const files = await walk(folder, (path) => path !== "plugin.signature.json" && !rules.ignores(path) && isNeeded(path, packages));
	const secrets = secretFiles(folder, files).filter(({ path }) => !rules.takesBack(path));
	if (secrets.length > 0) throw secretRefused(secrets);
	return files;
}
async function allFiles(folder) {
	return walk(folder, () => true);
}
async function listFolder(folder, onProgress) {
	const files = await allFiles(folder);
	const listed = [];
	let bytes = 0;
	for (let done = 0; done < files.length; done += atOnce) {
		const hashed = await Promise.all(files.slice(done, done + atOnce).map(async ({ path, size, isExecutable }) => ({
			path,
			isExecutable,
			...size <= smallFile ? hashSmall(join(folder, path), path) : await hashFile(join(folder, path), path)
		})));
		for (const { path, size, sha256, isExecutable } of hashed) {
			listed.push({
				path,
				size,
				sha256,
				isExecutable
			});
			bytes += size;
			onProgress?.({
				files: listed.length,
				totalFiles: files.length,
				bytes
			});
		}
	}
	return listed;
}
async function walk(folder, filter) {
	const files = [];
	const paths = new EntryPaths();
	const open = [""];
	let bytes = 0;
	for (let place = open.pop(); place !== void 0; place = open.pop()) for (const child of await childrenOf(folder, place)) {
		const path = place + child.name;
		if (child.isDirectory()) {
			if (filter(`${path}/`)) open.push(`${path}/`);
			continue;
		}
		if (!filter(path)) continue;
		const fault = faultOfEntryPath(path);
		if (fault !== void 0) throw fault;
		if (child.isSymbolicLink()) throw archiveError("ARCHIVE_LINK", `${path} is a link.`, { entry: path });
		if (!child.isFile()) throw archiveError("ARCHIVE_SPECIAL_FILE", `${path} is not a file.`, { entry: path });
		paths.add(path, "file");
		const { size, mode } = lstatSync(join(folder, path));
		bytes += size;
		files.push({
			path,
			size,
			isExecutable: (mode & 64) !== 0,
			content: join(folder, path)
		});
		refuseTooMuch(files.length, bytes);
	}
	return inListOrder(files);
}
async function childrenOf(folder, place) {
	try {
		return await readdir(join(folder, place), { withFileTypes: true });
	} catch (cause) {
		throw archiveError("ARCHIVE_UNREADABLE", `${join(folder, place)} can't be read.`, { cause });
	}
}
function refuseTooMuch(files, bytes) {
	const limits = defaultArchiveLimits;
	if (files > limits.entries) throw archiveError("ARCHIVE_TOO_MANY_ENTRIES", `It has more than ${limits.entries} files.`);
	if (bytes + files * 2048 > limits.bytes) throw archiveError("ARCHIVE_TOO_LARGE", `It holds more than ${Math.round(limits.bytes / 2 ** 20)} MB.`);
}
function isNeeded(path, packages) {
	if (/(?:^|\/)node_modules$/.test(path)) return isNeeded(`${path}/`, packages);
	const modules = path.lastIndexOf("node_modules/");
	if (modules === -1 || modules > 0 && path[modules - 1] !== "/") return true;
	const [first = "", second = ""] = path.slice(modules + 13).split("/");
	if (first === "") return [...packages].some((one) => one.startsWith(path));
	const isScope = first.startsWith("@");
	if (isScope && second === "") return [...packages].some((one) => one.startsWith(path));
	return packages.has(path.slice(0, modules) + "node_modules/" + (isScope ? `${first}/${second}` : first));
}
function hashSmall(file, path) {
	try {
		const bytes = readRegularBytes(file, smallFile);
		return {
			size: bytes.length,
			sha256: hash("sha256", bytes, "hex")
		};
	} catch (cause) {
		throw archiveError("ARCHIVE_UNREADABLE", `${path} can't be read.`, {
			entry: path,
			cause
		});
	}
}
async function hashFile(file, path) {
	const digest = createHash("sha256");
	let size = 0;
	try {
		const handle = await open(file, nonBlockingRead);
		try {
			for await (const chunk of handle.createReadStream({ autoClose: false })) {
				digest.update(chunk);
				size += chunk.length;
			}
		} finally {
			await handle.close();
		}
	} catch (cause) {
		throw archiveError("ARCHIVE_UNREADABLE", `${path} can't be read.`, {
			entry: path,
			cause
		});
	}
	return {
		size,
		sha256: digest.digest("hex")
	};
}
export { neededPackages as a, EntryPaths as c, bytesFreeOfRatio as d, defaultArchiveLimits as f, maximumPackageFileBytes as i, faultOfEntryPath as l, filesToPack as n, packageFileName as o, listFolder as r, installedRules as s, allFiles as t, archiveError as u };

//# sourceMappingURL=folder-files-Ci2NavIK.js.map