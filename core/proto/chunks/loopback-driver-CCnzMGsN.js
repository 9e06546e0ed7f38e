import { A as serveExport, C as sessionLogLimits, D as encodeThrown, E as decodeThrown, O as describeExports, S as LogAllowance, St as EventEmitter, T as logRecord, V as contextWithin, h as jsonCopy, j as sendable, k as reviveExports, vt as thrownText, w as Outbox, x as SessionPeer, yt as sizeUpTo } from "./host-DMpq1bLR.js";
import { a as adviseAuthor, i as Guest, n as createModuleLoader, o as monotonicTime, r as LeftoverCounter, t as TransformCache } from "./transform-cache-BfrQPQR1.js";
import { n as transformProgram, t as ChildTransformer } from "./child-transformer-CoCdIUBs.js";
import { ExtensionError } from "@plugboard/extension-api";
// core/src/guest/remote-collection.ts
var RemoteCollection = class {
	point;
	onDidChange;
	#methods;
	#peer;
	#changed;
	#lines = new Map();
	#entries = new Map();
	constructor(point, peer, report) {
		this.point = point.id;
		this.#methods = point.methods;
		this.#peer = peer;
		this.#changed = new EventEmitter(report);
		this.onDidChange = this.#changed.event;
		this.become(point.lines);
	}
	get size() {
		return this.#entries.size;
	}
	get(id) {
		return this.#entries.get(id)?.stub;
	}
	entries() {
		return [...this.#entries.values()];
	}
	*[Symbol.iterator]() {
		for (const { stub } of this.entries()) yield stub;
	}
	become(lines) {
		const before = this.#entries;
		const after = new Map();
		const added = [];
		const changed = [];
		const known = this.#lines;
		this.#lines = new Map(lines.map((line) => [line.id, line]));
		for (const line of lines) {
			const entry = this.#entry(line, before.get(line.id)?.stub);
			after.set(line.id, entry);
			if (!before.has(line.id)) added.push(entry);
			else if (JSON.stringify(known.get(line.id)) !== JSON.stringify(line)) changed.push(entry);
		}
		this.#entries = after;
		const removed = [...before.values()].filter(({ id }) => !after.has(id));
		if (added.length + changed.length + removed.length > 0) this.#changed.fire({
			added,
			changed,
			removed
		});
	}
	#entry(line, stub) {
		const { id, extensionId, generation } = line;
		return {
			id,
			extensionId,
			generation,
			item: line.item,
			stub: stub ?? this.#createStub(line)
		};
	}
	#createStub({ id, item }) {
		const stub = {};
		for (const field of new Set(["id", ...Object.keys(item)])) {
			if (field in this.#methods || field === "then") continue;
			Object.defineProperty(stub, field, {
				enumerable: true,
				get: () => field === "id" ? id : (this.#lines.get(id)?.item ?? item)[field]
			});
		}
		for (const [method, arity] of Object.entries(this.#methods)) {
			const target = `point/${this.point}/${id}/${method}`;
			stub[method] = (...given) => this.#peer.callMethod(target, arity, given);
		}
		return stub;
	}
};
// core/src/guest/remote-dependency.ts
var RemoteDependency = class {
	kind;
	onDidChange;
	#id;
	#peer;
	#changed;
	#exports;
	constructor({ id, kind, exports }, peer, report) {
		this.#id = id;
		this.kind = kind;
		this.#peer = peer;
		this.#changed = new EventEmitter(report);
		this.onDidChange = this.#changed.event;
		this.#exports = this.#revive(exports);
	}
	current() {
		return this.#exports;
	}
	become(exports) {
		this.#exports = this.#revive(exports);
		this.#changed.fire();
	}
	#revive(exports) {
		return exports && Object.freeze(reviveExports(exports, (name, args) => this.#peer.call(`dependency/${this.#id}/${name}`, args)));
	}
};
// core/src/guest/remote-logger.ts
var RemoteLogger = class {
	logger;
	#session;
	#outbox;
	#allowance;
	constructor(session, outbox) {
		this.#session = session;
		this.#outbox = outbox;
		this.#allowance = new LogAllowance(sessionLogLimits, (text) => {
			this.#send("warn", text);
		});
		const log = (level) => (message, fields) => {
			this.#log(level, message, fields);
		};
		this.logger = {
			debug: log("debug"),
			info: log("info"),
			warn: log("warn"),
			error: log("error")
		};
	}
	refuse({ level, message, fields }, error) {
		if (fields !== void 0) this.#send(level, `${message} (its fields could not be sent: ${thrownText(error)})`);
	}
	end() {
		this.#allowance.end();
	}
	#log(level, given, givenFields) {
		if (this.#allowance.isSpent) {
			this.#allowance.drop();
			return;
		}
		const { message, fields } = logRecord(given, givenFields);
		const bytes = message.length + (fields === void 0 ? 0 : sizeUpTo(fields, sessionLogLimits.burstBytes));
		if (this.#allowance.take(bytes)) this.#send(level, message, fields);
	}
	#send(level, message, fields) {
		this.#outbox.add({
			type: "log",
			session: this.#session,
			level,
			message,
			...fields === void 0 ? {} : { fields },
			time: Date.now()
		});
	}
};
// core/src/guest/guest-session.ts
var GuestSession = class {
	#options;
	#hello;
	#peer;
	#controller = new AbortController();
	#log;
	#logger;
	#configurationChanged;
	#dependencies = new Map();
	#collections = new Map();
	#active;
	#targets = new Map();
	#configuration;
	#guest;
	#isActive = false;
	constructor(options) {
		this.#options = options;
		const hello = this.#hello = options.hello;
		this.#log = new RemoteLogger(hello.session, options.outbox);
		this.#logger = this.#log.logger;
		const report = (error) => {
			this.#logger.error("A listener failed.", { error });
		};
		this.#peer = new SessionPeer({
			session: hello.session,
			extensionId: hello.extension.id,
			outbox: options.outbox,
			limits: hello.limits,
			withStacks: hello.withStacks,
			serve: (target) => this.#serve(target),
			onThrown: adviseAuthor,
			onUnsent: (event, error) => {
				this.#logger.error(`The host could not be told of "${event}".`, { error });
			}
		});
		this.#configuration = hello.configuration;
		this.#configurationChanged = new EventEmitter(report);
		for (const dependency of hello.dependencies) this.#dependencies.set(dependency.id, new RemoteDependency(dependency, this.#peer, report));
		for (const point of hello.points) this.#collections.set(point.id, new RemoteCollection(point, this.#peer, report));
		this.#active = this.#activate();
		this.#active.catch(() => void 0);
	}
	get code() {
		return this.#guest;
	}
	receive(frame) {
		if (this.#peer.receive(frame)) return;
		if (frame.type === "emit") this.#hear(frame);
		else if (frame.type === "bye") this.#leave(frame);
	}
	refuse(frame, error) {
		if (frame.type === "log") this.#log.refuse(frame, error);
		else if (frame.type === "ready") this.#tellFailure(error);
		else this.#peer.refuse(frame, error);
	}
	async #activate() {
		const { session } = this.#hello;
		try {
			const startedAt = monotonicTime();
			this.#guest = await this.#load();
			const load = monotonicTime() - startedAt;
			this.#peer.emit("loaded");
			const { supplied, findings, savesState, times } = await this.#guest.activate(this.#request());
			const exports = this.#describeExports(this.#guest.exports);
			this.#isActive = true;
			this.#options.outbox.add({
				type: "ready",
				session,
				supplied,
				findings,
				savesState,
				exports,
				times: {
					...times,
					load
				}
			});
			this.#options.outbox.flush();
		} catch (error) {
			this.#tellFailure(error);
			throw error;
		}
	}
	#tellFailure(error) {
		const { session, withStacks } = this.#hello;
		const thrown = encodeThrown(error, { withStack: withStacks });
		this.#options.outbox.add({
			type: "err",
			session,
			id: 0,
			thrown
		});
	}
	async #load() {
		const { extension, main, trusted } = this.#hello;
		const { reused, provided, cache, typescript, separate } = this.#options;
		if (reused !== void 0) return new Guest(extension, reused.namespace, reused.leftoverCounter);
		const leftovers = new LeftoverCounter();
		const loader = createModuleLoader({
			folder: extension.path,
			provided,
			cache,
			signal: this.#controller.signal,
			trusted: trusted && new Map(trusted.map(({ path, sha256 }) => [path, sha256])),
			onFile: (path, stamp) => {
				this.#peer.emit("file", path, stamp);
			},
			leftovers,
			separate,
			...typescript === void 0 ? {} : { typescript }
		});
		return new Guest(extension, await loader.load(main), leftovers);
	}
	#request() {
		const hello = this.#hello;
		const dependencies = new Map(this.#dependencies);
		return {
			contributions: hello.contributions,
			services: hello.services.map(({ id, methods }) => ({
				id,
				methods,
				value: this.#serviceStub(id, methods)
			})),
			undeclaredServices: hello.undeclaredServices,
			dependencies,
			state: hello.state,
			configuration: {
				values: () => this.#configuration,
				onDidChange: this.#configurationChanged.event
			},
			storage: this.#storageStub(),
			secrets: this.#stub([
				"get",
				"set",
				"delete"
			], (method) => `secrets/${method}`),
			logger: this.#logger,
			points: hello.points,
			collection: (point) => this.#collections.get(point),
			limits: hello.limits,
			signal: this.#controller.signal
		};
	}
	#stub(methods, target) {
		return Object.fromEntries(methods.map((method) => [method, (...args) => this.#peer.call(target(method), args)]));
	}
	#storageStub() {
		const { id } = this.#hello.extension;
		const target = (method) => `storage/${method}`;
		const stub = this.#stub([
			"get",
			"delete",
			"keys"
		], target);
		const set = async (key, value) => this.#peer.call(target("set"), [key, jsonCopy(value, id)]);
		return {
			...stub,
			set
		};
	}
	#serviceStub(id, methods) {
		const stub = Object.entries(methods).map(([method, arity]) => [method, (...given) => {
			const args = arity === "variadic" ? given : given.slice(0, arity);
			return this.#peer.call(`service/${id}/${method}`, args);
		}]);
		return Object.freeze(Object.fromEntries(stub));
	}
	#describeExports(exports) {
		const { functions, values } = describeExports(exports);
		const { limits, extension } = this.#hello;
		const options = {
			what: "exports",
			limitBytes: limits.callBytes,
			extensionId: extension.id
		};
		return {
			functions,
			values: sendable(values, options)
		};
	}
	#serve(target) {
		if (this.#isActive) {
			const known = this.#targets.get(target);
			if (known !== void 0) return known;
			const found = this.#target(target);
			if (found !== void 0) this.#targets.set(target, found);
			return found;
		}
		return async (args, context) => {
			await this.#active.catch(() => new Promise(() => void 0));
			const serve = this.#target(target);
			if (serve === void 0) {
				const { id } = this.#hello.extension;
				throw new ExtensionError("CALL_UNKNOWN_TARGET", `${id} did not supply ${target}.`, {
					extensionId: id,
					details: { target }
				});
			}
			return serve(args, context);
		};
	}
	#target(target) {
		const [realm, ...path] = target.split("/");
		const [first = "", second = "", third = ""] = path;
		const guest = this.#guest;
		if (realm === "contribution") {
			const handler = guest?.handler(first, second, third);
			return handler && ((args, context) => handler(...args, context));
		}
		if (realm === "export") return serveExport(guest?.exports[first]);
		if (target === "hook/saveState") return (_args, context) => guest?.saveState(context);
	}
	#hear({ event, args }) {
		if (event === "configuration") {
			this.#configuration = args[0];
			this.#configurationChanged.fire();
		} else if (event === "dependency") this.#dependencies.get(args[0])?.become(args[1]);
		else if (event === "point") this.#collections.get(args[0])?.become(args[1]);
		else if (event === "abort") this.#controller.abort(decodeThrown(args[0]));
	}
	async #leave(bye) {
		const { extension, session, withStacks } = this.#hello;
		const gone = new ExtensionError("EXTENSION_GONE", `${extension.id} was stopped.`, { extensionId: extension.id });
		this.#controller.abort(gone);
		if (!bye.deactivate) {
			this.#guest?.dispose();
			this.#targets.clear();
			this.#peer.end(gone);
			this.#log.end();
			this.#options.onEnd();
			return;
		}
		const failed = {};
		try {
			await this.#guest?.deactivate(contextWithin(bye.timeoutMs));
		} catch (error) {
			failed.thrown = encodeThrown(error, { withStack: withStacks });
		}
		this.#log.end();
		this.#options.outbox.add({
			type: "gone",
			session,
			...failed,
			leftovers: this.#guest?.leftovers() ?? {}
		});
	}
};
// core/src/guest/guest-server.ts
function serveGuests(options) {
	const { channel, provided, cache = new TransformCache(), typescript, separate } = options;
	const sessions = new Map();
	const outbox = new Outbox(channel, (frame, error) => {
		sessions.get(frame.session)?.refuse(frame, error);
	});
	const open = (hello) => {
		const reused = hello.reuse === void 0 ? void 0 : sessions.get(hello.reuse)?.code;
		const session = new GuestSession({
			hello,
			outbox,
			provided,
			cache,
			typescript,
			separate,
			reused,
			onEnd: () => sessions.delete(hello.session)
		});
		sessions.set(hello.session, session);
	};
	channel.receive((frames) => {
		for (const frame of frames) if (frame.type === "hello") open(frame);
		else if (frame.session === 0) answerHost(outbox, frame);
		else sessions.get(frame.session)?.receive(frame);
	});
}
function answerHost(outbox, frame) {
	if (frame.type !== "emit" || frame.event !== "ping") return;
	const pong = {
		type: "emit",
		session: 0,
		event: "pong",
		args: frame.args
	};
	outbox.add(pong);
}
// core/src/runtime/in-process/loopback-driver.ts
var LoopbackDriver = class {
	#provided;
	#cache = new TransformCache();
	#separate = new ChildTransformer(transformProgram());
	constructor(options) {
		this.#provided = options.provided;
	}
	connect(_request, { signal }) {
		if (signal.aborted) return Promise.reject(signal.reason);
		const channel = new LoopbackChannel();
		serveGuests({
			channel: channel.farEnd,
			provided: this.#provided,
			cache: this.#cache,
			separate: this.#separate
		});
		return Promise.resolve(channel);
	}
};
var LoopbackChannel = class {
	closed;
	processId = void 0;
	readable = "everything";
	farEnd;
	#end;
	#sessions = new Set();
	#toHost = ignore;
	#toGuest = ignore;
	#isOpen = true;
	constructor() {
		const { promise, resolve } = Promise.withResolvers();
		this.closed = promise;
		this.#end = resolve;
		this.farEnd = {
			send: (frames, transfer) => {
				const copies = copied(frames, transfer);
				this.#later(() => {
					if (this.#isOpen) this.#toHost(copies);
				});
			},
			receive: (listener) => {
				this.#toGuest = listener;
			}
		};
	}
	send(frames, transfer) {
		if (!this.#isOpen) return;
		const copies = copied(frames, transfer);
		for (const frame of frames) if (frame.type === "hello") this.#sessions.add(frame.session);
		else if (frame.type === "bye" && !frame.deactivate) this.#sessions.delete(frame.session);
		this.#later(() => {
			this.#toGuest(copies);
		});
	}
	receive(listener) {
		this.#toHost = listener;
	}
	close() {
		this.#close({
			kind: "disposed",
			message: "The channel was closed."
		});
	}
	memory() {
		return Promise.resolve(void 0);
	}
	busyPlace() {
		return Promise.resolve(void 0);
	}
	#close(reason) {
		if (!this.#isOpen) return;
		this.#isOpen = false;
		this.#end(reason);
		const byes = [...this.#sessions].map((session) => ({
			type: "bye",
			session,
			deactivate: false,
			timeoutMs: 0
		}));
		this.#sessions.clear();
		this.#later(() => {
			this.#toGuest(byes);
		});
	}
	#later(deliver) {
		queueMicrotask(() => {
			try {
				deliver();
			} catch (error) {
				this.#close({
					kind: "crashed",
					message: `It could not take a frame: ${thrownText(error)}`
				});
			}
		});
	}
};
function copied(frames, transfer) {
	return structuredClone(frames, { transfer: [...transfer] });
}
function ignore() {}
export { LoopbackDriver };

//# sourceMappingURL=loopback-driver-CCnzMGsN.js.map