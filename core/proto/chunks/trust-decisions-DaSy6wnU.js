import { i as __toESM } from "./rolldown-runtime-D4w-N4S9.js";
import { At as readJson5, F as optionalDependencyRanges, Nt as readRegularFile, Ot as TextLines, P as dependencyRanges, Y as writeWhole, _t as outlineOf, ft as isExtensionId, gt as canonicalActivationEvent, ht as require_valid, kt as offsetOf, mt as manifestName, rt as require_compare, vt as thrownText } from "./host-DMpq1bLR.js";
import { a as signatureName, i as maximumSignatureBytes } from "./file-list-DjTscCpa.js";
import { _ as verifyEd25519, d as wayTo, g as signatureOf, h as publicKeyOf, i as readKeyRing, t as emptyKeyRing, u as judge } from "./key-ring-COn6jQYO.js";
import { access } from "node:fs/promises";
import { ExtensionError, isExtensionError } from "@plugboard/extension-api";
import { dirname, join } from "node:path";
import { sign } from "node:crypto";
// core/src/trust/decision.ts
var import_compare = __toESM(require_compare(), 1);
var import_valid = __toESM(require_valid(), 1);
function admit(content, decision) {
	const { id, version, digest, verdict } = content;
	const refuse = (code, message) => ({
		kind: "refused",
		refusal: {
			code,
			message
		}
	});
	const unsound = unsoundness(content);
	if (decision?.digest === digest && unsound?.code !== "TRUST_REVOKED") return {
		kind: "admitted",
		decision
	};
	if (unsound !== void 0) return {
		kind: "refused",
		refusal: unsound
	};
	if (decision === void 0) return refuse("UNTRUSTED", `Nobody has trusted ${id} ${version}. ${verdict.message}`);
	const older = olderThan(content, decision);
	if (older !== void 0) return {
		kind: "refused",
		refusal: older
	};
	if (decision.isPinned === true) return refuse("UNTRUSTED", `${id} is pinned to the files of ${decision.version}; ${version} waits.`);
	if (decision.key !== void 0 && verdict.state !== "verified") return refuse(verdict.state === "unsigned" ? "TRUST_LESS" : "TRUST_UNKNOWN_KEY", `${id} ${decision.version} was verified, ${version} is not: ${verdict.message}`);
	const wider = widening(content, decision);
	if (wider.length > 0) return refuse("TRUST_WIDER", `${id} ${version} asks for more than ${decision.version}: ${wider.join(", ")}.`);
	if (decision.key !== void 0 && trustedKeyOf(verdict) === decision.key) return {
		kind: "admitted",
		decision: decide(content, decision, {})
	};
	return refuse("UNTRUSTED", `The files of ${id} ${version} are not those of ${decision.version} that were trusted. ${verdict.message}`);
}
function decide({ version, digest, rights, verdict }, before, { isPinned = false }) {
	const isNewest = before === void 0 || (0, import_compare.default)(version, before.newest) > 0;
	const key = trustedKeyOf(verdict);
	return {
		version,
		digest,
		rights,
		newest: isNewest ? version : before.newest,
		...key === void 0 ? {} : { key },
		...isPinned ? { isPinned } : {}
	};
}
function widening({ rights }, decision) {
	return rights.filter((right) => decision?.rights.includes(right) !== true);
}
function refusalToTrust(content, before, { isPinned }) {
	return unsoundness(content) ?? (isPinned ? void 0 : olderThan(content, before));
}
function olderThan({ id, version }, decision) {
	if (decision === void 0 || (0, import_compare.default)(version, decision.newest) >= 0) return void 0;
	return {
		code: "TRUST_OLDER",
		message: `${id} ${version} is older than ${decision.newest}, which was trusted.`
	};
}
function unsoundness({ id, version, verdict }) {
	const message = `${id} ${version}: ${verdict.message}`;
	if (verdict.state === "modified") return {
		code: "TRUST_MODIFIED",
		message
	};
	if (verdict.state === "revoked") return {
		code: "TRUST_REVOKED",
		message
	};
	if (verdict.state === "expired") return {
		code: "TRUST_EXPIRED",
		message
	};
}
function parseDecision(value) {
	if (typeof value !== "object" || value === null) return void 0;
	const { version, digest, rights, newest, key, isPinned } = value;
	if (typeof version !== "string" || typeof digest !== "string") return void 0;
	if (typeof newest !== "string" || (0, import_valid.default)(newest) === null) return void 0;
	if (!Array.isArray(rights) || !rights.every((right) => typeof right === "string")) return void 0;
	if (key !== void 0 && typeof key !== "string") return void 0;
	if (isPinned !== void 0 && typeof isPinned !== "boolean") return void 0;
	return {
		version,
		digest,
		rights,
		newest,
		key,
		isPinned
	};
}
function trustedKeyOf({ state, signer }) {
	return state === "verified" ? signer?.endorsedBy ?? signer?.key : void 0;
}
// core/src/trust/lockfile.ts
const largestLockfile = 64 * 2 ** 20;
function entryOf({ version, digest, rights, verdict }) {
	const signer = verdict.state === "verified" || verdict.state === "unknown key" ? verdict.signer?.key : void 0;
	return {
		version,
		digest,
		capabilities: rights,
		...signer === void 0 ? {} : { signer }
	};
}
function lockRefusal(content, lock) {
	const { id, version } = content;
	const locked = lock.get(id);
	if (locked === void 0) return {
		code: "TRUST_LOCK_MISSING",
		message: `The lockfile does not list ${id} ${version}.`
	};
	const found = entryOf(content);
	const differences = [
		...differing("version", locked.version, found.version),
		...differing("capabilities", locked.capabilities.join(", "), found.capabilities.join(", ")),
		...locked.signer === void 0 ? [] : differing("signer", locked.signer, found.signer ?? "nobody"),
		...differing("files", locked.digest, found.digest)
	];
	if (differences.length === 0) return void 0;
	return {
		code: "TRUST_LOCK_DIFFERS",
		message: `${id} ${version} is not what the lockfile says: ${differences.join("; ")}.`
	};
}
function readLockfile(file, ring, now) {
	let text;
	try {
		text = readRegularFile(file, largestLockfile);
	} catch (cause) {
		throw new ExtensionError("TRUST_LOCK_INVALID", `${file} can't be read.`, {
			details: { file },
			cause
		});
	}
	const { value, failure, keyFindings, place } = readJson5(text, { places: true });
	const fault = (offset, what) => {
		const details = {
			file,
			...new TextLines(text).at(offset)
		};
		return new ExtensionError("TRUST_LOCK_INVALID", `The lockfile can't be relied on: ${what}`, { details });
	};
	if (failure !== void 0) throw fault(failure.offset, `${failure.message}.`);
	const [key] = keyFindings;
	if (key !== void 0) throw fault(key.offset, `the key "${key.key}" stands here twice, or is not allowed.`);
	const at = (pointer) => offsetOf(place, pointer, "value");
	const { lockVersion, extensions, signature } = isFields(value) ? value : {};
	if (lockVersion !== 1) throw fault(at("/lockVersion"), "lockVersion has to be 1.");
	if (!isFields(extensions)) throw fault(at("/extensions"), "extensions has to list extensions by id.");
	const lock = new Map();
	for (const [id, entry] of Object.entries(extensions)) {
		const locked = isExtensionId(id) ? lockedOf(entry) : void 0;
		if (locked === void 0) throw fault(at(`/extensions/${id}`), `the entry of ${id} is not sound.`);
		lock.set(id, locked);
	}
	const wrong = signatureFault(lock, signature, ring, now);
	if (wrong !== void 0) throw fault(at("/signature"), wrong);
	return lock;
}
async function writeLockfile(file, lock, key) {
	const text = `${JSON.stringify(documentOf(lock, key), void 0, 2)}\n`;
	try {
		await access(dirname(file));
		await writeWhole(file, text, { mode: 420 });
	} catch (cause) {
		throw new ExtensionError("TRUST_LOCK_UNWRITABLE", `${file} can't be written.`, { cause });
	}
}
function documentOf(lock, key) {
	const extensions = Object.fromEntries(inOrder(lock));
	if (key === void 0) return {
		lockVersion: 1,
		extensions
	};
	const value = sign(void 0, statement(lock), key.secret).toString("base64");
	return {
		lockVersion: 1,
		extensions,
		signature: {
			key: key.public.base64,
			value
		}
	};
}
function signatureFault(lock, signature, ring, now) {
	if (signature === void 0) return ring === void 0 ? void 0 : "it is not signed, and this host has keys to check it with.";
	const { key: keyText, value } = isFields(signature) ? signature : {};
	const key = typeof keyText === "string" ? publicKeyOf(keyText) : void 0;
	const bytes = typeof value === "string" ? signatureOf(value) : void 0;
	if (key === void 0 || bytes === void 0 || !verifyEd25519(key, statement(lock), bytes)) return "it is not as it was signed.";
	if (ring === void 0) return void 0;
	if (ring.revoked.has(key.id)) return `the key ${key.id} that signed it has been revoked.`;
	const way = wayTo(key.id, ring.endorsements, ring, now);
	return way === void 0 || way.hasExpired ? `nobody here trusts the key ${key.id} that signed it.` : void 0;
}
function statement(lock) {
	const entries = inOrder(lock).map(([id, { version, digest, capabilities, signer }]) => JSON.stringify([
		id,
		version,
		digest,
		capabilities,
		signer ?? null
	]));
	return Buffer.from([
		"plugboard lockfile 1",
		...entries,
		""
	].join("\n"));
}
function inOrder(lock) {
	return [...lock].sort(([one], [other]) => one < other ? -1 : 1);
}
function differing(what, locked, found) {
	return locked === found ? [] : [`${what} ${found}, locked ${locked}`];
}
function lockedOf(value) {
	if (!isFields(value)) return void 0;
	const { version, digest, capabilities, signer } = value;
	if (typeof version !== "string" || typeof digest !== "string" || !isTextList(capabilities)) return void 0;
	if (signer !== void 0 && typeof signer !== "string") return void 0;
	return {
		version,
		digest,
		capabilities,
		...signer === void 0 ? {} : { signer }
	};
}
function isTextList(value) {
	return Array.isArray(value) && value.every((item) => typeof item === "string");
}
function isFields(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
// core/src/manifest/asked-rights.ts
const idleWithoutMain = new Set(["in-process", "worker"]);
function askedRights(manifest) {
	const { runtime = "in-process", main, capabilities = {}, services, activationEvents } = manifest;
	const kind = typeof runtime === "string" ? runtime : runtime.kind;
	const hasCode = main !== void 0 || !idleWithoutMain.has(kind);
	const { fs, net, env } = capabilities;
	const switches = [
		"childProcess",
		"workers",
		"addons",
		"wasi"
	];
	const rights = [
		...kind === "process" || !hasCode ? [] : ["full rights"],
		...lines("read", fs?.read),
		...lines("write", fs?.write),
		...lines("net", net),
		...lines("env", env),
		...switches.filter((name) => capabilities[name] === true),
		...lines("service", services),
		...lines("dependency", [...dependencyRanges(manifest).keys()]),
		...lines("dependency", [...optionalDependencyRanges(manifest).keys()]),
		...lines("event", activationEvents?.map(canonicalActivationEvent))
	];
	return [...new Set(rights)].sort();
}
function lines(word, names) {
	if (names === true) return [`${word} all`];
	return names === void 0 || names === false ? [] : names.map((name) => `${word} ${name}`);
}
// core/src/host/trust/remembered-digests.ts
const format = 1;
const largestFile = 256 * 2 ** 20;
var RememberedDigests = class {
	#file;
	#digests;
	#isChanged = false;
	#saving = Promise.resolve();
	constructor(file) {
		this.#file = file;
	}
	get(folder) {
		return this.#all().get(folder);
	}
	set(folder, digest) {
		const all = this.#all();
		if (digest === void 0) {
			this.#isChanged = all.delete(folder) || this.#isChanged;
			return;
		}
		all.set(folder, digest);
		this.#isChanged = true;
	}
	save() {
		this.#saving = this.#saving.catch(() => void 0).then(() => this.#write());
		return this.#saving;
	}
	async #write() {
		if (this.#file === void 0 || !this.#isChanged) return;
		this.#isChanged = false;
		const folders = Object.fromEntries(this.#all());
		await writeWhole(this.#file, JSON.stringify({
			format,
			folders
		}), { mode: 384 });
	}
	#all() {
		return this.#digests ??= this.#file === void 0 ? new Map() : readDigests(this.#file);
	}
};
function readDigests(file) {
	try {
		const { format: found, folders } = JSON.parse(readRegularFile(file, largestFile));
		const entries = found === format ? Object.entries(folders ?? {}) : [];
		return new Map(entries.filter((entry) => isDigest(entry[1])));
	} catch {
		return new Map();
	}
}
function isDigest(value) {
	if (typeof value !== "object" || value === null) return false;
	const { stamp, fingerprint, digest, isSigned } = value;
	return [
		stamp,
		fingerprint,
		digest
	].every((text) => typeof text === "string") && typeof isSigned === "boolean";
}
// core/src/host/trust/content-examiner.ts
var ContentExaminer = class {
	#keys;
	#known = new Map();
	#remembered;
	#ring;
	constructor(keys, remembered = new RememberedDigests(void 0)) {
		this.#keys = keys;
		this.#remembered = remembered;
	}
	readRing() {
		if (this.#keys === void 0 || this.#ring !== void 0) return this.#ring;
		try {
			this.#ring = readKeyRing(this.#keys);
		} catch (cause) {
			if (isExtensionError(cause)) throw cause;
			throw new ExtensionError("TRUST_KEY_UNREADABLE", `${this.#keys} can't be read.`, { cause });
		}
		setImmediate(() => this.#ring = void 0);
		return this.#ring;
	}
	async examine(description) {
		const known = await this.#knownContentOf(description);
		if (known === void 0) return this.read(description);
		const content = this.#judge(description, {
			...known,
			files: []
		});
		return content.verdict.state === "modified" ? this.read(description) : content;
	}
	async read(description) {
		const found = await this.#contentOf(description);
		return {
			...this.#judge(description, found),
			files: found.files
		};
	}
	forget(folder) {
		this.#known.delete(folder);
		this.#remembered.set(folder, void 0);
	}
	#judge(description, { files, digest, signature }) {
		const { id, version } = description;
		const ring = signature === void 0 ? emptyKeyRing : this.readRing() ?? emptyKeyRing;
		const verdict = judge({
			files,
			digest,
			signature
		}, ring, Date.now());
		return {
			id,
			version,
			digest,
			rights: askedRights(outlineOf(description)),
			verdict
		};
	}
	async #knownContentOf({ folder, fingerprint }) {
		const found = this.#known.get(folder) ?? this.#remembered.get(folder);
		if (found?.fingerprint !== fingerprint || found.stamp === void 0) return void 0;
		const { folderStamp } = await import("./folder-stamp-VC_m1T4Z.js");
		const stamp = await folderStamp(folder).catch(() => void 0);
		if (stamp !== found.stamp) return void 0;
		if (!("isSigned" in found)) return found;
		const { digest, isSigned } = found;
		const signature = isSigned ? signatureIn(folder) : void 0;
		if (isSigned && signature === void 0) return void 0;
		const known = {
			fingerprint,
			stamp,
			digest,
			signature
		};
		this.#known.set(folder, known);
		return known;
	}
	async #contentOf(description) {
		const { id, folder, fingerprint } = description;
		const [{ contentOf }, { folderStamp }, { asSigned }, { digestOfFiles }] = await Promise.all([
			import("./extension-content-KQa_ndNs.js"),
			import("./folder-stamp-VC_m1T4Z.js"),
			import("./verify-extension-CehJKGXV.js"),
			import("./file-list-DpWQM0NN.js")
		]);
		try {
			const stamp = await folderStamp(folder);
			const content = await contentOf(folder);
			const manifest = content.files.find(({ path }) => path === manifestName);
			if (content.id !== id || manifest === void 0 || !fingerprint.startsWith(`${manifest.sha256} `)) throw unknowable(id, "its manifest is being changed.", { details: { isOutdated: true } });
			const { signature } = content;
			const files = asSigned(content.files, signature);
			const known = {
				fingerprint,
				stamp,
				digest: digestOfFiles(files),
				signature
			};
			this.#known.set(folder, known);
			const { digest } = known;
			const isSigned = signature !== void 0;
			this.#remembered.set(folder, stamp === void 0 ? void 0 : {
				stamp,
				fingerprint,
				digest,
				isSigned
			});
			return {
				...known,
				files
			};
		} catch (error) {
			this.forget(folder);
			if (isExtensionError(error, "TRUST_CONTENT")) throw error;
			throw unknowable(id, thrownText(error), { cause: error });
		}
	}
};
function signatureIn(folder) {
	try {
		return readRegularFile(join(folder, signatureName), maximumSignatureBytes);
	} catch {
		return;
	}
}
function unknowable(id, what, more) {
	const message = `What ${id} consists of can't be told: ${what}`;
	return new ExtensionError("TRUST_CONTENT", message, {
		extensionId: id,
		...more
	});
}
// core/src/host/trust/trust-decisions.ts
var TrustDecisions = class {
	#state;
	constructor(state) {
		this.#state = state;
	}
	read() {
		const decisions = new Map();
		for (const [id, value] of Object.entries(this.#state.trust())) {
			const decision = parseDecision(value);
			if (decision === void 0) {
				const file = this.#state.trustFile ?? "";
				const message = `${file} does not hold a decision about ${id}.`;
				throw new ExtensionError("STATE_UNREADABLE", message, { details: { file } });
			}
			decisions.set(id, decision);
		}
		return decisions;
	}
	decide(id, decision) {
		return this.#state.setTrust(id, () => decision);
	}
	renew(id, before, decision) {
		return this.#state.setTrust(id, (value) => parseDecision(value)?.digest === before.digest ? decision : value);
	}
};
export { lockRefusal as a, admit as c, unsoundness as d, widening as f, entryOf as i, decide as l, ContentExaminer as n, readLockfile as o, RememberedDigests as r, writeLockfile as s, TrustDecisions as t, refusalToTrust as u };

//# sourceMappingURL=trust-decisions-DaSy6wnU.js.map