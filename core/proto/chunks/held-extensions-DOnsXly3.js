import { i as __toESM, t as __commonJSMin } from "./rolldown-runtime-D4w-N4S9.js";
import { a as manifestTextIn, i as identityOf, n as readArchive, r as identityInFolder, t as contentOf } from "./extension-content-S_bZsnUy.js";
import { At as readJson5, G as asideOf, J as removeLeftAside, K as flush, Nt as readRegularFile, P as dependencyRanges, Q as WatchGlobs, Y as writeWhole, dt as saysMissing, et as require_valid, f as claimantsOf, ft as isExtensionId, it as isFolder, m as diskRefusal, p as workAlone, pt as isExtensionVersion, q as flushFolder, rt as require_compare, tt as require_satisfies, ut as lookLaterAt, vt as thrownText } from "./host-DMpq1bLR.js";
import { a as neededPackages, f as defaultArchiveLimits, i as maximumPackageFileBytes, n as filesToPack, o as packageFileName, s as installedRules, t as allFiles, u as archiveError } from "./folder-files-Ci2NavIK.js";
import "./file-list-DjTscCpa.js";
import { i as readKeyRing, t as emptyKeyRing, u as judge } from "./key-ring-COn6jQYO.js";
import { chmodSync, closeSync, createWriteStream, existsSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from "node:fs";
import { chmod, copyFile, mkdir, readFile, readdir, readlink, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { ExtensionError, isExtensionError } from "@plugboard/extension-api";
import { dirname, join, relative, resolve, sep } from "node:path";
import { createHash, randomBytes } from "node:crypto";
import { homedir, tmpdir } from "node:os";
import { pipeline } from "node:stream/promises";
import { Agent, get } from "node:http";
import { Agent as Agent$1, get as get$1 } from "node:https";
import { getCACertificates } from "node:tls";
import { execFile } from "node:child_process";
// core/src/install/install-error.ts
function installError(code, message, extensionId) {
	return new ExtensionError(code, message, { extensionId });
}
function asInstallError(error, folder) {
	const why = diskRefusal(error);
	if (isExtensionError(error) || why === void 0) return error;
	return new ExtensionError("INSTALL_UNWRITABLE", `${folder} can't be changed: ${why}.`, { cause: error });
}
// core/src/archive/extract-archive.ts
var import_compare = __toESM(require_compare(), 1);
async function extractArchive(archive, folder, options = {}) {
	prepare(folder);
	const extraction = new Extraction(folder);
	try {
		return await readArchive(archive, {
			...options,
			onFile: (file) => extraction.start(file)
		});
	} catch (error) {
		extraction.undo();
		const why = diskRefusal(error);
		if (isExtensionError(error) || why === void 0) throw error;
		throw archiveError("ARCHIVE_UNWRITABLE", `${folder} can't be written: ${why}.`, { cause: error });
	}
}
var Extraction = class {
	#folder;
	#descriptor;
	constructor(folder) {
		this.#folder = folder;
	}
	start({ path, isExecutable }) {
		const file = join(this.#folder, path);
		mkdirSync(dirname(file), { recursive: true });
		const mode = isExecutable ? 493 : 420;
		const descriptor = openSync(file, "wx", mode);
		this.#descriptor = descriptor;
		return {
			write: (bytes) => {
				for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
			},
			end: () => {
				this.#close();
				chmodSync(file, mode);
			}
		};
	}
	undo() {
		this.#close();
		for (const name of readdirSync(this.#folder)) rmSync(join(this.#folder, name), {
			recursive: true,
			force: true
		});
	}
	#close() {
		if (this.#descriptor !== void 0) closeSync(this.#descriptor);
		this.#descriptor = void 0;
	}
};
function prepare(folder) {
	try {
		mkdirSync(folder, { recursive: true });
		if (readdirSync(folder).length === 0) return;
	} catch (cause) {
		throw archiveError("ARCHIVE_TARGET", `${folder} can't be used.`, { cause });
	}
	throw archiveError("ARCHIVE_TARGET", `${folder} is not empty.`);
}
// core/src/source/source-error.ts
var import_rcompare = __toESM(__commonJSMin(((exports, module) => {
	const compare = require_compare();
	const rcompare = (a, b, loose) => compare(b, a, loose);
	module.exports = rcompare;
}))(), 1);
function sourceError(code, message, options = {}) {
	return new ExtensionError(code, message, options);
}
// core/src/source/address.ts
function permittedAddress(address, from) {
	const url = URL.parse(address, from?.href);
	if (url === null) throw sourceError("SOURCE_WORDS", `${JSON.stringify(address)} is no address.`);
	if (url.username !== "" || url.password !== "") throw sourceError("SOURCE_WORDS", `The address on ${url.host} holds a user's name or password, which would be written down.`);
	if (url.protocol === "https:") return url;
	const isPlain = url.protocol === "http:";
	if (isPlain && from?.protocol === "https:") throw sourceError("SOURCE_INSECURE", `${addressText(from)} leads to plain http: ${addressText(url)}.`);
	if (isPlain && isLoopback(url)) return url;
	throw sourceError("SOURCE_INSECURE", `${addressText(url)} is not an https address.`);
}
function addressText(url) {
	return `${url.origin === "null" ? url.protocol : url.origin}${url.pathname}`;
}
function isLoopback({ hostname }) {
	return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
// core/src/source/integrity.ts
function sha512In(text) {
	const digests = text.split(/\s+/).flatMap((word) => {
		const [, digest] = /^sha512-([A-Za-z0-9+/]{86}==)(?:\?.*)?$/.exec(word) ?? [];
		return digest === void 0 ? [] : [digest];
	});
	return digests.length === 0 ? void 0 : digests;
}
function requireIntegrity(promised, sha512, what) {
	const digests = sha512In(promised);
	if (digests === void 0) throw sourceError("SOURCE_INTEGRITY", `Of ${what} no SHA-512 is told, only ${JSON.stringify(promised)}.`);
	if (!digests.includes(sha512)) throw sourceError("SOURCE_INTEGRITY", `${what} is not what was promised: it has sha512-${sha512}, not sha512-${digests.join(" or sha512-")}.`);
}
// core/src/source/source-record.ts
function recordText(record) {
	return `${JSON.stringify(record)}\n`;
}
function readRecord(text) {
	const { kind, path, name, wanted, registry, address, integrity } = objectIn(text) ?? {};
	if (kind === "path" && typeof path === "string") return {
		kind,
		path
	};
	if (kind === "npm" && typeof name === "string" && typeof wanted === "string" && typeof registry === "string") return {
		kind,
		name,
		wanted,
		registry
	};
	if (kind === "address" && typeof address === "string") return typeof integrity === "string" ? {
		kind,
		address,
		integrity
	} : {
		kind,
		address
	};
	throw sourceError("SOURCE_INVALID", "What was written down about the source can't be understood.");
}
function objectIn(text) {
	try {
		return asObject(JSON.parse(text));
	} catch {
		return;
	}
}
function asObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value) ? value : void 0;
}
// core/src/source/address-index.ts
const largestIndex = 4 * 2 ** 20;
async function indexBeside(client, address) {
	const url = permittedAddress("index.json", new URL(address));
	const text = await client.text({
		address: url,
		accept: "application/json",
		limit: largestIndex
	});
	if (text === void 0) return void 0;
	const listed = objectIn(text)?.["extensions"];
	if (!Array.isArray(listed)) throw sourceError("SOURCE_INVALID", `${addressText(url)} is no index.`);
	return listed.map((entry) => entryOf(entry, url));
}
function entryOf(value, index) {
	const { id, version, file, integrity } = asObject(value) ?? {};
	if (!(isExtensionId(id) && isExtensionVersion(version) && typeof file === "string" && (integrity === void 0 || typeof integrity === "string" && sha512In(integrity) !== void 0))) {
		const text = JSON.stringify(value);
		throw sourceError("SOURCE_INVALID", `${addressText(index)} has an entry that can't be used: ${text}.`);
	}
	const address = permittedAddress(file, index);
	if (address.origin !== index.origin) throw sourceError("SOURCE_INVALID", `${addressText(index)} lists ${addressText(address)}, which is on another server.`);
	return {
		id,
		version,
		address,
		integrity
	};
}
// core/src/source/http-client.ts
const usualTimeouts = {
	idleMs: 3e4,
	wholeMs: 6e5
};
const mostRedirects = 5;
const redirects = new Set([
	301,
	302,
	303,
	307,
	308
]);
var HttpClient = class {
	#config;
	#signal;
	#timeouts;
	#plain;
	#secure;
	constructor({ config, signal, timeouts = usualTimeouts }) {
		this.#config = config;
		this.#signal = signal;
		this.#timeouts = timeouts;
		this.#plain = new Agent({ keepAlive: true });
		const extra = config.certificates();
		const secure = {
			keepAlive: true,
			proxyEnv: config.proxies(),
			...extra.length === 0 ? {} : { ca: [...getCACertificates("default"), ...extra] }
		};
		this.#secure = new Agent$1(secure);
	}
	async text(request) {
		const parts = [];
		return await this.#fetch(request, async (chunks) => {
			for await (const chunk of chunks) parts.push(chunk);
		}) ? Buffer.concat(parts).toString("utf8") : void 0;
	}
	async file(request, file, onProgress) {
		const hash = createHash("sha512");
		if (!await this.#fetch(request, async (chunks, totalBytes) => {
			let bytes = 0;
			const hashed = async function* () {
				for await (const chunk of chunks) {
					hash.update(chunk);
					bytes += chunk.length;
					onProgress?.({
						bytes,
						totalBytes
					});
					yield chunk;
				}
			};
			onProgress?.({
				bytes,
				totalBytes
			});
			await pipeline(hashed, createWriteStream(file, {
				flags: "wx",
				mode: 384
			}));
		})) throw sourceError("SOURCE_MISSING", `There is nothing at ${addressText(request.address)}.`);
		return hash.digest("base64");
	}
	dispose() {
		this.#plain.destroy();
		this.#secure.destroy();
	}
	async #fetch({ address, accept = "*/*", limit }, take) {
		const whole = AbortSignal.timeout(this.#timeouts.wholeMs);
		const signal = AbortSignal.any([whole, ...this.#signal === void 0 ? [] : [this.#signal]]);
		let url = address;
		try {
			for (let hops = 0;; hops++) {
				const response = await this.#request(url, accept, signal);
				const { statusCode: status = 0, headers } = response;
				if (redirects.has(status) && headers.location !== void 0) {
					response.destroy();
					if (hops === mostRedirects) throw sourceError("SOURCE_REDIRECT", `${addressText(address)} leads on more than ${mostRedirects} times.`);
					url = permittedAddress(headers.location, url);
					continue;
				}
				if (status !== 200) response.destroy();
				if (status === 404 || status === 410) return false;
				if (status !== 200) throw refusal(status, url);
				const told = Number(headers["content-length"] ?? NaN);
				const totalBytes = Number.isSafeInteger(told) ? told : void 0;
				await take(limited(response, {
					limit,
					totalBytes,
					url
				}), totalBytes);
				return true;
			}
		} catch (error) {
			this.#signal?.throwIfAborted();
			if (whole.aborted) throw tooSlow(url, this.#timeouts.wholeMs);
			throw asSourceError(error, url);
		}
	}
	#request(url, accept, signal) {
		const authorization = this.#config.authorization(url);
		const headers = {
			accept,
			"accept-encoding": "identity",
			"user-agent": "plugboard",
			...authorization === void 0 ? {} : { authorization }
		};
		const { idleMs: timeout } = this.#timeouts;
		const get$2 = url.protocol === "https:" ? get$1 : get;
		return new Promise((resolve, reject) => {
			const request = get$2(url, {
				headers,
				signal,
				timeout,
				agent: this.#agent(url)
			}, (response) => {
				request.on("timeout", () => response.destroy(tooSlow(url, timeout)));
				resolve(response);
			});
			request.on("error", reject);
			request.on("timeout", () => request.destroy(tooSlow(url, timeout)));
		});
	}
	#agent(url) {
		return url.protocol === "https:" ? this.#secure : this.#plain;
	}
};
async function* limited(response, { limit, totalBytes = 0, url }) {
	const tooLarge = () => {
		const most = Math.round(limit / 2 ** 20);
		return sourceError("SOURCE_TOO_LARGE", `${addressText(url)} holds more than ${most} MB.`);
	};
	try {
		if (totalBytes > limit) throw tooLarge();
		let bytes = 0;
		for await (const chunk of response) {
			bytes += chunk.length;
			if (bytes > limit) throw tooLarge();
			yield chunk;
		}
	} finally {
		response.destroy();
	}
}
function refusal(status, url) {
	if (status === 401 || status === 403) return sourceError("SOURCE_FORBIDDEN", `${url.host} does not let you have ${addressText(url)} (${status}).`);
	return sourceError("SOURCE_UNREACHABLE", `${addressText(url)} was answered with the status ${status}.`);
}
function tooSlow(url, afterMs) {
	return sourceError("SOURCE_TIMEOUT", `${addressText(url)} took longer than ${afterMs / 1e3} s.`);
}
function asSourceError(error, url) {
	if (isExtensionError(error)) return error;
	const { code = "", syscall } = error;
	if (syscall === "open" || code === "ENOSPC" || code === "EDQUOT") return sourceError("SOURCE_UNWRITABLE", `What comes can't be written: ${thrownText(error)}.`, { cause: error });
	const isCertificate = /CERT|SIGNATURE|ISSUER/.test(code);
	const what = isCertificate ? "shows a certificate that isn't trusted" : "can't be fetched";
	const why = thrownText(error) || code;
	return sourceError(isCertificate ? "SOURCE_CERTIFICATE" : "SOURCE_UNREACHABLE", `${addressText(url)} ${what}: ${why}.`, { cause: error });
}
// core/src/source/neighbours.ts
function neighboursIn(folder, id) {
	return namesIn$2(folder).flatMap((name) => {
		if (name.startsWith(".") || name === "node_modules") return [];
		const path = join(folder, name);
		const version = versionInName(name, id) ?? versionInFolder(path, id);
		return version === void 0 ? [] : [{
			version,
			path
		}];
	});
}
function namesIn$2(folder) {
	try {
		return readdirSync(folder);
	} catch (cause) {
		throw sourceError("SOURCE_MISSING", `${folder} can't be looked into.`, { cause });
	}
}
function versionInName(name, id) {
	if (!name.startsWith(`${id}-`) || !name.endsWith(".tgz")) return void 0;
	const version = name.slice(id.length + 1, -4);
	return isExtensionVersion(version) ? version : void 0;
}
function versionInFolder(path, id) {
	try {
		if (!statSync(path).isDirectory()) return void 0;
		const identity = identityInFolder(path);
		return identity.id === id ? identity.version : void 0;
	} catch {
		return;
	}
}
// core/src/source/npm-config.ts
var import_ini = __commonJSMin(((exports, module) => {
	const { hasOwnProperty } = Object.prototype;
	const encode = (obj, opt = {}) => {
		if (typeof opt === "string") opt = { section: opt };
		opt.align = opt.align === true;
		opt.newline = opt.newline === true;
		opt.sort = opt.sort === true;
		opt.whitespace = opt.whitespace === true || opt.align === true;
		opt.platform = opt.platform || typeof process !== "undefined" && process.platform;
		opt.bracketedArray = opt.bracketedArray !== false;
		const eol = opt.platform === "win32" ? "\r\n" : "\n";
		const separator = opt.whitespace ? " = " : "=";
		const children = [];
		const keys = opt.sort ? Object.keys(obj).sort() : Object.keys(obj);
		let padToChars = 0;
		if (opt.align) padToChars = safe(keys.filter((k) => obj[k] === null || Array.isArray(obj[k]) || typeof obj[k] !== "object").map((k) => Array.isArray(obj[k]) ? `${k}[]` : k).concat([""]).reduce((a, b) => safe(a).length >= safe(b).length ? a : b)).length;
		let out = "";
		const arraySuffix = opt.bracketedArray ? "[]" : "";
		for (const k of keys) {
			const val = obj[k];
			if (val && Array.isArray(val)) for (const item of val) out += safe(`${k}${arraySuffix}`).padEnd(padToChars, " ") + separator + safe(item) + eol;
			else if (val && typeof val === "object") children.push(k);
			else out += safe(k).padEnd(padToChars, " ") + separator + safe(val) + eol;
		}
		if (opt.section && out.length) out = "[" + safe(opt.section) + "]" + (opt.newline ? eol + eol : eol) + out;
		for (const k of children) {
			const nk = splitSections(k, ".").join("\\.");
			const section = (opt.section ? opt.section + "." : "") + nk;
			const child = encode(obj[k], {
				...opt,
				section
			});
			if (out.length && child.length) out += eol;
			out += child;
		}
		return out;
	};
	function splitSections(str, separator) {
		var lastMatchIndex = 0;
		var lastSeparatorIndex = 0;
		var nextIndex = 0;
		var sections = [];
		do {
			nextIndex = str.indexOf(separator, lastMatchIndex);
			if (nextIndex !== -1) {
				lastMatchIndex = nextIndex + separator.length;
				if (nextIndex > 0 && str[nextIndex - 1] === "\\") continue;
				sections.push(str.slice(lastSeparatorIndex, nextIndex));
				lastSeparatorIndex = nextIndex + separator.length;
			}
		} while (nextIndex !== -1);
		sections.push(str.slice(lastSeparatorIndex));
		return sections;
	}
	const decode = (str, opt = {}) => {
		opt.bracketedArray = opt.bracketedArray !== false;
		const out = Object.create(null);
		let p = out;
		let section = null;
		const re = /^\[([^\]]*)\]\s*$|^([^=]+)(=(.*))?$/i;
		const lines = str.split(/[\r\n]+/g);
		const duplicates = {};
		for (const line of lines) {
			if (!line || line.match(/^\s*[;#]/) || line.match(/^\s*$/)) continue;
			const match = line.match(re);
			if (!match) continue;
			if (match[1] !== void 0) {
				section = unsafe(match[1]);
				if (section === "__proto__") {
					p = Object.create(null);
					continue;
				}
				p = out[section] = out[section] || Object.create(null);
				continue;
			}
			const keyRaw = unsafe(match[2]);
			let isArray;
			if (opt.bracketedArray) isArray = keyRaw.length > 2 && keyRaw.slice(-2) === "[]";
			else {
				duplicates[keyRaw] = (duplicates?.[keyRaw] || 0) + 1;
				isArray = duplicates[keyRaw] > 1;
			}
			const key = isArray && keyRaw.endsWith("[]") ? keyRaw.slice(0, -2) : keyRaw;
			if (key === "__proto__") continue;
			const valueRaw = match[3] ? unsafe(match[4]) : true;
			const value = valueRaw === "true" || valueRaw === "false" || valueRaw === "null" ? JSON.parse(valueRaw) : valueRaw;
			if (isArray) {
				if (!hasOwnProperty.call(p, key)) p[key] = [];
				else if (!Array.isArray(p[key])) p[key] = [p[key]];
			}
			if (Array.isArray(p[key])) p[key].push(value);
			else p[key] = value;
		}
		const remove = [];
		for (const k of Object.keys(out)) {
			if (!hasOwnProperty.call(out, k) || typeof out[k] !== "object" || Array.isArray(out[k])) continue;
			const parts = splitSections(k, ".");
			p = out;
			const l = parts.pop();
			const nl = l.replace(/\\\./g, ".");
			for (const part of parts) {
				if (part === "__proto__") continue;
				if (!hasOwnProperty.call(p, part) || typeof p[part] !== "object") p[part] = Object.create(null);
				p = p[part];
			}
			if (p === out && nl === l) continue;
			p[nl] = out[k];
			remove.push(k);
		}
		for (const del of remove) delete out[del];
		return out;
	};
	const isQuoted = (val) => {
		return val.startsWith("\"") && val.endsWith("\"") || val.startsWith("'") && val.endsWith("'");
	};
	const safe = (val) => {
		if (typeof val !== "string" || val.match(/[=\r\n]/) || val.match(/^\[/) || val.length > 1 && isQuoted(val) || val !== val.trim()) return JSON.stringify(val);
		return val.split(";").join("\\;").split("#").join("\\#");
	};
	const unsafe = (val) => {
		val = (val || "").trim();
		if (isQuoted(val)) {
			if (val.charAt(0) === "'") val = val.slice(1, -1);
			try {
				val = JSON.parse(val);
			} catch {}
		} else {
			let esc = false;
			let unesc = "";
			for (let i = 0, l = val.length; i < l; i++) {
				const c = val.charAt(i);
				if (esc) {
					if ("\\;#".indexOf(c) !== -1) unesc += c;
					else unesc += "\\" + c;
					esc = false;
				} else if (";#".indexOf(c) !== -1) break;
				else if (c === "\\") esc = true;
				else unesc += c;
			}
			if (esc) unesc += "\\";
			return unesc.trim();
		}
		return val;
	};
	module.exports = {
		parse: decode,
		decode,
		stringify: encode,
		encode,
		safe,
		unsafe
	};
}))();
const longestQuestionMs = 2e4;
const largestFile = 2 ** 20;
const dayMs = 864e5;
const limitKeys = ["before", "min-release-age"];
var NpmConfig = class {
	#settings;
	#surroundings;
	constructor(settings, surroundings) {
		this.#settings = settings;
		this.#surroundings = surroundings;
	}
	async registryOf(name) {
		const scope = name.startsWith("@") ? name.slice(0, name.indexOf("/")) : void 0;
		const address = (scope === void 0 ? void 0 : this.#settings.get(`${scope}:registry`)) ?? this.#settings.get("registry") ?? await this.#registryOfNpm();
		return permittedAddress(address.endsWith("/") ? address : `${address}/`);
	}
	authorization({ host, pathname }) {
		for (let place = pathname;; place = place.slice(0, place.lastIndexOf("/"))) {
			for (const key of [`//${host}${place}/`, `//${host}${place}`]) {
				const token = this.#settings.get(`${key}:_authToken`);
				if (token !== void 0) return `Bearer ${token}`;
				const basic = this.#settings.get(`${key}:_auth`) ?? this.#basic(key);
				if (basic !== void 0) return `Basic ${basic}`;
			}
			if (place === "") return void 0;
		}
	}
	certificates() {
		const file = this.#settings.get("cafile");
		return [this.#settings.get("ca")?.replaceAll("\\n", "\n"), file === void 0 ? void 0 : readSetting(resolve(this.#surroundings.cwd, file))].filter((text) => text !== void 0 && text.trim() !== "");
	}
	proxies() {
		const { env } = this.#surroundings;
		const found = {
			HTTP_PROXY: this.#settings.get("proxy") ?? env["HTTP_PROXY"] ?? env["http_proxy"],
			HTTPS_PROXY: this.#settings.get("https-proxy") ?? env["HTTPS_PROXY"] ?? env["https_proxy"],
			NO_PROXY: this.#settings.get("noproxy") ?? env["NO_PROXY"] ?? env["no_proxy"]
		};
		return Object.fromEntries(Object.entries(found).filter(([, value]) => isSet(value)));
	}
	releaseLimit(name, now = Date.now()) {
		const before = this.#settings.get("before");
		const age = this.#settings.get("min-release-age");
		if (isSet(before)) {
			const until = new Date(before);
			if (Number.isNaN(until.getTime())) throw notUnderstood("before", before, "a date such as 2026-01-31");
			return this.#isExcluded(name) ? void 0 : {
				until,
				setting: `before=${before}`
			};
		}
		if (!isSet(age)) return void 0;
		const days = Number(age);
		if (!(days >= 0 && Number.isFinite(days))) throw notUnderstood("min-release-age", age, "a number of days");
		if (days === 0 || this.#isExcluded(name)) return void 0;
		const ageMs = days * dayMs;
		return {
			until: new Date(now - ageMs),
			ageMs,
			setting: `min-release-age=${age}`
		};
	}
	#isExcluded(name) {
		const listed = (this.#settings.get("min-release-age-exclude") ?? "").split(/[,\n]/).map((pattern) => pattern.trim()).filter((pattern) => pattern !== "");
		if (listed.length === 0 || listed.includes(name)) return listed.length > 0;
		return new WatchGlobs(listed).fits(name);
	}
	#registryOfNpm() {
		const { cwd, env } = this.#surroundings;
		const options = {
			cwd,
			env: { ...env },
			timeout: longestQuestionMs,
			shell: process.platform === "win32"
		};
		return new Promise((resolve, reject) => {
			execFile("npm", [
				"config",
				"get",
				"registry"
			], options, (cause, stdout) => {
				if (cause === null) resolve(stdout.trim());
				else reject(sourceError("SOURCE_CONFIG", "No registry is named, and npm can't be asked for its own.", { cause }));
			});
		});
	}
	#basic(key) {
		const user = this.#settings.get(`${key}:username`);
		const password = this.#settings.get(`${key}:_password`);
		if (user === void 0 || password === void 0) return void 0;
		return Buffer.from(`${user}:${Buffer.from(password, "base64").toString()}`).toString("base64");
	}
};
function readNpmConfig(surroundings) {
	const { cwd, env } = surroundings;
	const settings = fromEnvironment(env);
	const add = (file) => {
		if (file === void 0 || !existsSync(file)) return;
		const found = fromFile(file, env);
		if (limitKeys.some((key) => settings.has(key))) for (const key of limitKeys) found.delete(key);
		for (const [key, value] of found) if (!settings.has(key)) settings.set(key, value);
	};
	const home = env["HOME"] ?? env["USERPROFILE"] ?? homedir();
	add(join(projectFolder(cwd), ".npmrc"));
	add(settings.get("userconfig") ?? join(home, ".npmrc"));
	const prefix = settings.get("prefix") ?? dirname(dirname(process.execPath));
	add(settings.get("globalconfig") ?? join(prefix, "etc", "npmrc"));
	return new NpmConfig(settings, surroundings);
}
function fromEnvironment(env) {
	const settings = new Map();
	for (const [name, value] of Object.entries(env)) {
		const [, key] = /^npm_config_(.+)$/i.exec(name) ?? [];
		if (key === void 0 || value === void 0 || value === "") continue;
		settings.set(key.startsWith("//") ? key : key.toLowerCase().replaceAll(/(?!^)_/g, "-"), value);
	}
	return settings;
}
function fromFile(file, env) {
	const settings = new Map();
	for (const [key, value] of Object.entries((0, import_ini.parse)(readSetting(file)))) {
		const parts = Array.isArray(value) ? value : [value];
		if (!(value === null && limitKeys.some((limit) => limit === key)) && parts.some((part) => typeof part === "object")) continue;
		settings.set(withVariables(key, env), withVariables(parts.map(String).join("\n"), env));
	}
	return settings;
}
function withVariables(text, env) {
	return text.replaceAll(/\$\{([^${}?]+)(\?)?\}/g, (whole, name, isOptional) => env[name] ?? (isOptional === void 0 ? whole : ""));
}
function projectFolder(cwd) {
	for (let folder = cwd;; folder = dirname(folder)) {
		if (["package.json", "node_modules"].some((name) => existsSync(join(folder, name)))) return folder;
		if (dirname(folder) === folder) return cwd;
	}
}
function readSetting(file) {
	try {
		return readRegularFile(file, largestFile);
	} catch (cause) {
		throw sourceError("SOURCE_CONFIG", `${file} can't be read.`, { cause });
	}
}
function notUnderstood(key, value, wanted) {
	return sourceError("SOURCE_CONFIG", `npm's setting ${key} is ${JSON.stringify(value)}; it has to be ${wanted}.`);
}
function isSet(value) {
	return value !== void 0 && value !== "" && value !== "null" && value !== "false";
}
// core/src/source/npm-source.ts
var import_satisfies = __toESM(require_satisfies(), 1);
var import_valid = __toESM(require_valid(), 1);
const largestAnswer = 64 * 2 ** 20;
const shortForm = "application/vnd.npm.install-v1+json, application/json;q=0.8";
const longForm = "application/json";
async function packageVersions(client, { name, wanted, registry, needsTimes }) {
	const address = permittedAddress(name.replace("/", "%2f"), registry);
	const accept = needsTimes ? longForm : shortForm;
	const text = await client.text({
		address,
		accept,
		limit: largestAnswer
	});
	if (text === void 0) throw sourceError("SOURCE_MISSING", `The registry ${addressText(registry)} has no package ${name}.`);
	const answer = objectIn(text);
	const entries = asObject(answer?.["versions"]);
	if (entries === void 0) throw sourceError("SOURCE_INVALID", `${addressText(address)} does not answer as a registry does.`);
	const known = Object.keys(entries).filter((version) => isExtensionVersion(version));
	const tags = asObject(answer?.["dist-tags"]) ?? {};
	const times = asObject(answer?.["time"]) ?? {};
	return fittingVersions(known.sort(import_rcompare.default), wanted, tags).map((version) => {
		const archive = archiveOf(asObject(asObject(entries[version])?.["dist"]), `${name}@${version}`, registry);
		return Object.assign(archive, {
			version,
			publishedAt: timeIn(times, version)
		});
	});
}
function timeIn(times, version) {
	const told = Object.hasOwn(times, version) ? times[version] : void 0;
	const time = typeof told === "string" ? new Date(told) : void 0;
	return time === void 0 || Number.isNaN(time.getTime()) ? void 0 : time;
}
function fittingVersions(known, wanted, tags) {
	const tagged = (name) => {
		const version = Object.hasOwn(tags, name) ? tags[name] : void 0;
		return typeof version === "string" && known.includes(version) ? version : void 0;
	};
	const latest = tagged("latest");
	const preferring = (first, others) => first === void 0 ? others : [first, ...others.filter((version) => version !== first)];
	if ((0, import_valid.default)(wanted) !== null) {
		const fitting = known.filter((version) => (0, import_satisfies.default)(version, wanted));
		return preferring(latest !== void 0 && fitting.includes(latest) ? latest : void 0, fitting);
	}
	const version = tagged(wanted);
	if (version === void 0) return [];
	if (wanted !== "latest") return [version];
	return preferring(version, known.filter((other) => (0, import_satisfies.default)(other, `<${version}`)));
}
function archiveOf(dist, what, registry) {
	const told = (key) => {
		const value = dist?.[key];
		if (typeof value === "string" && value !== "") return value;
		throw sourceError("SOURCE_INTEGRITY", `The registry tells ${key === "integrity" ? "no SHA-512 of its archive" : `no ${key}`} of ${what}.`);
	};
	return {
		get tarball() {
			return permittedAddress(told("tarball"), registry);
		},
		get integrity() {
			return told("integrity");
		}
	};
}
// core/src/source/source-words.ts
const packagePattern = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const longestPackageName = 214;
async function sourceNamed(source) {
	const { words, integrity, cwd, config } = source;
	if (integrity !== void 0 && sha512In(integrity) === void 0) throw sourceError("SOURCE_WORDS", "The integrity has to be sha512- and the digest in base64.");
	if (/^https?:/i.test(words)) {
		const address = permittedAddress(words).href;
		return integrity === void 0 ? {
			kind: "address",
			address
		} : {
			kind: "address",
			address,
			integrity
		};
	}
	if (integrity !== void 0) throw sourceError("SOURCE_WORDS", "An integrity goes with an address; a registry tells that of its packages.");
	const path = resolve(cwd, words);
	const isMeantAsPackage = words.startsWith("@") || words.startsWith("npm:");
	const found = packageIn(words.replace(/^npm:/, ""));
	if (found === void 0 || !isMeantAsPackage && existsSync(path)) {
		if (!words.startsWith("npm:") && (isPathLike(words) || existsSync(path))) return {
			kind: "path",
			path
		};
		throw sourceError("SOURCE_WORDS", `${JSON.stringify(words)} ${whatIsWrong(words)}`);
	}
	return {
		kind: "npm",
		...found,
		registry: (await config().registryOf(found.name)).href
	};
}
function isPackageName(name) {
	return name.length <= longestPackageName && packagePattern.test(name);
}
function isPathLike(words) {
	return !(schemePattern.test(words) || remotePattern.test(words) || words.startsWith("@")) && (/[/\\]/.test(words) || /^\.+$/.test(words) || archivePattern.test(words));
}
const schemePattern = /^([a-z][a-z0-9+.-]+):/i;
const remotePattern = /^[\w.-]+@[\w.-]+:/;
const archivePattern = /\.(?:tgz|tar\.gz)$/;
function whatIsWrong(words) {
	const scheme = schemePattern.exec(words)?.[1]?.toLowerCase();
	if (words === "") return "names nothing.";
	if (scheme === "file") return "is an address of a file; name the path itself.";
	if (scheme?.startsWith("git") === true || remotePattern.test(words)) return "is a git repository, which is not installed from: clone it and name the folder.";
	if (scheme !== void 0 && scheme !== "npm") return `is no address that is fetched from: ${scheme} is not https.`;
	const lower = words.replace(/^npm:/, "").toLowerCase();
	if (lower !== words && packageIn(lower) !== void 0) return `is neither a path that exists nor the name of a package, which is in lower case: ${lower}`;
	return "is neither a path that exists nor the name of a package with a version or range.";
}
function packageIn(words) {
	const at = words.indexOf("@", 1);
	const name = at === -1 ? words : words.slice(0, at);
	const wanted = at === -1 ? "latest" : words.slice(at + 1);
	const isTag = /^[A-Za-z][A-Za-z0-9._-]*$/.test(wanted);
	const isArchive = archivePattern.test(words);
	const isWanted = isTag || (0, import_valid.default)(wanted) !== null;
	return isPackageName(name) && isWanted && !isArchive ? {
		name,
		wanted
	} : void 0;
}
// core/src/source/extension-sources.ts
var ExtensionSources = class {
	#options;
	#config;
	#client;
	#folder;
	#fetched = 0;
	constructor(options) {
		this.#options = options;
	}
	named(words, integrity) {
		const { cwd } = this.#options;
		return sourceNamed({
			words,
			integrity,
			cwd,
			config: () => this.#npmConfig()
		});
	}
	async offer(record) {
		if (record.kind === "path") return offerOfPath(record.path);
		if (record.kind === "address") return this.#offerOfAddress(record);
		const offers = await this.#offersOfPackage(record, record.wanted);
		const [first] = offers;
		const found = offers.find(({ tooNew }) => tooNew === void 0);
		if (found !== void 0) return passingOver(found, first);
		if (first?.tooNew !== void 0) throw sourceError("SOURCE_TOO_NEW", first.tooNew.why);
		throw sourceError("SOURCE_MISSING", `${record.name} has no version that fits ${JSON.stringify(record.wanted)}.`);
	}
	async beside(record, { id, packages }) {
		if (record.kind === "path") return offersInFolder(dirname(record.path), id);
		if (record.kind === "address") return newestFirst((await indexBeside(this.#http(), record.address) ?? []).filter((entry) => entry.id === id).map((entry) => this.#offerOfEntry(entry)));
		const name = packages.get(id) ?? packageNameOf(id);
		if (name === void 0 || !isPackageName(name)) return [];
		const registry = (await this.#npmConfig().registryOf(name)).href;
		return this.#offersOfPackage({
			kind: "npm",
			name,
			wanted: "*",
			registry
		}, "*");
	}
	async later(record, id) {
		if (record.kind === "path") return offersInFolder(dirname(record.path), id);
		if (record.kind === "npm") return this.#offersOfPackage(record, record.wanted);
		if (record.integrity !== void 0) return [];
		const entries = await indexBeside(this.#http(), record.address);
		if (entries === void 0) return [this.#offerOfAddress(record)];
		return newestFirst(entries.filter((entry) => entry.id === id).map((entry) => this.#offerOfEntry(entry)));
	}
	async dispose() {
		this.#client?.dispose();
		if (this.#folder !== void 0) await rm(await this.#folder, {
			recursive: true,
			force: true
		});
	}
	async #offersOfPackage(record, wanted) {
		const { name } = record;
		const limit = this.#options.allowNew !== true ? this.#npmConfig().releaseLimit(name) : void 0;
		return (await packageVersions(this.#http(), {
			name,
			wanted,
			registry: new URL(record.registry),
			needsTimes: limit !== void 0
		})).map((found) => {
			const from = `${name}@${found.version}`;
			const fetch = () => this.#download(found.tarball, from, found.integrity);
			const tooNew = limit && tooNewFor(limit, from, found.publishedAt);
			return {
				version: found.version,
				record,
				from,
				tooNew,
				fetch: once(fetch)
			};
		});
	}
	#offerOfEntry({ version, address, integrity }) {
		const from = addressText(address);
		return {
			version,
			record: {
				kind: "address",
				address: address.href
			},
			from,
			fetch: once(() => this.#download(address, from, integrity))
		};
	}
	#offerOfAddress(record) {
		const address = new URL(record.address);
		const from = addressText(address);
		return {
			record,
			from,
			fetch: once(() => this.#download(address, from, record.integrity))
		};
	}
	async #download(address, what, integrity) {
		this.#folder ??= makeFolder();
		const file = join(await this.#folder, `${this.#fetched++}.tgz`);
		const { onDownload } = this.#options;
		const request = {
			address,
			limit: defaultArchiveLimits.bytes
		};
		const sha512 = await this.#http().file(request, file, (progress) => onDownload?.(what, progress));
		if (integrity !== void 0) requireIntegrity(integrity, sha512, what);
		return file;
	}
	#npmConfig() {
		this.#config ??= readNpmConfig(this.#options);
		return this.#config;
	}
	#http() {
		this.#client ??= new HttpClient({
			config: this.#npmConfig(),
			signal: this.#options.signal
		});
		return this.#client;
	}
};
async function makeFolder() {
	await removeLeftAside(tmpdir());
	const folder = asideOf(join(tmpdir(), "plugboard-fetched"));
	await mkdir(folder, { mode: 448 });
	return folder;
}
function packageNameOf(id) {
	const dot = id.indexOf(".");
	return dot === -1 ? void 0 : `@${id.slice(0, dot)}/${id.slice(dot + 1)}`;
}
function offersInFolder(folder, id) {
	return newestFirst(neighboursIn(folder, id).map(({ version, path }) => ({
		...offerOfPath(path),
		version
	})));
}
function offerOfPath(path) {
	return {
		record: {
			kind: "path",
			path
		},
		from: path,
		fetch: () => Promise.resolve(path)
	};
}
function newestFirst(offers) {
	return offers.toSorted((one, other) => (0, import_rcompare.default)(one.version ?? "0.0.0", other.version ?? "0.0.0"));
}
function passingOver(offer, preferred) {
	const { version, tooNew } = preferred ?? {};
	return version === void 0 || tooNew === void 0 ? offer : {
		...offer,
		passesOver: {
			version,
			tooNew
		}
	};
}
function tooNewFor({ until, ageMs, setting }, what, publishedAt) {
	if (publishedAt === void 0) return { why: `The registry does not tell when ${what} was published, and npm has ${setting}.` };
	if (publishedAt <= until) return void 0;
	const why = `${what} was published on ${publishedAt.toISOString()}, and npm has ${setting}`;
	if (ageMs === void 0) return { why: `${why}.` };
	const free = new Date(publishedAt.getTime() + ageMs).toISOString();
	return {
		why: `${why}: it is held until ${free}.`,
		until: free
	};
}
function once(deed) {
	let result;
	return () => result ??= deed();
}
// core/src/install/extension-facts.ts
async function factsOf(path, options = {}) {
	if (isFolder(path)) return factsInFolder(path);
	const content = await contentOf(path, options);
	return {
		...factsIn(content.manifest, content.packageFile),
		content
	};
}
function factsInFolder(folder) {
	return factsIn(manifestTextIn(folder), packageFileIn(folder));
}
function factsIn(manifest, packageFile) {
	const { extensionDependencies } = asObject(readJson5(manifest).value) ?? {};
	const named = asObject(asObject(objectIn(packageFile ?? "")?.["plugboard"])?.["packages"]) ?? {};
	return {
		...identityOf(manifest),
		needs: stringsIn(dependencyRanges({ extensionDependencies: wellFormed(extensionDependencies) })),
		packages: stringsIn(Object.entries(named))
	};
}
function wellFormed(value) {
	if (Array.isArray(value)) return value.filter((id) => typeof id === "string");
	return Object.fromEntries(stringsIn(Object.entries(asObject(value) ?? {})));
}
function stringsIn(entries) {
	return new Map([...entries].filter((entry) => typeof entry[1] === "string"));
}
function packageFileIn(folder) {
	try {
		return readRegularFile(join(folder, packageFileName), maximumPackageFileBytes);
	} catch {
		return;
	}
}
// core/src/install/install-plan.ts
const mostRounds = 50;
function isInRange(version, range) {
	return range === "*" || (0, import_satisfies.default)(version, range, { includePrerelease: true });
}
async function stepOf(offer, content, id) {
	const path = await offer.fetch();
	const facts = await namingSource(offer.from, path, () => factsOf(path, content));
	if ((id ?? facts.id) !== facts.id || (0, import_compare.default)(offer.version ?? facts.version, facts.version) !== 0) {
		const promised = [id, offer.version].filter((word) => word !== void 0).join(" ");
		throw sourceError("SOURCE_INVALID", `${offer.from} should hold ${promised}, and holds ${facts.id} ${facts.version}.`);
	}
	return {
		offer,
		path,
		facts
	};
}
async function planFrom(root, surroundings) {
	const chosen = new Map([[root.facts.id, root]]);
	for (let round = 0; round < mostRounds; round++) {
		const steps = reachable(root, chosen);
		const unmet = firstUnmet(steps, surroundings.installed);
		if (unmet === void 0) return steps;
		if (unmet.id === root.facts.id) throw unresolvable(unmet, [root.facts.version]);
		const offers = await offersOf(unmet, surroundings);
		const all = offers.filter(({ version }) => version !== void 0 && meets(version, unmet.requirements));
		const fitting = all.find(({ tooNew }) => tooNew === void 0);
		const [{ tooNew } = {}] = all;
		if (fitting === void 0 && tooNew !== void 0) throw sourceError("SOURCE_TOO_NEW", tooNew.why);
		if (fitting === void 0) throw unresolvable(unmet, offers.flatMap(({ version }) => version ?? []));
		chosen.set(unmet.id, await stepOf(passingOver(fitting, all[0]), surroundings.content, unmet.id));
	}
	const { id } = root.facts;
	throw installError("INSTALL_DEPENDENCY", `No versions were found that fit together for ${id}.`, id);
}
function isComplete(steps, installed) {
	return firstUnmet(steps, installed) === void 0;
}
function installedDependents(id, installed, replaced) {
	return [...installed.values()].flatMap((facts) => {
		const range = facts.needs.get(id);
		return range === void 0 || facts.id === id || replaced.has(facts.id) ? [] : [{
			by: facts.id,
			range
		}];
	});
}
function meets(version, requirements) {
	return requirements.every(({ range }) => isInRange(version, range));
}
async function namingSource(from, path, work) {
	try {
		return await work();
	} catch (error) {
		if (!isExtensionError(error)) throw error;
		const { code, message, details, cause } = error;
		throw new ExtensionError(code, message.replaceAll(path, from), {
			details,
			cause
		});
	}
}
function firstUnmet(steps, installed) {
	const planned = new Map(steps.map(({ facts }) => [facts.id, facts]));
	for (const step of steps) for (const id of step.facts.needs.keys()) {
		const asked = [...planned.values()].flatMap(({ id: by, needs }) => {
			const range = needs.get(id);
			return range === void 0 ? [] : [{
				by,
				range
			}];
		});
		const present = planned.get(id) ?? installed.get(id);
		const requirements = [...asked, ...installedDependents(id, installed, planned)];
		if (!(present !== void 0 && meets(present.version, planned.has(id) ? requirements : asked))) return {
			id,
			requirements,
			step
		};
	}
}
function reachable(root, chosen) {
	const steps = new Set();
	const open = new Set();
	const visit = (step) => {
		if (open.has(step)) return;
		open.add(step);
		for (const id of step.facts.needs.keys()) {
			const needed = chosen.get(id);
			if (needed !== void 0) visit(needed);
		}
		steps.add(step);
	};
	visit(root);
	return [...steps];
}
async function offersOf({ id, step }, { sources }) {
	try {
		return await sources.beside(step.offer.record, {
			id,
			packages: step.facts.packages
		});
	} catch (error) {
		if (isExtensionError(error, "SOURCE_MISSING")) return [];
		throw error;
	}
}
function unresolvable({ id, requirements, step }, versions) {
	const asked = requirements.map(({ by, range }) => `${by} needs ${id} ${range}`).join(", ");
	const there = versions.length === 0 ? "has none" : `has ${versions.join(", ")}`;
	return installError("INSTALL_DEPENDENCY", `${asked}; where ${step.facts.id} comes from (${step.offer.from}) ${there}.`, step.facts.id);
}
// core/src/install/installed-content.ts
async function installedContent(store, { id, stored }) {
	const damaged = (damage, content) => ({
		version: stored.label,
		content,
		damage
	});
	const { found, code = "ENOTDIR" } = await lookLaterAt(stored.folder);
	if (found?.isDirectory() !== true) {
		const what = saysMissing(code) ? "are gone" : `can't be looked at: ${code}`;
		return damaged(`The files of ${id} ${stored.label} ${what}.`);
	}
	let content;
	try {
		content = await contentOf(stored.folder);
	} catch (error) {
		return damaged(`${id} ${stored.label} can't be read: ${thrownText(error)}`);
	}
	if (content.id !== id) return damaged(`In the place of ${id} ${stored.label} lies ${content.id} ${content.version}.`, content);
	const digest = await store.digest(stored);
	if (digest !== void 0 && digest !== content.digest) return damaged(`The files of ${id} ${stored.label} are not those that were installed.`, content);
	return {
		version: content.version,
		content,
		damage: void 0
	};
}
// core/src/install/version-store.ts
const ownFolder = ".plugboard";
const unfinished = ".new";
const previousFile = "previous";
const sourceFile = "source.json";
const digestFile = "digest";
const tooNewFile = "too-new.json";
const rolledBackMark = "rolled-back-from~";
const longestWaitMs = 9e5;
const openMode = 493;
var VersionStore = class {
	link;
	#extensions;
	#versions;
	constructor(extensions, id) {
		this.#extensions = extensions;
		this.link = join(extensions, id);
		this.#versions = join(extensions, ownFolder, "versions", id);
	}
	async current() {
		let target;
		try {
			target = await readlink(this.link);
		} catch (error) {
			const { code } = error;
			if (code === "ENOENT") return void 0;
			if (code === "EINVAL" || code === "UNKNOWN") return "foreign";
			throw error;
		}
		const way = relative(this.#versions, join(this.#extensions, target)).split(sep);
		const [name = "", inside] = way;
		return way.length === 2 && inside === "extension" && name !== ".." ? this.stored(name) : "foreign";
	}
	async previous(version) {
		const name = (await this.#note(version.name, previousFile))?.trim();
		return name !== void 0 && (await namesIn$1(this.#versions)).includes(name) ? this.stored(name) : void 0;
	}
	stored(name) {
		return {
			name,
			label: name.slice(0, name.lastIndexOf("-")),
			folder: join(this.#versions, name, "extension")
		};
	}
	async source({ name }) {
		const text = await this.#note(name, sourceFile);
		return text === void 0 ? void 0 : readRecord(text);
	}
	async digest({ name }) {
		return (await this.#note(name, digestFile))?.trim();
	}
	async held({ name }) {
		const mark = (await namesIn$1(join(this.#versions, name))).find((each) => each.startsWith(rolledBackMark));
		const { version, until } = objectIn(await this.#note(name, tooNewFile) ?? "") ?? {};
		return {
			...mark !== void 0 && { rolledBack: mark.slice(17) },
			...typeof version === "string" && { tooNew: {
				version,
				...typeof until === "string" && { until }
			} }
		};
	}
	async setRolledBack({ name }, from) {
		const folder = join(this.#versions, name);
		const mark = `${rolledBackMark}${from.label}`;
		await writeFile(join(folder, mark), "", { mode: 420 });
		for (const each of await namesIn$1(folder)) if (each.startsWith(rolledBackMark) && each !== mark) await rm(join(folder, each), { force: true });
		await flushFolder(folder);
	}
	async setTooNew({ name }, tooNew) {
		const file = join(this.#versions, name, tooNewFile);
		if (tooNew === void 0) await rm(file, { force: true });
		else await writeWhole(file, JSON.stringify(tooNew), { mode: 420 });
	}
	async open({ name }) {
		await openTree(join(this.#versions, name));
	}
	async isThere({ folder }) {
		return stat(folder).then((found) => found.isDirectory(), () => false);
	}
	async leftover() {
		if (await this.current() !== void 0) return void 0;
		const name = (await namesIn$1(this.#versions)).filter((each) => !each.endsWith(unfinished)).sort().at(-1);
		return name === void 0 ? void 0 : this.stored(name);
	}
	async setSource({ name }, source) {
		await writeWhole(join(this.#versions, name, sourceFile), recordText(source), { mode: 384 });
	}
	async draft(version) {
		const name = `${version.slice(0, 100)}-${randomBytes(6).toString("hex")}`;
		const aside = join(this.#versions, `${name}${unfinished}`);
		const folder = join(aside, "extension");
		await mkdir(folder, { recursive: true });
		for (const way of [dirname(this.#versions), this.#versions]) await makeOpen(way);
		return {
			name,
			label: version,
			folder,
			keep: async ({ previous, source, digest, tooNew }) => {
				if (previous !== void 0) await writeFile(join(aside, previousFile), `${previous.name}\n`);
				await writeFile(join(aside, sourceFile), recordText(source), { mode: 384 });
				await writeFile(join(aside, digestFile), `${digest}\n`);
				if (tooNew !== void 0) await writeFile(join(aside, tooNewFile), JSON.stringify(tooNew));
				for (const name of [
					previousFile,
					digestFile,
					tooNewFile
				]) await chmod(join(aside, name), 420).catch(ignoreMissing);
				await openTree(aside);
				await syncTree(aside);
				await rename(aside, join(this.#versions, name));
				await flushFolder(this.#versions);
				return this.stored(name);
			}
		};
	}
	async choose({ folder }) {
		const aside = join(this.#extensions, ownFolder, `link-${randomBytes(6).toString("hex")}${unfinished}`);
		const target = relative(this.#extensions, folder);
		if (process.platform === "win32") {
			await symlink(folder, aside, "junction");
			await rm(this.link, { force: true });
		} else await symlink(target, aside);
		await rename(aside, this.link);
		await flushFolder(this.#extensions);
	}
	async chooseNone() {
		await rm(this.link, { force: true });
		await flushFolder(this.#extensions);
	}
	async removeOthers(kept) {
		const names = new Set(kept.map(({ name }) => name));
		for (const name of await namesIn$1(this.#versions)) if (!names.has(name)) await rm(join(this.#versions, name), {
			recursive: true,
			force: true
		});
		if (names.size === 0) await rm(this.#versions, {
			recursive: true,
			force: true
		});
		const own = join(this.#extensions, ownFolder);
		for (const name of await namesIn$1(own)) if (name.endsWith(unfinished)) await rm(join(own, name), { force: true });
	}
	async #note(name, file) {
		try {
			return await readFile(join(this.#versions, name, file), "utf8");
		} catch (error) {
			ignoreMissing(error);
			return;
		}
	}
};
async function withInstallLock({ extensions, waitMs = longestWaitMs, onWait, signal }, work) {
	const busy = (processId) => installError("INSTALL_BUSY", `Another process (${String(processId)}) installs into ${extensions}.`);
	const terms = {
		...installingInto(extensions),
		waitMs,
		busy,
		onWait,
		signal
	};
	for (const folder of [
		extensions,
		join(extensions, ownFolder),
		terms.folder
	]) await makeOpen(folder);
	return workAlone(terms, work);
}
async function makeOpen(folder) {
	const isNew = await mkdir(folder, { recursive: true }) !== void 0;
	const isOwn = folder.includes(`${sep}${ownFolder}`);
	if (!isNew && (!isOwn || ((await stat(folder)).mode & openMode) === openMode)) return;
	await chmod(folder, openMode).catch((error) => {
		if (error.code !== "EPERM") throw error;
	});
}
async function installers(extensions) {
	return claimantsOf(installingInto(extensions));
}
function installingInto(extensions) {
	return {
		folder: join(extensions, ownFolder, "claims"),
		name: "install"
	};
}
async function namesIn$1(folder) {
	try {
		return await readdir(folder);
	} catch (error) {
		ignoreMissing(error);
		return [];
	}
}
function ignoreMissing(error) {
	const { code } = error;
	if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
}
async function openTree(folder) {
	await makeOpen(folder);
	for (const child of await readdir(folder, { withFileTypes: true })) if (child.isDirectory()) await openTree(join(folder, child.name));
}
async function syncTree(folder) {
	const children = await readdir(folder, { withFileTypes: true });
	await Promise.all(children.map((child) => {
		const path = join(folder, child.name);
		return child.isDirectory() ? syncTree(path) : flush(path);
	}));
	await flushFolder(folder);
}
// core/src/install/installed-extensions.ts
function extensionsIn(folders) {
	const found = new Map();
	for (const folder of folders) for (const name of namesIn(folder)) {
		const facts = factsIfSound(join(folder, name));
		if (facts !== void 0 && !found.has(facts.id)) found.set(facts.id, facts);
	}
	return found;
}
async function installedIds(folder) {
	const names = namesIn(folder).filter(isExtensionId);
	return (await Promise.all(names.map(async (id) => {
		const current = await new VersionStore(folder, id).current();
		return current === void 0 || current === "foreign" ? [] : [id];
	}))).flat();
}
function namesIn(folder) {
	try {
		return readdirSync(folder).filter((name) => !name.startsWith(".") && name !== "node_modules").sort();
	} catch {
		return [];
	}
}
function factsIfSound(folder) {
	try {
		return factsInFolder(folder);
	} catch {
		return;
	}
}
// core/src/install/switch-links.ts
const journalName = "switching.json";
async function switchLinks(extensions, switches) {
	if (switches.length > 1) {
		const before = Object.fromEntries(switches.map(({ id, from }) => [id, from?.name ?? null]));
		await writeWhole(join(extensions, ownFolder, journalName), JSON.stringify(before), { mode: 384 });
	}
	try {
		for (const { store, to } of switches) await store.choose(to);
	} catch (error) {
		await undoSwitches(extensions);
		throw error;
	}
	if (switches.length > 1) await forget(extensions);
}
async function undoSwitches(extensions) {
	const journal = join(extensions, ownFolder, journalName);
	let text;
	try {
		text = await readFile(journal, "utf8");
	} catch (error) {
		if (error.code === "ENOENT") return;
		throw error;
	}
	for (const [id, name] of Object.entries(asObject(objectIn(text)) ?? {})) {
		const store = new VersionStore(extensions, id);
		const current = await store.current();
		if (current === "foreign" || (current?.name ?? null) === name) continue;
		const before = typeof name === "string" ? store.stored(name) : void 0;
		if (before !== void 0 && await store.isThere(before)) await store.choose(before);
		else await store.chooseNone();
	}
	await forget(extensions);
}
async function forget(extensions) {
	const own = join(extensions, ownFolder);
	await rm(join(own, journalName));
	await flushFolder(own);
}
// core/src/install/installer.ts
const refusals = {
	modified: "TRUST_MODIFIED",
	revoked: "TRUST_REVOKED",
	expired: "TRUST_EXPIRED",
	unsigned: "TRUST_UNSIGNED",
	"unknown key": "TRUST_UNKNOWN_KEY"
};
var Installer = class {
	sources;
	extensions;
	#options;
	#ring;
	constructor(options) {
		const { keys, cwd = process.cwd(), env = process.env, signal, onProgress } = options;
		this.#options = options;
		this.extensions = resolve(cwd, options.extensionFolder);
		this.#ring = keys === void 0 ? emptyKeyRing : readKeyRing(keys);
		this.sources = new ExtensionSources({
			cwd,
			env,
			signal,
			allowNew: options.allowNew,
			onDownload: (what, progress) => onProgress?.({
				what,
				isDownload: true,
				files: 0,
				...progress
			})
		});
	}
	installed() {
		const { otherFolders = [], cwd = process.cwd() } = this.#options;
		return extensionsIn([this.extensions, ...otherFolders.map((folder) => resolve(cwd, folder))]);
	}
	step(offer, id) {
		return stepOf(offer, { signal: this.#options.signal }, id);
	}
	plan(root, installed = this.installed()) {
		const { signal } = this.#options;
		return planFrom(root, {
			sources: this.sources,
			installed,
			content: { signal }
		});
	}
	async requireApproval(steps, installed, named) {
		const plan = this.#describe(steps, installed);
		const others = plan.extensions.filter(({ id }) => !named.has(id));
		if (others.length === 0 && plan.leavesBehind.length === 0) return;
		if (await this.#options.approve?.(plan) === true) return;
		const more = others.map(({ id, version, from }) => `${id} ${version} from ${from}`);
		const left = plan.leavesBehind.map(({ id, range }) => `${id}, which needs ${range}, would be left behind`);
		throw installError("INSTALL_UNAPPROVED", `Nothing is installed; ${[...more.length === 0 ? [] : [`more would be installed: ${more.join(", ")}`], ...left].join("; ")}.`);
	}
	apply(steps) {
		return guarded({
			...this.#options,
			extensions: this.extensions
		}, async () => {
			if (!isComplete(steps, this.installed())) throw installError("INSTALL_CHANGED", `${this.extensions} changed while the installation was planned.`);
			const parts = steps.map((step) => ({
				step,
				store: new VersionStore(this.extensions, step.facts.id)
			}));
			try {
				const prepared = [];
				for (const { step, store } of parts) prepared.push(await this.#prepare(step, store));
				const links = prepared.flatMap(({ link }) => link ?? []);
				await switchLinks(this.extensions, links);
				return prepared.map(({ outcome }) => outcome);
			} finally {
				for (const { store } of parts) {
					const chosen = await store.current();
					await store.removeOthers(await keptWith(store, chosen === "foreign" ? void 0 : chosen));
				}
			}
		});
	}
	async noteTooNew(store, stored, offer) {
		const tooNew = tooNewNote(offer?.version, offer?.tooNew);
		const before = (await store.held(stored)).tooNew;
		if (JSON.stringify(tooNew) === JSON.stringify(before)) return;
		await guarded({
			...this.#options,
			extensions: this.extensions
		}, async () => {
			if (await store.isThere(stored)) await store.setTooNew(stored, tooNew);
		});
	}
	dispose() {
		return this.sources.dispose();
	}
	#describe(steps, installed) {
		return {
			extensions: steps.map(({ facts, offer }) => ({
				id: facts.id,
				version: facts.version,
				from: offer.from,
				replaces: installed.get(facts.id)?.version,
				neededBy: steps.flatMap((other) => other.facts.needs.has(facts.id) ? [other.facts.id] : []),
				trust: facts.content === void 0 ? void 0 : judge(facts.content, this.#ring, Date.now())
			})),
			leavesBehind: leftBehind(steps, installed)
		};
	}
	async #prepare({ facts, offer, path }, store) {
		const { signal, examine } = this.#options;
		const { id, version } = facts;
		const current = await occupant(this.extensions, id, store);
		await store.removeOthers(await keptWith(store, current));
		const draft = await store.draft(version);
		await this.#fill(draft.folder, path, id);
		signal?.throwIfAborted();
		const content = await contentOf(draft.folder);
		if (!(content.id === id && content.version === version && (facts.content === void 0 || facts.content.digest === content.digest))) throw installError("INSTALL_CHANGED", `${offer.from} changed while it was installed.`, id);
		requireBundled(draft.folder, id);
		const trust = judge(content, this.#ring, Date.now());
		const before = current === void 0 ? void 0 : await installedContent(store, {
			id,
			stored: current
		});
		this.#refuseUntrusted(content, trust);
		this.#refuseStepBack(content, trust, before);
		await examine?.(draft.folder);
		signal?.throwIfAborted();
		const { digest, signature } = content;
		const newer = offer.passesOver;
		const tooNew = tooNewNote(newer?.version, newer?.tooNew);
		const outcome = {
			id,
			version,
			folder: store.link,
			from: offer.from,
			digest,
			trust,
			...newer && { passedOver: {
				version: newer.version,
				...newer.tooNew
			} }
		};
		const isSame = before?.content?.digest === digest && before.content.signature === signature;
		if (current !== void 0 && isSame && before.damage === void 0) {
			await store.open(current);
			await store.setSource(current, offer.record);
			await store.setTooNew(current, tooNew);
			return { outcome: {
				...outcome,
				wasInstalled: true
			} };
		}
		const previous = current === void 0 || before?.damage === void 0 ? current : await store.previous(current);
		const to = await draft.keep({
			previous,
			source: offer.record,
			digest,
			tooNew
		});
		return {
			outcome: {
				...outcome,
				replaced: before?.version,
				mended: before?.damage,
				wasInstalled: false
			},
			link: {
				id,
				store,
				from: current,
				to
			}
		};
	}
	async #fill(folder, source, id) {
		const { signal } = this.#options;
		const onProgress = (progress) => this.#options.onProgress?.({
			what: id,
			isDownload: false,
			...progress
		});
		if (!(await stat(source)).isDirectory()) {
			await extractArchive(source, folder, {
				onProgress,
				signal
			});
			return;
		}
		const files = await ((await readdir(source)).includes("plugin.signature.json") ? allFiles(source) : filesToPack(source, id));
		let bytes = 0;
		for (const [index, { path, size, isExecutable }] of files.entries()) {
			signal?.throwIfAborted();
			await copyOne(join(source, path), join(folder, path), isExecutable);
			bytes += size;
			onProgress({
				files: index + 1,
				totalFiles: files.length,
				bytes
			});
		}
	}
	#refuseUntrusted(content, { state, message }) {
		if (state === "verified") return;
		if ((state === "unsigned" || state === "unknown key") && this.#options.requireVerified !== true) return;
		throw installError(refusals[state], message, content.id);
	}
	#refuseStepBack(content, trust, before) {
		if (before === void 0) return;
		const { id, version } = content;
		const trustBefore = before.content && judge(before.content, this.#ring, Date.now());
		if (trust.state !== "verified" && trustBefore?.state === "verified") throw installError("TRUST_LESS", `The installed version is verified, ${version} is not: ${trust.message}`, id);
		const isKnown = isExtensionVersion(before.version);
		if (this.#options.allowOlder === true || !isKnown || (0, import_compare.default)(version, before.version) >= 0) return;
		throw installError("INSTALL_OLDER", `${version} is older than the installed version ${before.version}.`, id);
	}
};
async function guarded(turn, work) {
	try {
		return await withInstallLock(turn, async () => {
			await undoSwitches(turn.extensions);
			return work();
		});
	} catch (error) {
		throw asInstallError(error, turn.extensions);
	}
}
function tooNewNote(version, tooNew) {
	if (version === void 0 || tooNew === void 0) return void 0;
	return {
		version,
		...tooNew.until !== void 0 && { until: tooNew.until }
	};
}
function leftBehind(steps, installed) {
	const planned = new Set(steps.map(({ facts }) => facts.id));
	return steps.flatMap(({ facts: { id, version } }) => {
		const before = installed.get(id);
		if (before === void 0) return [];
		return installedDependents(id, installed, planned).filter(({ range }) => isInRange(before.version, range) && !isInRange(version, range)).map(({ by, range }) => ({
			id: by,
			range
		}));
	});
}
async function copyOne(from, to, isExecutable) {
	await mkdir(dirname(to), { recursive: true });
	await copyFile(from, to);
	await chmod(to, isExecutable ? 493 : 420);
}
function requireBundled(folder, id) {
	try {
		neededPackages(folder, installedRules(folder));
	} catch (error) {
		if (!isExtensionError(error, "ARCHIVE_DEPENDENCY_MISSING")) throw error;
		throw installError("INSTALL_NOT_BUNDLED", `${id} does not bring what it needs. ${error.message}`, id);
	}
}
async function occupant(extensions, id, store) {
	const current = await store.current();
	if (current === "foreign") throw installError("INSTALL_OCCUPIED", `${store.link} was not installed by plugboard.`, id);
	const others = (await readdir(extensions)).filter((name) => !name.startsWith(".") && name !== id);
	for (const name of others) {
		const folder = join(extensions, name);
		if (idIn(folder) === id) throw installError("INSTALL_OCCUPIED", `${folder} has the id ${id} already.`, id);
	}
	return current;
}
function idIn(folder) {
	try {
		return identityInFolder(folder).id;
	} catch {
		return;
	}
}
async function keptWith(store, version) {
	if (version === void 0) return [];
	const previous = await store.previous(version);
	return previous === void 0 ? [version] : [version, previous];
}
// core/src/install/install-extension.ts
async function installExtension(source, options) {
	const installer = new Installer(options);
	try {
		const record = await installer.sources.named(source, options.integrity);
		const offer = await installer.sources.offer(record);
		const installed = installer.installed();
		const root = await installer.step(offer);
		const steps = await installer.plan(root, installed);
		await installer.requireApproval(steps, installed, new Set([root.facts.id]));
		const outcomes = await installer.apply(steps);
		return {
			...outcomes.at(-1),
			dependencies: outcomes.slice(0, -1)
		};
	} finally {
		await installer.dispose();
	}
}
async function uninstallExtension(id, options) {
	const extensions = resolve(options.extensionFolder);
	return guarded({
		...options,
		extensions
	}, async () => {
		const store = new VersionStore(extensions, id);
		const version = versionOf(id, (isExtensionId(id) ? await store.leftover() : void 0) ?? await installedVersion(store, id));
		await store.chooseNone();
		await store.removeOthers([]);
		return {
			id,
			version
		};
	});
}
async function rollbackExtension(id, options) {
	const extensions = resolve(options.extensionFolder);
	return guarded({
		...options,
		extensions
	}, async () => {
		const store = new VersionStore(extensions, id);
		const current = await installedVersion(store, id);
		const previous = await store.previous(current);
		if (previous === void 0) throw installError("INSTALL_NO_PREVIOUS", `No version before this one of ${id} is kept.`, id);
		const { version, damage } = await installedContent(store, {
			id,
			stored: previous
		});
		if (damage !== void 0) throw installError("INSTALL_DAMAGED", damage, id);
		const replaced = versionOf(id, current);
		await store.setRolledBack(previous, current);
		await store.choose(previous);
		return {
			id,
			version,
			replaced
		};
	});
}
function versionOf(id, { folder, label }) {
	try {
		const identity = identityInFolder(folder);
		return identity.id === id ? identity.version : label;
	} catch {
		return label;
	}
}
async function installedVersion(store, id) {
	if (!isExtensionId(id)) throw installError("INSTALL_MISSING", `${JSON.stringify(id)} is no id.`);
	const current = await store.current();
	if (current === void 0) throw installError("INSTALL_MISSING", `${id} is not installed here.`, id);
	if (current === "foreign") throw installError("INSTALL_MISSING", `${store.link} was not installed by plugboard.`, id);
	return current;
}
// core/src/install/held-extensions.ts
async function heldExtensions(extensionFolder) {
	const folder = resolve(extensionFolder);
	const ids = await installedIds(folder);
	return (await Promise.all(ids.map((id) => heldExtension(new VersionStore(folder, id), id)))).filter((one) => one !== void 0);
}
async function heldExtension(store, id) {
	const stored = await installedVersion(store, id);
	const held = await store.held(stored).catch(() => ({}));
	const { rolledBack, tooNew } = held;
	if (rolledBack === void 0 && tooNew === void 0) return void 0;
	const version = versionOf(id, stored);
	return {
		id,
		version,
		...held,
		sentences: sentencesOf(`${id} ${version}`, held)
	};
}
function sentencesOf(what, { rolledBack, tooNew }) {
	const texts = [];
	if (rolledBack !== void 0) texts.push(`${what}: update passes over ${rolledBack}, which was rolled back; plugboard update --again takes it.`);
	if (tooNew !== void 0) {
		const until = tooNew.until === void 0 ? "" : ` until ${tooNew.until}`;
		texts.push(`${what}: ${tooNew.version} is too new for npm's min-release-age or before${until}; plugboard update --now takes it.`);
	}
	return texts;
}
export { sourceError as _, rollbackExtension as a, installError as b, Installer as c, installers as d, installedContent as f, passingOver as g, meets as h, installedVersion as i, installedIds as l, isInRange as m, heldExtensions as n, uninstallExtension as o, installedDependents as p, installExtension as r, versionOf as s, heldExtension as t, VersionStore as u, extractArchive as v, asInstallError as y };

//# sourceMappingURL=held-extensions-DOnsXly3.js.map