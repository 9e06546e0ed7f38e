import { I as KeyedQueue, L as errorOf, R as reasonOf, g as FollowedStateFile } from "./host-DMpq1bLR.js";
import { a as lockRefusal, c as admit, d as unsoundness, l as decide, n as ContentExaminer, o as readLockfile, r as RememberedDigests, t as TrustDecisions, u as refusalToTrust } from "./trust-decisions-DaSy6wnU.js";
import { ExtensionError, isExtensionError } from "@plugboard/extension-api";
// core/src/host/trust/trust-gate.ts
const looksAtOnce = 16;
var TrustGate = class {
	#options;
	#examiner;
	#remembered;
	#store;
	#queue = new KeyedQueue();
	#looks = new Map();
	#timers = new Map();
	#untold = new Set();
	#decisions = new Map();
	#lock;
	#followed = [];
	#isDisposed = false;
	constructor(options) {
		this.#options = options;
		this.#remembered = new RememberedDigests(options.state.digestsFile);
		this.#examiner = new ContentExaminer(options.terms.keys, this.#remembered);
		this.#store = new TrustDecisions(options.state);
	}
	get restricts() {
		const { policy, lockfile } = this.#options.terms;
		return policy === "asked" || lockfile !== void 0;
	}
	get problems() {
		const { keys = "", lockfile = "" } = this.#options.terms;
		const found = isExtensionError(this.#lock) ? [problemOf(this.#lock, lockfile)] : [];
		for (const { description, refusal } of this.#revoked()) {
			const { id, folder: file } = description;
			if (refusal === void 0 || !this.#options.isRunning(id)) continue;
			const message = `${id} runs on, and is not started again. ${refusal.message}`;
			found.push({
				code: "TRUST_REVOKED",
				severity: "warning",
				file,
				message,
				extensionId: id
			});
		}
		try {
			this.#examiner.readRing();
		} catch (error) {
			if (isExtensionError(error)) found.push(problemOf(error, keys));
		}
		return found;
	}
	async begin({ isFollowing }) {
		const { terms, state } = this.#options;
		const followed = [];
		if (terms.policy === "asked") {
			const file = state.trustFile;
			if (file !== void 0) followed.push(new FollowedStateFile(file, () => this.#followDecisions()));
			this.#readDecisions();
		}
		for (const path of [terms.keys, terms.lockfile]) if (path !== void 0) followed.push(new FollowedStateFile(path, () => this.#followTerms()));
		this.#readLock();
		if (!isFollowing || this.#isDisposed) return;
		this.#followed = followed;
		for (const file of followed) file.begin();
	}
	async remember() {
		await this.#remembered.save().catch(() => void 0);
	}
	async dispose() {
		this.#isDisposed = true;
		for (const file of this.#followed) file.dispose();
		for (const timer of this.#timers.values()) clearTimeout(timer);
		this.#timers.clear();
		await this.remember();
	}
	obstacle(description) {
		if (!this.restricts || this.#isDevelopment(description)) return void 0;
		const look = this.#looks.get(description.folder);
		if (look?.description.fingerprint === description.fingerprint) return look.refusal;
		return {
			code: "UNTRUSTED",
			message: `The files of ${description.id} have not been looked at yet.`
		};
	}
	content(description) {
		const look = this.#looks.get(description.folder);
		return look?.description.fingerprint === description.fingerprint ? look.content : void 0;
	}
	async look(description) {
		if (this.#isDevelopment(description)) return void 0;
		return this.#queue.run([description.folder], () => this.#look(description));
	}
	async admit(description) {
		if (!this.restricts || this.#isDevelopment(description)) return void 0;
		return this.#queue.run([description.folder], async () => {
			let files = [];
			const refusal = await this.#look(description, async () => {
				const { files: read, ...content } = await this.#examiner.read(description);
				files = read;
				return content;
			});
			if (refusal !== void 0) throw errorOf(refusal, description.id);
			return new Map(files.map(({ path, sha256 }) => [path, sha256]));
		});
	}
	async lookAtAll(descriptions) {
		const rest = descriptions[Symbol.iterator]();
		const worker = async () => {
			for (let next = rest.next(); next.done !== true && !this.#isDisposed; next = rest.next()) await this.look(next.value);
		};
		await Promise.all(Array.from({ length: looksAtOnce }, worker));
		this.#tell();
	}
	forget(folder) {
		this.#looks.delete(folder);
		this.#examiner.forget(folder);
		clearTimeout(this.#timers.get(folder));
		this.#timers.delete(folder);
	}
	async trust(description, { isPinned }) {
		const { id } = description;
		const content = await this.#examiner.read(description);
		const before = this.#store.read().get(id);
		const refusal = refusalToTrust(content, before, { isPinned });
		if (refusal !== void 0) throw refusalError(id, refusal);
		const decision = decide(content, before, { isPinned });
		await this.#store.decide(id, decision);
		this.#decisions = new Map(this.#decisions).set(id, decision);
		await this.look(description);
		this.#tell();
	}
	async distrust(id) {
		await this.#store.decide(id, void 0);
		const decisions = new Map(this.#decisions);
		decisions.delete(id);
		this.#decisions = decisions;
		await this.#lookAgainAt(new Set([id]));
	}
	async #look(description, examine = () => this.#examiner.examine(description)) {
		const before = this.obstacle(description);
		const { content, refusal: found } = await this.#judge(description, examine);
		const refusal = this.restricts ? found : void 0;
		const isOutdated = isExtensionError(refusal?.cause) && refusal.cause.details.isOutdated === true;
		if (this.#isDisposed || isOutdated) return refusal;
		this.#looks.set(description.folder, {
			description,
			content,
			refusal
		});
		if (refusal?.message !== before?.message) this.#tellSoon(description.id);
		if (refusal !== void 0) this.#lookOnceComplete(description);
		return refusal;
	}
	async #judge({ id }, examine) {
		const { terms } = this.#options;
		try {
			const content = await examine();
			const refused = (refusal) => ({
				content,
				refusal: reasonOf(refusalError(id, refusal))
			});
			if (isExtensionError(this.#lock)) {
				const message = `The lockfile can't be relied on, so nobody knows whether ${id} may run.`;
				return {
					content,
					refusal: {
						code: this.#lock.code,
						message
					}
				};
			}
			const locked = this.#lock && (unsoundness(content) ?? lockRefusal(content, this.#lock));
			if (locked !== void 0) return refused(locked);
			if (terms.policy === "all") return {
				content,
				refusal: void 0
			};
			const before = this.#decisions.get(id);
			const admission = admit(content, before);
			if (admission.kind === "refused") return refused(admission.refusal);
			if (before !== void 0 && admission.decision !== before) this.#remember(id, before, admission.decision);
			return {
				content,
				refusal: void 0
			};
		} catch (error) {
			if (!isExtensionError(error)) this.#options.onFault(error);
			const failure = isExtensionError(error) ? error : refusalError(id, {
				code: "TRUST_CONTENT",
				message: `${id} can't be looked at.`
			});
			return {
				content: void 0,
				refusal: reasonOf(failure)
			};
		}
	}
	#remember(id, before, decision) {
		this.#decisions = new Map(this.#decisions).set(id, decision);
		this.#store.renew(id, before, decision).catch((error) => this.#options.onFault(error));
	}
	#readDecisions() {
		try {
			this.#decisions = this.#store.read();
		} catch (error) {
			this.#options.onFault(error);
		}
	}
	async #followDecisions() {
		const before = this.#decisions;
		this.#readDecisions();
		const now = this.#decisions;
		if (this.#isDisposed) return;
		const ids = new Set([...before.keys(), ...now.keys()]);
		for (const id of ids) if (isSame(before.get(id), now.get(id))) ids.delete(id);
		await this.#lookAgainAt(ids);
		const distrusted = [...ids].filter((id) => !now.has(id));
		await Promise.all(distrusted.map((id) => this.#options.onDistrust(id)));
	}
	#readLock() {
		const { lockfile: file } = this.#options.terms;
		if (file === void 0) return;
		try {
			this.#lock = readLockfile(file, this.#examiner.readRing(), Date.now());
		} catch (error) {
			if (!isExtensionError(error)) this.#options.onFault(error);
			const message = `The lockfile ${file} can't be read.`;
			this.#lock = isExtensionError(error) ? error : new ExtensionError("TRUST_LOCK_INVALID", message, {
				details: { file },
				cause: error
			});
		}
	}
	async #followTerms() {
		this.#readLock();
		await this.#lookAgainAt(void 0);
		if (this.#options.terms.revokedKeys !== "stop") return;
		await Promise.all(this.#revoked().map(({ description: { id } }) => this.#options.onDistrust(id)));
	}
	#revoked() {
		return [...this.#looks.values()].filter(({ refusal }) => refusal?.code === "TRUST_REVOKED");
	}
	async #lookAgainAt(ids) {
		const looks = [...this.#looks.values()].filter(({ description: { id } }) => ids?.has(id) !== false);
		await this.lookAtAll(looks.map(({ description }) => description));
	}
	#lookOnceComplete(description) {
		const { folder } = description;
		const lastEventAt = this.#options.lastEventAt(folder);
		const restMs = lastEventAt === void 0 ? 0 : lastEventAt + this.#options.incompleteMs - performance.now();
		if (restMs <= 0 || this.#timers.has(folder)) return;
		const timer = setTimeout(() => {
			this.#timers.delete(folder);
			const current = this.#looks.get(folder)?.description;
			if (current !== void 0) this.look(current);
		}, restMs);
		this.#timers.set(folder, timer.unref());
	}
	#tellSoon(id) {
		if (this.#untold.size === 0) setImmediate(() => this.#tell());
		this.#untold.add(id);
	}
	#tell() {
		if (this.#untold.size === 0 || this.#isDisposed) return;
		const ids = [...this.#untold];
		this.#untold.clear();
		this.#options.onVerdicts(ids);
	}
	#isDevelopment({ folder }) {
		return this.#options.terms.developmentFolders.includes(folder);
	}
};
function refusalError(extensionId, { code, message }) {
	return new ExtensionError(code, message, { extensionId });
}
function problemOf({ code, message, details }, elsewhere) {
	const { file = elsewhere, line, column } = details;
	return {
		code,
		severity: "error",
		file,
		...line === void 0 || column === void 0 ? {} : {
			line,
			column
		},
		message
	};
}
function isSame(one, other) {
	return JSON.stringify(one) === JSON.stringify(other);
}
export { TrustGate };

//# sourceMappingURL=trust-gate-CPwxNxSF.js.map