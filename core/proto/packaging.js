import { i as __toESM } from "./chunks/rolldown-runtime-D4w-N4S9.js";
import { f as defaultArchiveLimits, n as filesToPack, u as archiveError } from "./chunks/folder-files-Ci2NavIK.js";
import { $ as faultOfPath, At as readJson5, G as asideOf, J as removeLeftAside, K as flush, Y as writeWhole, _ as signatureInfo, d as StateFolder, i as hiddenInFolder, jt as nonBlockingRead, l as listedExtension, m as diskRefusal, mt as manifestName, nt as require_gt, p as workAlone, pt as isExtensionVersion, q as flushFolder, rt as require_compare, u as listedExtensions } from "./chunks/host-DMpq1bLR.js";
import { a as manifestTextIn, i as identityOf, n as readArchive } from "./chunks/extension-content-S_bZsnUy.js";
import { a as signatureName, r as inListOrder, t as digestOfFiles } from "./chunks/file-list-DjTscCpa.js";
import { d as unsoundness, f as widening, i as entryOf, l as decide, n as ContentExaminer, s as writeLockfile, t as TrustDecisions, u as refusalToTrust } from "./chunks/trust-decisions-DaSy6wnU.js";
import { a as readRevoked, c as readPublicKey, f as endorsementText, l as readSigningKey, m as signatureText, n as endorsementEnding, o as revokedName, r as readEndorsement, s as createSigningKey } from "./chunks/key-ring-COn6jQYO.js";
import { _ as sourceError, a as rollbackExtension, b as installError, c as Installer, f as installedContent, g as passingOver, h as meets, i as installedVersion, l as installedIds, m as isInRange, n as heldExtensions, o as uninstallExtension, p as installedDependents, r as installExtension, s as versionOf, u as VersionStore, v as extractArchive, y as asInstallError } from "./chunks/held-extensions-DOnsXly3.js";
import { n as verifyExtension } from "./chunks/verify-extension-CHKulbz3.js";
import { createWriteStream, statSync } from "node:fs";
import { access, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { ExtensionError, isExtensionError } from "@plugboard/extension-api";
import { dirname, join, posix, resolve } from "node:path";
import { createHash } from "node:crypto";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants as constants$1, createGzip } from "node:zlib";
// core/src/archive/write-archive.ts
const fixedTime = new Date("1985-10-26T08:15:00.000Z");
const block = 512;
async function writeArchive(target, files, { onProgress, signal } = {}) {
	const { Header, Pax } = await import("./chunks/index.min-DYdS6tiN.js");
	const listed = [];
	const ordered = inListOrder(files);
	let bytes = 0;
	async function* tar() {
		for (const file of ordered) {
			signal?.throwIfAborted();
			const path = `package/${file.path}`;
			const header = new Header({
				path,
				size: file.size,
				mode: file.isExecutable ? 493 : 420,
				mtime: fixedTime,
				uid: 0,
				gid: 0,
				uname: "",
				gname: "",
				type: "File"
			});
			header.encode();
			if (header.needPax) yield new Pax({
				path,
				size: file.size
			}).encode();
			yield header.block;
			const hash = createHash("sha256");
			for await (const chunk of contentOf(file)) {
				hash.update(chunk);
				yield chunk;
			}
			yield Buffer.alloc((block - file.size % block) % block);
			const { content: _content, ...facts } = file;
			listed.push({
				...facts,
				sha256: hash.digest("hex")
			});
			bytes += file.size;
			onProgress?.({
				files: listed.length,
				totalFiles: files.length,
				bytes
			});
		}
		yield Buffer.alloc(2 * block);
	}
	const aside = asideOf(target);
	try {
		await removeLeftAside(dirname(target));
		const compress = createGzip({ level: constants$1.Z_BEST_COMPRESSION });
		await pipeline(tar, compress, new SystemlessHeader(), createWriteStream(aside, { mode: 420 }));
		const read = await readArchive(aside, { signal });
		if (digestOfFiles(read) !== digestOfFiles(listed)) throw archiveError("ARCHIVE_DAMAGED", `${target} does not hold what was written.`);
		await flush(aside);
		await rename(aside, target);
		await flushFolder(dirname(target));
	} catch (error) {
		await rm(aside, { force: true });
		const why = diskRefusal(error);
		if (isExtensionError(error) || why === void 0) throw error;
		throw archiveError("ARCHIVE_UNWRITABLE", `${target} can't be written: ${why}.`, { cause: error });
	}
	return listed;
}
async function* contentOf({ path, size, content }) {
	if (typeof content !== "string") {
		yield content;
		return;
	}
	const changed = () => archiveError("ARCHIVE_CHANGED", `${path} changed while it was packed.`, { entry: path });
	let done = 0;
	const handle = await openToPack(content, path);
	try {
		if (!(await handle.stat()).isFile()) throw changed();
		for await (const chunk of handle.createReadStream({ autoClose: false })) {
			done += chunk.length;
			if (done > size) throw changed();
			yield chunk;
		}
	} finally {
		await handle.close();
	}
	if (done !== size) throw changed();
}
async function openToPack(file, path) {
	try {
		return await open(file, nonBlockingRead);
	} catch (cause) {
		throw archiveError("ARCHIVE_UNREADABLE", `${path} can't be read.`, {
			entry: path,
			cause
		});
	}
}
var SystemlessHeader = class extends Transform {
	#done = 0;
	_transform(chunk, _encoding, done) {
		for (let position = Math.max(4, this.#done); position < Math.min(10, this.#done + chunk.length); position++) chunk[position - this.#done] = position === 9 ? 255 : 0;
		this.#done += chunk.length;
		done(null, chunk);
	}
};
// core/src/archive/pack-extension.ts
async function packExtension(folder, options = {}) {
	const { outFolder = ".", onProgress, signal } = options;
	const text = manifestTextIn(folder);
	const identity = identityOf(text);
	const files = await filesToPack(folder, identity.id);
	requireNamedFiles(text, new Set(files.map(({ path }) => path)), folder);
	await mkdir(outFolder, { recursive: true });
	const archive = resolve(outFolder, `${identity.id}-${identity.version}.tgz`);
	const listed = await writeArchive(archive, files, {
		onProgress,
		signal
	});
	const { size: archiveSize } = await stat(archive);
	return {
		...identity,
		archive,
		archiveSize,
		digest: digestOfFiles(listed),
		files: listed
	};
}
function requireNamedFiles(text, packed, folder) {
	const { value } = readJson5(text);
	const { main, icon, contributes, runtime } = value ?? {};
	const schemas = (Array.isArray(contributes?.points) ? contributes.points : []).map((point) => point?.schema);
	const programs = textsIn(runtime).filter((named) => isFileInside(folder, named));
	for (const named of [
		manifestName,
		main,
		icon,
		...schemas,
		...programs
	]) {
		if (typeof named !== "string" || packed.has(posix.normalize(named))) continue;
		const message = `The manifest needs ${JSON.stringify(named)}, which would be left behind.`;
		throw archiveError("ARCHIVE_FILE_MISSING", message, { entry: named });
	}
}
function textsIn(value) {
	if (typeof value === "string") return [value];
	return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
function isFileInside(folder, path) {
	if (faultOfPath(path) !== void 0) return false;
	try {
		return statSync(resolve(folder, path)).isFile();
	} catch {
		return false;
	}
}
// core/src/host/offline/trust-extension.ts
async function trustExtension(id, options) {
	const { keys, isPinned = false, agree } = options;
	const description = await listedExtension(id, foldersOf(options));
	const content = await new ContentExaminer(keys).examine(description);
	const decisions = new TrustDecisions(new StateFolder(resolve(options.stateFolder)));
	const before = decisions.read().get(id);
	const refusal = refusalToTrust(content, before, { isPinned });
	if (refusal !== void 0) throw new ExtensionError(refusal.code, refusal.message, { extensionId: id });
	const proposal = proposalOf(content, before, description);
	const decision = decide(content, before, { isPinned });
	if (before?.digest === decision.digest && before.key === decision.key && (before.isPinned ?? false) === isPinned) return {
		...proposal,
		trusted: true,
		pinned: isPinned,
		changed: false
	};
	if (agree !== void 0 && !await agree(proposal)) return {
		...proposal,
		trusted: false,
		pinned: false,
		changed: false
	};
	await decisions.decide(id, decision);
	return {
		...proposal,
		trusted: true,
		pinned: isPinned,
		changed: true
	};
}
async function untrustExtension(id, options) {
	const decisions = new TrustDecisions(new StateFolder(resolve(options.stateFolder)));
	const wasTrusted = decisions.read().has(id);
	if (wasTrusted) await decisions.decide(id, void 0);
	else await listedExtension(id, foldersOf(options));
	return {
		id,
		trusted: false,
		changed: wasTrusted
	};
}
async function lockExtensions(options) {
	const { keys, lockfile } = options;
	const key = options.key === void 0 ? void 0 : readSigningKey(options.key);
	if (keys !== void 0 && key === void 0) throw new ExtensionError("TRUST_LOCK_INVALID", "A host that has keys takes only a lockfile that one of them has signed.");
	const examiner = new ContentExaminer(keys);
	const lock = new Map();
	for (const [id, description] of await listedExtensions({
		...foldersOf(options),
		developmentFolders: []
	})) {
		const content = await examiner.examine(description);
		const refusal = unsoundness(content);
		if (refusal !== void 0) throw new ExtensionError(refusal.code, refusal.message, { extensionId: id });
		lock.set(id, entryOf(content));
	}
	const file = resolve(lockfile);
	await writeLockfile(file, lock, key);
	return {
		file,
		extensions: Object.fromEntries(lock),
		...key === void 0 ? {} : { key: key.public.id }
	};
}
function foldersOf(options) {
	const { extensionFolders = [], developmentFolders = [] } = options;
	return {
		extensionFolders,
		developmentFolders
	};
}
function proposalOf(content, before, { folder, manifest }) {
	const { id, version, rights } = content;
	return {
		id,
		version,
		folder,
		signature: signatureInfo(content),
		capabilities: rights,
		wider: widening(content, before),
		...before === void 0 ? {} : { before: before.version },
		problems: hiddenInFolder(folder, manifest.main)
	};
}
// core/src/install/update-extensions.ts
var import_compare = __toESM(require_compare(), 1);
var import_gt = __toESM(require_gt(), 1);
async function updateExtensions(ids, options) {
	const installer = new Installer(options);
	try {
		const before = installer.installed();
		const named = await identities(installer.extensions, ids);
		const update = new Update(installer, named, options);
		await update.run();
		const others = update.changed.filter((id) => named.every((one) => one.id !== id));
		return [...named, ...others.map((id) => ({
			id,
			version: before.get(id)?.version
		}))].map((one) => ({
			...one,
			...update.changeOf(one.id)
		}));
	} finally {
		await installer.dispose();
	}
}
var Update = class {
	#installer;
	#options;
	#versions;
	#changes = new Map();
	#imagined = new Map();
	constructor(installer, named, options) {
		this.#installer = installer;
		this.#options = options;
		this.#versions = new Map(named.map(({ id, version }) => [id, version]));
	}
	async run() {
		let open = [...this.#versions.keys()];
		for (let hasMoved = true; hasMoved && open.length > 0;) {
			hasMoved = false;
			for (const id of open) if (!this.#hasMoved(id)) hasMoved = await this.#attempt(id) || hasMoved;
			open = open.filter((id) => this.changeOf(id).state === "held");
		}
	}
	get changed() {
		return [...this.#changes.keys()];
	}
	changeOf(id) {
		return this.#changes.get(id) ?? { state: "current" };
	}
	#hasMoved(id) {
		const { state } = this.changeOf(id);
		return state === "updated" || state === "available";
	}
	async #attempt(id) {
		try {
			await this.#update(id);
		} catch (reason) {
			this.#options.signal?.throwIfAborted();
			const told = asInstallError(reason, this.#installer.extensions);
			this.#changes.set(id, {
				...this.changeOf(id),
				state: "failed",
				reason: told
			});
		}
		return this.#hasMoved(id);
	}
	async #update(id) {
		const { dryRun = false } = this.#options;
		const installed = new Map([...this.#installer.installed(), ...this.#imagined]);
		const store = new VersionStore(this.#installer.extensions, id);
		const stored = await installedVersion(store, id);
		const { damage } = await installedContent(store, {
			id,
			stored
		});
		if (damage !== void 0 && await store.source(stored) === void 0) throw installError("INSTALL_DAMAGED", damage, id);
		const newer = await this.#newerThan(this.#versions.get(id) ?? "0.0.0", {
			id,
			store,
			stored
		});
		const [newest] = newer;
		if (!dryRun) await this.#installer.noteTooNew(store, stored, newest?.offer);
		if (newest === void 0) {
			if (damage !== void 0) throw installError("INSTALL_DAMAGED", damage, id);
			return;
		}
		const { rolledBack } = this.#options.again === true ? {} : await store.held(stored);
		const requirements = installedDependents(id, installed, new Set());
		const found = newer.find(({ version, offer }) => meets(version, requirements) && !isPassedOver(version, rolledBack) && offer.tooNew === void 0);
		const told = {
			newVersion: (found ?? newest).version,
			from: (found ?? newest).offer.from
		};
		if (found === void 0) {
			this.#changes.set(id, {
				...told,
				state: "held",
				reason: whyHeld(id, {
					newest,
					rolledBack,
					requirements
				})
			});
			return;
		}
		this.#changes.set(id, {
			...told,
			state: "current"
		});
		const steps = await this.#installer.plan(await this.#installer.step(passingOver(found.offer, newest.offer), id), installed);
		if (dryRun) for (const { facts } of steps) this.#imagined.set(facts.id, facts);
		else {
			await this.#installer.requireApproval(steps, installed, this.#versions);
			await this.#installer.apply(steps);
		}
		for (const { facts, offer } of steps) {
			const state = dryRun ? "available" : "updated";
			this.#changes.set(facts.id, {
				state,
				newVersion: facts.version,
				from: offer.from
			});
		}
	}
	async #newerThan(version, { id, store, stored }) {
		const source = await store.source(stored);
		if (source === void 0) throw installError("INSTALL_SOURCE_UNKNOWN", `It is not written down where ${id} came from.`, id);
		const newer = [];
		for (const offer of await this.#installer.sources.later(source, id)) {
			const itsVersion = offer.version ?? (await this.#installer.step(offer, id)).facts.version;
			if ((0, import_gt.default)(itsVersion, version)) newer.push({
				offer,
				version: itsVersion
			});
		}
		return newer;
	}
};
async function identities(extensions, ids) {
	const found = [];
	for (const id of ids === void 0 ? await installedIds(extensions) : new Set(ids)) {
		const store = new VersionStore(extensions, id);
		const current = ids === void 0 ? await store.current() : await installedVersion(store, id);
		if (current === void 0 || current === "foreign") continue;
		found.push({
			id,
			version: versionOf(id, current)
		});
	}
	return found;
}
function isPassedOver(version, rolledBack) {
	return rolledBack !== void 0 && isExtensionVersion(rolledBack) && (0, import_compare.default)(version, rolledBack) <= 0;
}
function whyHeld(id, { newest: { version, offer }, rolledBack, requirements }) {
	if (isPassedOver(version, rolledBack)) return passedOver(id, version, rolledBack);
	if (offer.tooNew !== void 0) return sourceError("SOURCE_TOO_NEW", offer.tooNew.why);
	return heldBack(id, version, requirements);
}
function passedOver(id, version, rolledBack) {
	const which = version === rolledBack ? version : `${version}, not newer than ${rolledBack},`;
	return installError("INSTALL_ROLLED_BACK", `${id} ${which} is not installed: it was rolled back.`, id);
}
function heldBack(id, version, requirements) {
	const asked = requirements.filter(({ range }) => !isInRange(version, range)).map(({ by, range }) => `${by} needs ${id} ${range}`);
	return installError("INSTALL_HELD", `${id} ${version} is not installed: ${asked.join(", ")}.`, id);
}
// core/src/trust/key-succession.ts
const longestWaitMs = 2e4;
async function endorseKey(nextFile, options) {
	const next = readPublicKey(nextFile);
	const key = readSigningKey(options.key);
	const file = `${nextFile.replace(/\.(?:pub|pem)$/, "")}${endorsementEnding}`;
	await writeTrustFile(file, endorsementText(next, key, options.expires));
	return {
		old: key.public.id,
		new: next.id,
		file
	};
}
async function revokeKey(key, options) {
	const id = /^ed25519-[0-9a-f]{32}$/.test(key) ? key : readPublicKey(key).id;
	const file = join(options.keys, revokedName);
	const entry = {
		key: id,
		...options.reason === void 0 ? {} : { reason: options.reason }
	};
	await whileAlone(options.keys, file, async () => {
		const others = await isThere(file) ? readRevoked(file).filter((one) => one.key !== id) : [];
		await writeTrustFile(file, `${JSON.stringify({ revoked: [...others, entry] }, void 0, 2)}\n`);
	});
	return entry;
}
function unwritable(file, why, cause) {
	return new ExtensionError("TRUST_KEY_UNWRITABLE", `${file} can't be written: ${why}.`, { cause });
}
async function isThere(file) {
	try {
		await access(file);
		return true;
	} catch (cause) {
		if (cause.code === "ENOENT") return false;
		throw new ExtensionError("TRUST_KEY_UNREADABLE", `${file} can't be read.`, { cause });
	}
}
async function whileAlone(folder, file, work) {
	const busy = (processId) => unwritable(file, `Process ${String(processId)} keeps changing it`);
	const terms = {
		folder: join(folder, ".claims"),
		name: revokedName,
		waitMs: longestWaitMs,
		busy
	};
	try {
		await workAlone(terms, work);
	} catch (error) {
		const why = diskRefusal(error);
		throw why === void 0 ? error : unwritable(file, why, error);
	}
}
async function writeTrustFile(file, text) {
	try {
		await writeWhole(file, text, { mode: 420 });
	} catch (cause) {
		throw unwritable(file, diskRefusal(cause) ?? "", cause);
	}
}
// core/src/trust/sign-archive.ts
async function signArchive(archive, options) {
	const { now = Date.now(), expires, onProgress, signal } = options;
	const key = readSigningKey(options.key);
	const endorsements = await Promise.all((options.endorsements ?? []).map(async (file) => {
		if (readEndorsement(file).new.id === key.public.id) return readFile(file, "utf8");
		throw new ExtensionError("TRUST_RING_INVALID", `${file} endorses another key than ${options.key}.`);
	}));
	const target = resolve(archive);
	const aside = await makeAside(target);
	try {
		const files = (await extractArchive(target, join(aside, "files"), { signal })).filter(({ path }) => path !== signatureName);
		const identity = await identityIn(join(aside, "files"));
		const text = Buffer.from(signatureText(files, key, {
			signedAt: now,
			expires,
			endorsements
		}));
		const contents = files.map(({ sha256: _sha256, ...file }) => ({
			...file,
			content: join(aside, "files", file.path)
		}));
		const signature = {
			path: signatureName,
			size: text.length,
			isExecutable: false,
			content: text
		};
		await writeArchive(target, [...contents, signature], {
			onProgress,
			signal
		});
		return {
			...identity,
			archive: target,
			digest: digestOfFiles(files),
			key: key.public.id
		};
	} finally {
		await rm(aside, {
			recursive: true,
			force: true
		});
	}
}
async function makeAside(target) {
	try {
		const aside = asideOf(target);
		await mkdir(aside, { mode: 448 });
		return aside;
	} catch (cause) {
		const why = diskRefusal(cause) ?? "";
		throw archiveError("ARCHIVE_UNWRITABLE", `${dirname(target)} can't be written: ${why}.`, { cause });
	}
}
async function identityIn(folder) {
	try {
		return identityOf(await readFile(join(folder, manifestName), "utf8"));
	} catch (cause) {
		if (cause.code !== "ENOENT") throw cause;
		throw archiveError("ARCHIVE_LAYOUT", `The archive holds no ${manifestName}.`);
	}
}
export { createSigningKey, defaultArchiveLimits, endorseKey, heldExtensions, installExtension, lockExtensions, packExtension, revokeKey, rollbackExtension, signArchive, trustExtension, uninstallExtension, untrustExtension, updateExtensions, verifyExtension };

//# sourceMappingURL=packaging.js.map