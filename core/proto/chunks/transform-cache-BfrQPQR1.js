import { B as placeInStack, Dt as nearest, H as absent, U as readStamped, at as longestPath, bt as lazyRequire, dt as saysMissing, lt as lookInto, ot as lookAt, st as lookAtEntry, xt as nodeModule } from "./host-DMpq1bLR.js";
import { n as placeOfSyntaxError, t as moduleError } from "./module-error-7LAXj7OP.js";
import { i as identityMap, n as transformerAdvice, r as generatedMap, t as findTypeScriptTransformer } from "./transform-typescript-2yierdCa.js";
import { d as tooLong, s as isStackOverflow, u as tooDeep } from "./child-transformer-CoCdIUBs.js";
import { realpathSync } from "node:fs";
import { ExtensionError, isExtensionError, tokenId } from "@plugboard/extension-api";
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { compileFunction } from "node:vm";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
// core/src/common/monotonic-time.ts
function monotonicTime() {
	const [seconds, nanoseconds] = process.hrtime();
	return seconds * 1e3 + nanoseconds / 1e6;
}
// core/src/guest/advise-author.ts
function adviceOn(thrown) {
	try {
		if (thrown instanceof ReferenceError) return adviceOnName(/^(\w+) is not defined$/.exec(thrown.message)?.[1]);
		if (thrown instanceof Error) return adviceOnRefusal(thrown);
	} catch {}
}
function adviseAuthor(thrown) {
	const advice = adviceOn(thrown);
	if (advice === void 0) return;
	const error = thrown;
	const { message, stack } = error;
	try {
		error.message = `${message.replace(/\.$/, "")}. ${advice}`;
		if (stack !== void 0) error.stack = stack.replace(message, () => error.message);
	} catch {}
}
function adviceOnName(name) {
	switch (name) {
		case "require": return "An ES module has no require: write import … from \"…\" instead, use createRequire of node:module, or name the file .cjs";
		case "module":
		case "exports": return `An ES module has no ${name}: write export instead, or name the file .cjs`;
		case "__filename":
		case "__dirname": return `An ES module has no ${name}: write import.meta.${name.slice(2)} instead, or context.extension.path for the extension's folder`;
		default: return;
	}
}
function adviceOnRefusal({ code, permission, resource }) {
	if (code === "ERR_DLOPEN_DISABLED") return advice("load native addons", "addons: true");
	if (code !== "ERR_ACCESS_DENIED") return void 0;
	const what = typeof resource === "string" ? resource : "";
	switch (permission) {
		case "FileSystemRead": return advice(`read ${what}`, `fs: { read: [${JSON.stringify(what)}] }`);
		case "FileSystemWrite": return advice(`write ${what}`, `fs: { write: [${JSON.stringify(what)}] }`);
		case "ChildProcess": return advice(`start programs`, "childProcess: true");
		case "WorkerThreads": return advice("start threads", "workers: true");
		case "WASI": return advice("use WASI", "wasi: true");
		case "Addon": return advice("load native addons", "addons: true");
		case "Net": return advice(`use the network`, `net: [${JSON.stringify(what || "host:port")}]`);
		default: return;
	}
}
function advice(what, capability) {
	return `The extension may not ${what}: declare capabilities: { ${capability} } in plugin.json5, and have it granted under "grants" of the host's configuration`;
}
// core/src/guest/extension-form.ts
function findExtension(extensionId, namespace, container) {
	if (hasHook(namespace)) return namespace;
	const main = defaultOf(namespace);
	if (isExtensionClass(main)) return container.build(main);
	if (typeof main === "object" && main !== null && hasHook(main)) return main;
	throw new ExtensionError("MODULE_EXPORT_MISSING", `The main module of ${extensionId} exports neither a function "activate" nor a class with a method "activate" as its default.`, {
		extensionId,
		details: { exports: Object.keys(namespace) }
	});
}
function defaultOf({ default: main }) {
	return typeof main === "object" && main !== null && "__esModule" in main && "default" in main ? main.default : main;
}
function hasHook(value) {
	return typeof value.activate === "function";
}
function isExtensionClass(value) {
	if (typeof value !== "function") return false;
	const prototype = value.prototype;
	return typeof prototype === "object" && prototype !== null && hasHook(prototype);
}
// core/src/guest/guest-container.ts
const requirePackage$1 = lazyRequire(import.meta.url);
var GuestContainer = class {
	#options;
	#made;
	constructor(options) {
		this.#options = options;
	}
	service(token) {
		try {
			return this.#container.get(token);
		} catch (error) {
			throw this.#explain(error, [token]);
		}
	}
	build(constructor) {
		try {
			return this.#container.get(constructor);
		} catch (error) {
			throw this.#explain(error, []);
		}
	}
	dispose() {
		this.#made = void 0;
	}
	get #container() {
		if (this.#made === void 0) {
			const inversify = requirePackage$1("inversify");
			this.#made = new inversify.Container({
				autobind: true,
				defaultScope: "Singleton"
			});
			for (const service of this.#options.services) this.#made.bind(Symbol.for(service.id)).toConstantValue(this.#tied(service));
		}
		return this.#made;
	}
	#tied({ value, methods }) {
		return Object.keys(methods).length === 0 ? value : this.#options.lifeline.tie(value);
	}
	#explain(error, tokens) {
		if (!isBindingNotFound(error)) return error;
		const { extensionId, undeclaredServices, services } = this.#options;
		const asked = tokens.map(tokenId);
		const denied = undeclaredServices.find((id) => asked.includes(id) || error.message.includes(`Symbol(${id})`)) ?? asked[0];
		if (denied === void 0) return error;
		const line = `services: [${[...services.map((service) => service.id), denied].map((id) => `"${id}"`).join(", ")}]`;
		const message = undeclaredServices.includes(denied) ? `${extensionId} asks for the host service "${denied}", which its manifest does not list. Add to plugin.json5: ${line}` : `${extensionId} asks for the host service "${denied}", which the application does not offer.`;
		return new ExtensionError("CAPABILITY_DENIED", message, {
			extensionId,
			details: {
				service: denied,
				add: line
			},
			cause: error
		});
	}
};
function isBindingNotFound(error) {
	return error instanceof Error && Symbol.for("@inversifyjs/core/InversifyCoreError") in error && "kind" in error && error.kind === 2;
}
// core/src/guest/lifeline.ts
var Lifeline = class {
	#extensionId;
	#isCut = false;
	constructor(extensionId) {
		this.#extensionId = extensionId;
	}
	cut() {
		this.#isCut = true;
	}
	assertWhole() {
		if (!this.#isCut) return;
		throw new ExtensionError("EXTENSION_GONE", `This generation of ${this.#extensionId} is gone, and with it what it was given.`, { extensionId: this.#extensionId });
	}
	tie(value) {
		const tied = {};
		for (const [name, member] of Object.entries(value)) tied[name] = typeof member === "function" ? this.#tieFunction(member, value) : member;
		return Object.freeze(tied);
	}
	#tieFunction(call, target) {
		return async (...args) => {
			this.assertWhole();
			return call.apply(target, args);
		};
	}
};
// core/src/guest/subscription-store.ts
var SubscriptionStore = class {
	#report;
	#items = [];
	constructor(report) {
		this.#report = report;
	}
	push(...items) {
		if (this.#items !== void 0) {
			this.#items.push(...items);
			return;
		}
		for (const item of items) undo(item).catch(this.#report);
	}
	async dispose() {
		const items = this.#items ?? [];
		this.#items = void 0;
		const errors = [];
		for (const item of items.reverse()) try {
			await undo(item);
		} catch (error) {
			errors.push(error);
		}
		if (errors.length === 1) throw errors[0];
		if (errors.length > 1) throw new AggregateError(errors, `${String(errors.length)} subscriptions failed to dispose.`);
	}
};
async function undo(item) {
	if (typeof item === "function") await item();
	else if ("dispose" in item) await item.dispose();
	else if (Symbol.asyncDispose in item) await item[Symbol.asyncDispose]();
	else item[Symbol.dispose]();
}
// core/src/guest/guest.ts
const longestShown = 60;
const mostListed = 5;
var Guest = class {
	identity;
	namespace;
	leftoverCounter;
	exited;
	health;
	#exit;
	#activation;
	#exports = {};
	#isDisposed = false;
	constructor(identity, namespace, leftoverCounter) {
		this.identity = Object.freeze({ ...identity });
		this.namespace = namespace;
		this.leftoverCounter = leftoverCounter;
		const { promise, resolve } = Promise.withResolvers();
		this.exited = promise;
		this.#exit = resolve;
	}
	get exports() {
		return this.#exports;
	}
	async activate(request) {
		const activation = new Activation(this.identity, request);
		this.#activation = activation;
		const startedAt = monotonicTime();
		let returnedAt;
		try {
			const extension = findExtension(this.identity.id, this.namespace, activation.container);
			activation.extension = extension;
			const returned = extension.activate?.(activation.context);
			returnedAt = monotonicTime();
			const exports = await returned;
			if (typeof exports === "object" && exports !== null) this.#exports = { ...exports };
		} catch (error) {
			adviseAuthor(error);
			throw error;
		} finally {
			activation.close();
		}
		return {
			...activation.result(),
			savesState: typeof activation.extension.saveState === "function",
			times: {
				call: returnedAt - startedAt,
				settle: monotonicTime() - returnedAt
			}
		};
	}
	handler(point, id, method) {
		return this.#activation?.handler(point, id, method);
	}
	async saveState(_context) {
		const state = await this.#activation?.extension.saveState?.();
		if (state === void 0) return void 0;
		if (typeof state !== "object" || typeof state.version !== "number" || !("value" in state)) throw this.#invalidState("is not { version, value }");
		try {
			return structuredClone({
				version: state.version,
				value: state.value
			});
		} catch (cause) {
			throw this.#invalidState("holds something that is not plain data", cause);
		}
	}
	async deactivate(_context) {
		const errors = [];
		const activation = this.#activation;
		if (activation === void 0) return;
		try {
			await activation.extension.deactivate?.();
		} catch (error) {
			errors.push(error);
		}
		try {
			await activation.subscriptions.dispose();
		} catch (error) {
			errors.push(error);
		}
		if (errors.length === 1) throw errors[0];
		if (errors.length > 1) throw new AggregateError(errors, "Neither deactivate nor the subscriptions ended well.");
	}
	dispose() {
		if (this.#isDisposed) return;
		this.#isDisposed = true;
		this.#activation?.dispose();
		this.#activation = void 0;
		this.#exports = {};
		this.#exit({
			kind: "disposed",
			message: "The session was disposed."
		});
	}
	leftovers() {
		return this.leftoverCounter?.counts() ?? {};
	}
	#invalidState(what, cause) {
		return new ExtensionError("STATE_INVALID", `What saveState of ${this.identity.id} returned ${what}.`, {
			extensionId: this.identity.id,
			cause
		});
	}
};
var Activation = class {
	container;
	subscriptions;
	context;
	extension = {};
	#identity;
	#request;
	#declared;
	#supplied = new Map();
	#findings = [];
	#lifeline;
	#isOpen = true;
	constructor(identity, request) {
		this.#identity = identity;
		this.#request = request;
		this.#declared = new Map(request.contributions.map((declared) => [keyOf(declared.point, declared.id), declared]));
		this.#lifeline = new Lifeline(identity.id);
		this.container = new GuestContainer({
			extensionId: identity.id,
			lifeline: this.#lifeline,
			services: request.services,
			undeclaredServices: request.undeclaredServices
		});
		this.subscriptions = new SubscriptionStore((error) => {
			request.logger.error("A subscription failed to dispose.", { error });
		});
		this.context = this.#createContext();
	}
	close() {
		this.#isOpen = false;
	}
	handler(point, id, method) {
		const implementation = this.#supplied.get(keyOf(point, id));
		const handler = implementation?.[method];
		if (typeof handler !== "function") return void 0;
		const bound = handler.bind(implementation);
		return this.#declared.get(keyOf(point, id))?.methods[method] === "variadic" ? (...args) => bound(...args.slice(0, -1)) : bound;
	}
	result() {
		const supplied = [];
		for (const [key, { point, id }] of this.#declared) if (this.#supplied.has(key)) supplied.push({
			point,
			id
		});
		else this.#findings.push({
			code: "CONTRIBUTION_MISSING",
			point,
			id,
			message: `${this.#identity.id} declares ${point} "${id}" but its activate did not supply it.`
		});
		return {
			supplied,
			findings: this.#findings
		};
	}
	dispose() {
		this.#isOpen = false;
		this.#lifeline.cut();
		this.#supplied.clear();
		this.container.dispose();
		this.subscriptions.dispose().catch((error) => {
			this.#request.logger.error("A subscription failed to dispose.", { error });
		});
		this.extension = {};
	}
	#createContext() {
		const request = this.#request;
		const lifeline = this.#lifeline;
		const { id } = this.#identity;
		let storage;
		let secrets;
		return {
			extension: this.#identity,
			contribute: (point, contributionId, implementation) => {
				this.#contribute(point, contributionId, implementation);
			},
			contributions: (point) => {
				const pointId = typeof point === "string" ? point : point.id;
				const collection = request.collection(pointId);
				if (collection === void 0) throw new ExtensionError("CALL_UNKNOWN_TARGET", `${id} does not open a point "${pointId}".`, { extensionId: id });
				return collection;
			},
			services: { get: (token) => {
				this.#lifeline.assertWhole();
				this.#assertToken(token);
				return this.container.service(token);
			} },
			subscriptions: this.subscriptions,
			logger: request.logger,
			get storage() {
				return storage ??= lifeline.tie(request.storage);
			},
			get secrets() {
				return secrets ??= lifeline.tie(request.secrets);
			},
			configuration: {
				get: (setting) => request.configuration.values()[setting],
				all: () => request.configuration.values(),
				onDidChange: (listener) => {
					const undo = request.configuration.onDidChange(listener);
					this.subscriptions.push(undo);
					return undo;
				}
			},
			get signal() {
				return request.signal;
			},
			state: request.state,
			dependency: (dependency) => this.#dependency(dependency)
		};
	}
	#contribute(of, id, implementation) {
		const point = idOf(of);
		if (point === void 0) throw this.#unsound(`context.contribute takes a contribution point or its id as its first argument, not ${shown(of)}.`);
		const extensionId = this.#identity.id;
		const details = {
			point,
			id
		};
		if (!this.#isOpen) throw new ExtensionError("CONTRIBUTION_LATE", `${extensionId} contributes ${point} "${id}" after its activate has settled.`, {
			extensionId,
			details
		});
		const declared = this.#declared.get(keyOf(point, id));
		if (declared === void 0) throw new ExtensionError("CONTRIBUTION_UNDECLARED", `${extensionId} contributes ${point} "${id}", which its manifest does not declare. ${this.#declaredText(point, id)}`, {
			extensionId,
			details
		});
		if (typeof implementation !== "object" && typeof implementation !== "function" || implementation === null) throw this.#unsound(`context.contribute takes the object that implements ${point} "${id}" as its third argument, not ${shown(implementation)}.`);
		this.#supplied.set(keyOf(point, id), implementation);
		const missing = Object.keys(declared.methods).filter((method) => typeof implementation[method] !== "function");
		for (const method of missing) this.#findings.push({
			code: "CONTRIBUTION_INCOMPLETE",
			...details,
			message: `${extensionId} supplies ${point} "${id}" without the method ${method}.`
		});
	}
	#declaredText(point, id) {
		const declared = this.#request.contributions;
		const ids = declared.filter((one) => one.point === point).map((one) => one.id);
		if (ids.length > 0) return `It declares ${listed(ids)}.${didYouMean(id, ids)}`;
		const points = [...new Set(declared.map((one) => one.point))];
		if (points.length === 0) return "It declares no contributions.";
		return `It declares nothing under ${point}, but ${listed(points)}.${didYouMean(point, points)}`;
	}
	#assertToken(token) {
		if (typeof token === "symbol" || typeof token === "function") return;
		const instead = typeof token === "string" ? `import the token from the package of the application, or make it: serviceToken(${JSON.stringify(token)}) of @plugboard/extension-api` : "look whether the package of the application exports a token of that name";
		throw this.#unsound(`context.services.get takes the token of a service, not ${shown(token)}: ${instead}.`);
	}
	#unsound(message) {
		return new ExtensionError("CALL_INVALID", message, { extensionId: this.#identity.id });
	}
	#dependency(id) {
		this.#lifeline.assertWhole();
		const exports = this.#request.dependencies.get(id);
		if (exports === void 0) throw new ExtensionError("CAPABILITY_DENIED", `${this.#identity.id} asks for the exports of "${id}", which its manifest does not list under extensionDependencies.`, {
			extensionId: this.#identity.id,
			details: {
				dependency: id,
				add: `extensionDependencies: { "${id}": "*" }`
			}
		});
		if (exports.kind === "required") return this.#lifeline.tie(exports.current() ?? {});
		const { subscriptions } = this;
		const lifeline = this.#lifeline;
		return {
			get current() {
				const current = exports.current();
				return current === void 0 ? void 0 : lifeline.tie(current);
			},
			onDidChange: (listener) => {
				const undo = exports.onDidChange(listener);
				subscriptions.push(undo);
				return undo;
			}
		};
	}
};
function keyOf(point, id) {
	return `${point}/${id}`;
}
function idOf(point) {
	if (typeof point === "string") return point;
	const id = point?.id;
	return typeof id === "string" ? id : void 0;
}
function shown(value) {
	if (typeof value === "string") return `the text ${JSON.stringify(value.slice(0, longestShown))}`;
	if (value === void 0 || value === null || typeof value === "boolean") return String(value);
	return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
function didYouMean(word, known) {
	const suggestion = nearest(word, known);
	return suggestion === void 0 ? "" : ` Did you mean "${suggestion}"?`;
}
function listed(words) {
	const shownWords = words.slice(0, mostListed).map((word) => `"${word}"`);
	const rest = words.length - shownWords.length;
	return rest > 0 ? `${shownWords.join(", ")} and ${String(rest)} more` : shownWords.join(", ");
}
// core/src/guest/leftover-counter.ts
const watchedGlobals = [
	"setTimeout",
	"setInterval",
	"setImmediate",
	"process"
];
var LeftoverCounter = class {
	#timers = {
		setTimeout: new WeakList(isPending),
		setInterval: new WeakList(isPending),
		setImmediate: new WeakList(isPending)
	};
	#listeners = new Map();
	#standIns = new Map();
	standIn(name) {
		const known = this.#standIns.get(name);
		if (known !== void 0) return known;
		const made = name === "process" ? this.#process() : this.#timerFunction(name);
		this.#standIns.set(name, made);
		return made;
	}
	counts() {
		const counts = {
			timeout: this.#timers.setTimeout.live().length,
			interval: this.#timers.setInterval.live().length,
			immediate: this.#timers.setImmediate.live().length,
			"process listener": this.#countListeners()
		};
		return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
	}
	#timerFunction(name) {
		const timers = this.#timers[name];
		return new Proxy(globalThis[name], {
			apply(_original, receiver, values) {
				const timer = Reflect.apply(globalThis[name], receiver, values);
				if (typeof timer === "object" && timer !== null) timers.add(timer);
				return timer;
			},
			get: (_original, key) => Reflect.get(globalThis[name], key)
		});
	}
	#process() {
		const adders = new Map();
		const standIn = new Proxy(process, {
			get: (target, key) => {
				const original = Reflect.get(target, key);
				if (!addsListener.has(key) || typeof original !== "function") return original;
				const known = adders.get(key);
				if (known?.original === original) return known.adder;
				const adder = this.#adder(standIn, original);
				adders.set(key, {
					original,
					adder
				});
				return adder;
			},
			set: (target, key, value) => Reflect.set(target, key, value)
		});
		return standIn;
	}
	#adder(standIn, original) {
		return new Proxy(original, { apply: (_original, receiver, values) => {
			if (receiver !== standIn) return Reflect.apply(original, receiver, values);
			Reflect.apply(original, process, values);
			this.#noteListener(...values);
			return standIn;
		} });
	}
	#noteListener(event, listener) {
		const known = this.#listeners.get(event);
		const list = known ?? new WeakList((noted) => listenersOf(event).includes(noted));
		if (known === void 0) this.#listeners.set(event, list);
		list.add(listener);
	}
	#countListeners() {
		let count = 0;
		for (const [event, noted] of this.#listeners) {
			const present = listenersOf(event);
			for (const listener of noted.live()) {
				const index = present.indexOf(listener);
				if (index === -1) continue;
				present.splice(index, 1);
				count += 1;
			}
		}
		return count;
	}
};
const addsListener = new Set([
	"on",
	"once",
	"addListener",
	"prependListener",
	"prependOnceListener"
]);
function listenersOf(event) {
	return process.listeners(event);
}
function isPending(timer) {
	return "_destroyed" in timer && timer._destroyed === false;
}
var WeakList = class {
	#isLive;
	#items = [];
	#limit = 32;
	constructor(isLive) {
		this.#isLive = isLive;
	}
	add(item) {
		if (this.#items.length >= this.#limit) {
			this.#items = this.#items.filter((reference) => this.#live(reference) !== void 0);
			this.#limit = Math.max(32, this.#items.length * 2);
		}
		this.#items.push(new WeakRef(item));
	}
	live() {
		return this.#items.flatMap((reference) => this.#live(reference) ?? []);
	}
	#live(reference) {
		const item = reference.deref();
		return item !== void 0 && this.#isLive(item) ? item : void 0;
	}
};
// core/src/guest/loader/builtin-module.ts
function builtinValue(id, createRequire) {
	const value = process.getBuiltinModule(id);
	if (id !== "node:module") return value;
	return unchangeable("node:module", value, {
		createRequire,
		register: () => refuse("module.register()"),
		registerHooks: () => refuse("module.registerHooks()"),
		_extensions: unchangeable("module._extensions", Reflect.get(value, "_extensions"))
	});
}
function unchangeable(name, value, replaced = {}) {
	return new Proxy(value, {
		get: (target, key) => Object.hasOwn(replaced, key) ? replaced[key] : Reflect.get(target, key),
		set: (_target, key) => refuse(`${name}.${String(key)}`),
		defineProperty: (_target, key) => refuse(`${name}.${String(key)}`)
	});
}
function refuse(what) {
	throw new ExtensionError("MODULE_UNSUPPORTED", `${what} can't be used to change how modules are loaded`, { details: { hint: "The host loads an extension's modules by itself. Transform the files before they are loaded" } });
}
// core/src/guest/loader/standard-decorators.ts
function standardDecoratorOffset(source) {
	return /(?<=:\s*)Class(?:Method|Getter|Setter|Field|Accessor|)DecoratorContext\b/.exec(source)?.index;
}
const decoratorAdvice = "Write it for experimentalDecorators, as (target, key, descriptor), or apply the function without @";
function refuseStandardDecorator(key, returned) {
	if (key !== "" && typeof returned !== "function") return;
	const member = key === "" ? "a private member" : `"${String(key)}"`;
	throw new ExtensionError("MODULE_UNSUPPORTED", `The decorator of ${member} is a standard (TC39) one`, { details: { hint: decoratorAdvice } });
}
// core/src/guest/loader/decorator-functions.ts
function decorate(decorators, target, key, descriptor) {
	const run = decorators.toReversed();
	if (key === void 0) return run.reduce((result, decorator) => decorator(result) || result, target);
	const present = descriptor === null ? Object.getOwnPropertyDescriptor(target, key) : descriptor;
	const result = run.reduce((found, decorator) => {
		const returned = decorator(target, key, found);
		refuseStandardDecorator(key, returned);
		return returned || found;
	}, present);
	if (result) Object.defineProperty(target, key, result);
	return result;
}
function decorateParam(index, decorator) {
	return (target, key) => decorator(target, key, index);
}
const decoratorFunctions = Object.freeze({
	decorate,
	decorateParam
});
const decoratorFunctionsName = "babelHelpers";
// core/src/guest/loader/edit-list.ts
var EditList = class {
	#edits = [];
	replace(start, end, text) {
		this.#edits.push({
			start,
			end,
			text,
			order: this.#edits.length + 1
		});
	}
	open(at, text) {
		this.#edits.push({
			start: at,
			end: at,
			text,
			order: this.#edits.length + 1
		});
	}
	close(at, text) {
		this.#edits.push({
			start: at,
			end: at,
			text,
			order: -this.#edits.length - 1
		});
	}
	sorted() {
		return this.#edits.toSorted((a, b) => a.start - b.start || a.end - b.end || a.order - b.order);
	}
};
// core/src/guest/loader/find-watched-globals.ts
function findWatchedGlobals(code) {
	return watchedGlobals.filter((name) => code.includes(name) && (name !== "process" || handsOutProcess.test(code)) && !assigns[name].test(code));
}
function declaresLoosely(code, name) {
	return looseDeclarations[name].test(code);
}
const handsOutProcess = /\bprocess\b(?!\s*\??\.\s*(?!(?:on|once|addListener|prependListener|prependOnceListener)\b)[\w$])/;
const assigns = patterns((name) => `${name}\\b(?<=(?<![.\\w$]|\\b(?:const|let|var)\\s+)${name})\\s*(?:\\|\\||\\?\\?)?=(?![=>])`);
const looseDeclarations = patterns((name) => `\\b(?:var\\s+|function[\\s*]+)${name}\\b`);
function patterns(source) {
	const entries = watchedGlobals.map((name) => [name, new RegExp(source(name))]);
	return Object.fromEntries(entries);
}
// core/src/guest/loader/parse-javascript.ts
function parseJavaScript(code, options) {
	return parser().parse(code, options);
}
const requirePackage = lazyRequire(import.meta.url);
const parser = lazily(() => largeScopeParser(requirePackage("acorn").Parser));
const longList = 64;
function largeScopeParser(parser) {
	const Base = parser;
	class LargeScopeParser extends Base {
		declareName(name, bindingType, position) {
			super.declareName(name, bindingType, position);
			const scope = this.currentScope();
			if (scope.lexical.length > longList) scope.lexical = asSet(scope.lexical);
			if (scope.functions.length > longList) scope.functions = asSet(scope.functions);
			if (scope.var.length > longList) scope.var = asSet(scope.var);
			const outer = this.currentVarScope();
			if (outer.var.length > longList) outer.var = asSet(outer.var);
		}
		catchStackOverflow(parse) {
			return parse();
		}
	}
	return LargeScopeParser;
}
function asSet(names) {
	return Array.isArray(names) ? new NameSet(names) : names;
}
var NameSet = class {
	0;
	length = Infinity;
	#names;
	constructor(names) {
		this[0] = names[0];
		this.#names = new Set(names);
	}
	push(name) {
		this.#names.add(name);
	}
	indexOf(name) {
		return this.#names.has(name) ? 0 : -1;
	}
};
function lazily(make) {
	let made;
	return () => (made ??= { value: make() }).value;
}
// core/src/guest/loader/scan-syntax.ts
function scanSyntax(tree, code) {
	const findings = {
		dynamicImports: [],
		metaProperties: [],
		writes: [],
		awaitsAtTopLevel: false,
		operands: [],
		unbreakable: new Set(),
		literals: []
	};
	visit(tree, {
		code,
		findings,
		depth: 0
	});
	findings.literals.sort(([a], [b]) => a - b);
	return findings;
}
function namesOf(pattern) {
	switch (pattern?.type) {
		case "Identifier": return [pattern.name];
		case "ParenthesizedExpression": return namesOf(pattern.expression);
		case "ObjectPattern": return pattern.properties.flatMap((property) => namesOf(property.type === "RestElement" ? property.argument : property.value));
		case "ArrayPattern": return pattern.elements.flatMap((element) => namesOf(element));
		case "AssignmentPattern": return namesOf(pattern.left);
		case "RestElement": return namesOf(pattern.argument);
		default: return [];
	}
}
function visit(node, state) {
	note(node, state);
	const inner = isFunction(node) ? {
		...state,
		depth: state.depth + 1
	} : state;
	for (const key in node) {
		const child = node[key];
		if (typeof child !== "object" || child === null) continue;
		if (Array.isArray(child)) {
			for (const element of child) if (isNode$1(element)) visit(element, inner);
		} else if (isNode$1(child)) visit(child, inner);
	}
}
function note(node, { code, findings, depth }) {
	switch (node.type) {
		case "MetaProperty":
			if (node.meta.name === "import") findings.metaProperties.push(node);
			break;
		case "ImportExpression":
			findings.dynamicImports.push(node);
			break;
		case "AwaitExpression":
			if (depth === 0) findings.awaitsAtTopLevel = true;
			break;
		case "ForOfStatement":
			if (node.await && depth === 0) findings.awaitsAtTopLevel = true;
			if (node.left.type !== "VariableDeclaration") findings.writes.push({
				node,
				names: namesOf(node.left)
			});
			break;
		case "ForInStatement":
			if (node.left.type !== "VariableDeclaration") findings.writes.push({
				node,
				names: namesOf(node.left)
			});
			break;
		case "AssignmentExpression":
			findings.writes.push({
				node,
				names: namesOf(node.left)
			});
			break;
		case "UpdateExpression":
			findings.writes.push({
				node,
				names: namesOf(node.argument)
			});
			if (!node.prefix) findings.unbreakable.add(node.end - 2);
			break;
		case "VariableDeclaration":
			if (node.kind === "await using" && depth === 0) findings.awaitsAtTopLevel = true;
			if (node.kind.endsWith("using")) findings.unbreakable.add(node.declarations[0]?.start ?? node.start);
			break;
		case "TemplateElement":
			findings.literals.push([node.start, node.end]);
			break;
		case "ReturnStatement":
		case "ThrowStatement":
		case "YieldExpression":
			if (node.argument) {
				findings.operands.push({
					keyword: node.start,
					start: node.argument.start,
					end: node.argument.end
				});
				findings.unbreakable.add(node.argument.start);
			}
			break;
		case "BreakStatement":
		case "ContinueStatement":
			if (node.label) findings.unbreakable.add(node.label.start);
			break;
		case "ArrowFunctionExpression":
			findings.unbreakable.add(code.lastIndexOf("=>", node.body.start));
			if (node.async) findings.unbreakable.add(afterWord(code, node.start, "async"));
			break;
		case "FunctionDeclaration":
		case "FunctionExpression":
			if (node.async && code.startsWith("async", node.start)) findings.unbreakable.add(afterWord(code, node.start, "async"));
			break;
		case "MethodDefinition":
		case "Property": if (node.value.type === "FunctionExpression" && node.value.async && node.value.start > node.key.start) findings.unbreakable.add(afterWord(code, code.indexOf("async", node.start), "async"));
	}
}
function isFunction(node) {
	return node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression";
}
function isNode$1(value) {
	return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
function afterWord(code, start, word) {
	let offset = start + word.length;
	while (/\s/.test(code.charAt(offset))) offset += 1;
	return offset;
}
// core/src/guest/loader/transform-module.ts
function hasModuleSyntax(tree, findings) {
	return findings.awaitsAtTopLevel || findings.metaProperties.length > 0 || tree.body.some((node) => node.type === "ImportDeclaration" || node.type.startsWith("Export"));
}
function transformModule(parsed) {
	return new ModuleTransform(parsed).transform();
}
var ModuleTransform = class {
	#parsed;
	#edits;
	#names;
	#dependencies = new Map();
	#imports = new Map();
	#locals = new Map();
	#hoisted = new Set();
	#reexports = [];
	#stars = new Set();
	constructor(parsed) {
		this.#parsed = parsed;
		this.#edits = parsed.edits;
		this.#names = generateNames(parsed.code);
	}
	transform() {
		const { tree, code, findings, lines, isTypeScript } = this.#parsed;
		for (const node of tree.body) if ("source" in node && node.source) this.#dependency(node.source);
		for (const node of tree.body) if (isImport(node)) this.#import(node);
		for (const node of tree.body) this.#export(node);
		for (const node of tree.body) this.#publishDeclaration(node);
		for (const write of findings.writes) this.#publishWrite(write.node, write.names);
		for (const { start, end } of findings.metaProperties) this.#edits.replace(start, end, this.#names.meta);
		for (const { start } of findings.dynamicImports) this.#edits.replace(start, start + 6, this.#names.load);
		const head = this.#head();
		return {
			format: "module",
			body: `${head}${lines.write(this.#edits.sorted(), findings)}\n})]`,
			headLength: head.length,
			parameters: [
				this.#names.initialize,
				this.#names.publish,
				this.#names.load,
				this.#names.meta
			],
			watched: findWatchedGlobals(code).filter((name) => !this.#imports.has(name)),
			isAsync: findings.awaitsAtTopLevel,
			dependencies: Array.from(this.#dependencies.values(), ({ specifier, line, column }) => ({
				specifier,
				line,
				column
			})),
			imports: Array.from(this.#imports.values()),
			exports: new Map(Array.from(this.#locals.values()).flatMap(({ index, exportedAs }) => exportedAs.map((name) => [name, index]))),
			localCount: this.#locals.size,
			hoisted: Array.from(this.#hoisted, (name) => this.#locals.get(name)?.index ?? -1),
			reexports: this.#reexports,
			stars: Array.from(this.#stars),
			anonymousFunction: this.#hoisted.has(this.#names.default) ? this.#locals.get(this.#names.default)?.index : void 0,
			isTypeScript
		};
	}
	#head() {
		const { initialize, value } = this.#names;
		const imported = Array.from(this.#imports.keys());
		const setters = imported.map((name) => `${value}=>{${name}=${value}}`);
		const getters = Array.from(this.#locals.keys(), (name) => `()=>${name}`);
		const declaration = imported.length === 0 ? "" : `let ${imported.join(",")};`;
		const kind = this.#parsed.findings.awaitsAtTopLevel ? "async function*" : "function*";
		return `"use strict";${declaration}return[[${setters.join(",")}],(${kind}(){${initialize}([${getters.join(",")}]);yield;`;
	}
	#import(node) {
		const dependency = this.#dependency(node.source);
		for (const specifier of node.specifiers) {
			const name = specifier.type === "ImportDefaultSpecifier" ? "default" : specifier.type === "ImportNamespaceSpecifier" ? "*" : nameOf(specifier.imported);
			this.#imports.set(specifier.local.name, {
				dependency,
				name,
				...this.#place(specifier.start)
			});
		}
		this.#edits.replace(node.start, node.end, ";");
	}
	#export(node) {
		switch (node.type) {
			case "ExportAllDeclaration": {
				const dependency = this.#dependency(node.source);
				const place = this.#place(node.start);
				if (node.exported) this.#reexports.push({
					dependency,
					name: "*",
					as: nameOf(node.exported),
					...place
				});
				else this.#stars.add(dependency);
				this.#edits.replace(node.start, node.end, ";");
				break;
			}
			case "ExportNamedDeclaration":
				if (node.declaration) this.#edits.replace(node.start, node.declaration.start, "");
				else this.#edits.replace(node.start, node.end, ";");
				if (node.declaration) for (const name of declaredNames(node.declaration)) this.#exportLocal(name, name);
				for (const { local, exported, start } of node.specifiers) if (node.source) {
					const dependency = this.#dependency(node.source);
					this.#reexports.push({
						dependency,
						name: nameOf(local),
						as: nameOf(exported),
						...this.#place(start)
					});
				} else this.#exportLocal(nameOf(local), nameOf(exported));
				break;
			case "ExportDefaultDeclaration": this.#exportDefault(node);
		}
	}
	#exportDefault(node) {
		const { declaration } = node;
		if ((declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration") && declaration.id) {
			this.#edits.replace(node.start, declaration.start, "");
			this.#exportLocal(declaration.id.name, "default");
		} else if (declaration.type === "FunctionDeclaration") {
			const word = /function\s*\*?/y;
			word.lastIndex = this.#parsed.code.indexOf("function", declaration.start);
			word.test(this.#parsed.code);
			this.#edits.replace(node.start, declaration.start, "");
			this.#edits.open(word.lastIndex, ` ${this.#names.default}`);
			this.#exportLocal(this.#names.default, "default");
			this.#hoisted.add(this.#names.default);
		} else {
			this.#edits.replace(node.start, declaration.start, `let ${this.#names.default}={default:`);
			this.#exportLocal(this.#names.default, "default");
			this.#edits.close(node.end, this.#publishCall([this.#names.default]));
			this.#edits.close(declaration.end, "}.default;");
		}
	}
	#exportLocal(name, as) {
		const imported = this.#imports.get(name);
		if (imported !== void 0) {
			this.#reexports.push({
				...imported,
				as
			});
			return;
		}
		const local = this.#locals.get(name);
		if (local === void 0) this.#locals.set(name, {
			index: this.#locals.size,
			exportedAs: [as]
		});
		else local.exportedAs.push(as);
	}
	#publishDeclaration(node) {
		const declaration = node.type === "ExportNamedDeclaration" || node.type === "ExportDefaultDeclaration" ? node.declaration : node;
		if (!declaration) return;
		const names = declaredNames(declaration).filter((name) => this.#locals.has(name));
		if (names.length === 0) return;
		if (declaration.type === "FunctionDeclaration") for (const name of names) this.#hoisted.add(name);
		else this.#edits.close(node.end, this.#publishCall(names));
	}
	#publishWrite(node, written) {
		const names = written.filter((name) => this.#locals.has(name));
		if (names.length === 0) return;
		if (node.type === "ForOfStatement" || node.type === "ForInStatement") {
			this.#edits.open(node.body.start, `{${this.#publishCall(names)}`);
			this.#edits.close(node.body.end, "}");
		} else {
			const calls = names.map((name) => `${this.#names.publish}(${this.#indexOf(name)},`);
			this.#edits.open(node.start, calls.join(""));
			this.#edits.close(node.end, ")".repeat(calls.length));
		}
	}
	#publishCall(names) {
		return `;${names.map((name) => `${this.#names.publish}(${this.#indexOf(name)});`).join("")}`;
	}
	#indexOf(name) {
		return this.#locals.get(name)?.index ?? -1;
	}
	#dependency(source) {
		const specifier = String(source.value);
		const known = this.#dependencies.get(specifier);
		if (known !== void 0) return known.index;
		const index = this.#dependencies.size;
		this.#dependencies.set(specifier, {
			specifier,
			index,
			...this.#place(source.start)
		});
		return index;
	}
	#place(offset) {
		return this.#parsed.lines.placeOf(offset);
	}
};
function generateNames(code) {
	const fresh = (stem) => unusedName(code, stem);
	return {
		initialize: fresh("$init"),
		publish: fresh("$pub"),
		load: fresh("$load"),
		meta: fresh("$meta"),
		value: fresh("$val"),
		default: fresh("$")
	};
}
function unusedName(code, stem) {
	for (let suffix = 0;; suffix += 1) {
		const name = `${stem}${suffix.toString(36)}`;
		if (!code.includes(name)) return name;
	}
}
function isImport(node) {
	return node.type === "ImportDeclaration";
}
function nameOf(node) {
	return node.type === "Identifier" ? node.name : String(node.value);
}
function declaredNames(node) {
	switch (node.type) {
		case "FunctionDeclaration":
		case "ClassDeclaration": return node.id === null ? [] : [node.id.name];
		case "VariableDeclaration": return node.declarations.flatMap(({ id }) => namesOf(id));
		default: return [];
	}
}
// core/src/guest/loader/split-namespaces.ts
function hasSplitNamespace(source) {
	const names = Array.from(source.matchAll(/\b(?:namespace|module)\s+([\w$.]+)\s*\{/g), ([, name]) => name);
	return new Set(names).size < names.length;
}
function findForeignName(tree) {
	return new NamespaceScan().find(tree, "");
}
var NamespaceScan = class {
	#exported = new Map();
	find(node, path) {
		const part = namespacePart(node);
		if (part === void 0) return firstOf(node, (child) => this.find(child, path));
		const namespace = path === "" ? part.name : `${path}.${part.name}`;
		const earlier = this.#exported.get(namespace);
		const foreign = earlier === void 0 ? void 0 : foreignName(part.body, earlier);
		if (foreign !== void 0) return {
			...foreign,
			namespace
		};
		this.#exported.set(namespace, new Set([...earlier ?? [], ...exportsOf(part.body, part.parameter)]));
		return this.find(part.body.body, namespace);
	}
};
function namespacePart(node) {
	if (node.type !== "CallExpression" || node.arguments.length !== 1) return void 0;
	const callee = withoutParentheses(node.callee);
	const [argument] = node.arguments;
	const [parameter] = callee.type === "FunctionExpression" ? callee.params : [];
	if (callee.type !== "FunctionExpression" || parameter?.type !== "Identifier") return void 0;
	if (argument?.type !== "LogicalExpression" || argument.left.type !== "Identifier") return void 0;
	const { name } = argument.left;
	return parameter.name.startsWith(`_${name}`) ? {
		name,
		parameter: parameter.name,
		body: callee
	} : void 0;
}
function withoutParentheses(node) {
	return node.type === "ParenthesizedExpression" ? withoutParentheses(node.expression) : node;
}
function exportsOf(node, parameter) {
	if (node.type === "AssignmentExpression" && node.left.type === "MemberExpression" && node.left.object.type === "Identifier" && node.left.object.name === parameter && node.left.property.type === "Identifier") return [node.left.property.name, ...exportsOf(node.right, parameter)];
	return childrenOf(node).flatMap((child) => exportsOf(child, parameter));
}
function foreignName(body, exported) {
	const declared = new Set(declaredWithin(body));
	return findUse(body, (name) => exported.has(name) && !declared.has(name));
}
function declaredWithin(node) {
	return [...node.type === "VariableDeclarator" ? namesOf(node.id) : node.type === "FunctionDeclaration" || node.type === "FunctionExpression" ? [...namesOf(node.id ?? null), ...node.params.flatMap(namesOf)] : node.type === "ArrowFunctionExpression" ? node.params.flatMap(namesOf) : node.type === "ClassDeclaration" || node.type === "ClassExpression" ? namesOf(node.id ?? null) : node.type === "CatchClause" ? namesOf(node.param ?? null) : [], ...childrenOf(node).flatMap(declaredWithin)];
}
function findUse(node, isWanted) {
	if (node.type === "Identifier") return isWanted(node.name) ? {
		name: node.name,
		offset: node.start
	} : void 0;
	return firstOf(node, (child) => findUse(child, isWanted));
}
function firstOf(node, find) {
	for (const child of childrenOf(node)) {
		const found = find(child);
		if (found !== void 0) return found;
	}
}
function childrenOf(node) {
	return Object.entries(node).flatMap(([key, child]) => {
		if (key === "label" || !("computed" in node && node.computed) && isMemberName(node, key)) return [];
		return (Array.isArray(child) ? child : [child]).filter(isNode);
	});
}
function isMemberName(node, key) {
	return key === (node.type === "MemberExpression" ? "property" : "key") && "computed" in node;
}
function isNode(value) {
	return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
// core/src/guest/loader/transform-source.ts
const commonJsParameters = [
	"exports",
	"require",
	"module",
	"__filename",
	"__dirname"
];
function transformSource(source) {
	return isTypeScript(source.file) ? transformTypeScript(source) : transformJavaScript(source);
}
function isTypeScript(file) {
	return /\.[mc]?ts$/.test(file);
}
const moduleWord = /\b(?:import|export|await)\b/;
function transformJavaScript({ file, text, packageType }) {
	const extension = extname(file);
	const code = withoutHashbang(text);
	const lines = identityMap(code);
	if (extension === ".mjs" || extension !== ".cjs" && packageType === "module") {
		if (code.length > 16777216) throw tooLong(file);
		return transformModule({
			...parseCode(file, code, lines, "module"),
			code,
			lines,
			edits: new EditList(),
			isTypeScript: false
		});
	}
	if (!moduleWord.test(code)) return transformCommonJs(file, code);
	const refusal = refusalOfCommonJs(code);
	if (refusal === void 0) return transformCommonJs(file, code);
	if (code.length > 16777216) throw tooLong(file);
	const parsed = tryParse(code, "module");
	const isModule = parsed !== void 0 && hasModuleSyntax(parsed.tree, parsed.findings);
	if (isModule && extension !== ".cjs" && packageType === void 0) return transformModule({
		...parsed,
		code,
		lines,
		edits: new EditList(),
		isTypeScript: false
	});
	if (parsed === void 0 && extension !== ".cjs" && packageType === void 0 && /^\s*(?:import|export)\b/m.test(code)) parseCode(file, code, lines, "module");
	throw syntaxError({
		file,
		error: refusal,
		hint: isModule ? "Name it .mjs, or write \"type\": \"module\" in its package.json" : void 0
	});
}
function transformCommonJs(file, code) {
	const hasImport = /\bimport\s*\(/.test(code);
	if (hasImport && code.length > 16777216) throw tooLong(file);
	const parsed = hasImport ? tryParse(code, "commonjs") : void 0;
	if (parsed === void 0 || parsed.findings.dynamicImports.length === 0) return {
		format: "commonjs",
		body: code,
		parameters: [],
		watched: watchedInCommonJs(code)
	};
	const lines = identityMap(code);
	return commonJsRecord({
		...parsed,
		code,
		lines,
		edits: new EditList()
	});
}
function transformTypeScript({ file, text, packageType, typescript }) {
	const extension = extname(file);
	const transformer = typescript();
	const source = withoutHashbang(text);
	if (source.length > 16777216) throw tooLong(file);
	const decorator = source.includes("@") ? standardDecoratorOffset(source) : void 0;
	if (decorator !== void 0) throw moduleError("MODULE_UNSUPPORTED", "A standard (TC39) decorator is declared here", {
		file,
		...identityMap(source).placeOf(decorator),
		hint: decoratorAdvice
	});
	const { code, mappings } = transformer.transform(file, source);
	const lines = mappings === void 0 ? identityMap(code) : generatedMap(code, mappings);
	const parsed = extension === ".cts" ? parseCode(file, code, lines, "commonjs", transformer) : tryParse(code, "module") ?? (extension === ".mts" || packageType === "module" ? void 0 : tryParse(code, "commonjs")) ?? parseCode(file, code, lines, "module", transformer);
	if (hasSplitNamespace(source)) refuseForeignName(file, findForeignName(parsed.tree), lines);
	const edits = new EditList();
	if (mappings !== void 0) {
		for (const { start, end } of parsed.comments) edits.replace(start, end, " ");
		parenthesizeOperands(parsed.findings, lines, edits);
	}
	const shape = {
		...parsed,
		code,
		lines,
		edits,
		isTypeScript: true
	};
	const record = extension === ".mts" || extension !== ".cts" && (packageType === "module" || hasModuleSyntax(parsed.tree, parsed.findings)) ? transformModule(shape) : commonJsRecord(shape);
	if (!code.includes(`babelHelpers.`)) return record;
	return {
		...record,
		parameters: [...record.parameters, decoratorFunctionsName]
	};
}
function refuseForeignName(file, foreign, lines) {
	if (foreign === void 0) return;
	const { name, namespace, offset } = foreign;
	const what = `"${name}" is exported by another part of the namespace ${namespace}`;
	throw moduleError("MODULE_UNSUPPORTED", what, {
		file,
		...lines.placeOf(offset),
		hint: `Write ${namespace}.${name}, or put both parts into one`
	});
}
function commonJsRecord({ code, findings, lines, edits }) {
	const load = unusedName(code, "$load");
	for (const { start } of findings.dynamicImports) edits.replace(start, start + 6, load);
	return {
		format: "commonjs",
		body: lines.write(edits.sorted(), findings),
		parameters: [load],
		watched: watchedInCommonJs(code)
	};
}
function watchedInCommonJs(code) {
	const names = findWatchedGlobals(code).filter((name) => !declaresLoosely(code, name));
	if (names.length === 0 || refusalOfCommonJs(code, names) === void 0) return names;
	return names.filter((name) => refusalOfCommonJs(code, [name]) === void 0);
}
function parenthesizeOperands({ operands, unbreakable }, lines, edits) {
	for (const { keyword, start, end } of operands) {
		if (lines.placeOf(start).line <= lines.placeOf(keyword).line) continue;
		edits.open(start, "(");
		edits.close(end, ")");
		unbreakable.delete(start);
	}
}
function parseText(code, sourceType) {
	const comments = [];
	const tree = parseJavaScript(code, {
		ecmaVersion: "latest",
		sourceType,
		preserveParens: true,
		onComment: comments
	});
	return {
		tree,
		comments,
		findings: scanSyntax(tree, code)
	};
}
function tryParse(code, sourceType) {
	try {
		return parseText(code, sourceType);
	} catch (error) {
		if (isStackOverflow(error)) throw error;
		return;
	}
}
function parseCode(file, code, lines, sourceType, transformer) {
	try {
		return parseText(code, sourceType);
	} catch (error) {
		if (isStackOverflow(error)) throw error;
		const offset = error instanceof SyntaxError && "pos" in error ? Number(error.pos) : 0;
		const message = error instanceof Error ? error.message.replace(/ \(\d+:\d+\)$/, "") : String(error);
		const isDecorator = code.charAt(offset) === "@";
		const isFixable = isDecorator && transformer?.isComplete === false;
		throw moduleError(isFixable ? "MODULE_UNSUPPORTED" : "MODULE_SYNTAX", isDecorator ? "A decorator is used here" : message, {
			file,
			...lines.placeOf(offset),
			hint: isFixable ? transformerAdvice : isDecorator ? "Decorators need a TypeScript file" : void 0,
			cause: error
		});
	}
}
function refusalOfCommonJs(code, more = []) {
	try {
		compileFunction(code, [...commonJsParameters, ...more]);
		return;
	} catch (error) {
		return error;
	}
}
function syntaxError({ file, error, headLength = 0, hint }) {
	if (isStackOverflow(error)) return tooDeep(file, error);
	const place = placeOfSyntaxError(error);
	return moduleError("MODULE_SYNTAX", error instanceof Error ? error.message : String(error), {
		file,
		line: place?.line,
		column: place?.line === 1 ? Math.max(place.column - headLength, 1) : place?.column,
		hint,
		cause: error
	});
}
function withoutHashbang(text) {
	return text.startsWith("#!") ? `//${text.slice(2)}` : text;
}
// core/src/guest/loader/commonjs-module.ts
function createRequireFunction(actions) {
	const resolve = Object.assign((specifier, options) => actions.resolve(specifier, options?.paths), { paths: (specifier) => actions.lookupFolders(specifier) });
	return Object.assign((specifier) => actions.require(specifier), {
		resolve,
		main: void 0,
		cache: actions.cache,
		extensions: unchangeable("require.extensions", Object.create(null))
	});
}
function createCommonJsModule(file, actions, parent) {
	let paths;
	return {
		exports: {},
		id: file,
		path: dirname(file),
		filename: file,
		loaded: false,
		children: [],
		get paths() {
			return paths ??= actions.lookupFolders("x") ?? [];
		},
		parent,
		require: createRequireFunction(actions)
	};
}
function runCommonJs(module, record, { load, helpers, leftovers }) {
	const { filename, path } = module;
	const watched = leftovers === void 0 ? [] : record.watched;
	const standIns = watched.map((name) => leftovers?.standIn(name));
	let run;
	try {
		run = compileFunction(record.body, [
			...commonJsParameters,
			...watched,
			...record.parameters
		], { filename });
	} catch (error) {
		throw syntaxError({
			file: filename,
			error
		});
	}
	const { require } = module;
	Reflect.apply(run, module.exports, [
		module.exports,
		require,
		module,
		filename,
		path,
		...standIns,
		load,
		helpers
	]);
	module.loaded = true;
}
// core/src/guest/loader/linked-module.ts
function constantBinding(read) {
	return {
		read,
		subscribe: (set) => set(read())
	};
}
var ValueModule = class {
	id;
	namespace;
	self;
	#bindings = new Map();
	#evaluate;
	constructor(id, namespace, evaluate) {
		this.id = id;
		this.namespace = namespace;
		this.self = constantBinding(() => namespace);
		this.#evaluate = evaluate;
	}
	evaluate() {
		this.#evaluate?.(this.namespace);
		this.#evaluate = void 0;
	}
	resolveExport(name) {
		const known = this.#bindings.get(name);
		if (known !== void 0) return known;
		if (!(name in this.namespace)) return this.#evaluate === void 0 ? void 0 : "unknown";
		const binding = constantBinding(() => this.namespace[name]);
		this.#bindings.set(name, binding);
		return binding;
	}
	exportNames() {
		return Object.keys(this.namespace);
	}
};
function createNamespace() {
	return Object.create(null, { [Symbol.toStringTag]: { value: "Module" } });
}
function fillFromExports(namespace, exports) {
	if (typeof exports === "function" || typeof exports === "object" && exports !== null) for (const name of Object.keys(exports)) {
		if (name === "default" || name === "__esModule") continue;
		const get = () => exports[name];
		Object.defineProperty(namespace, name, {
			enumerable: true,
			get
		});
	}
	Object.defineProperty(namespace, "default", {
		enumerable: true,
		value: exports
	});
}
function requireView(namespace) {
	if ("module.exports" in namespace) return namespace["module.exports"];
	if (!("default" in namespace) || "__esModule" in namespace) return namespace;
	const view = createNamespace();
	for (const name of Object.keys(namespace)) Object.defineProperty(view, name, {
		enumerable: true,
		get: () => namespace[name]
	});
	return Object.defineProperty(view, "__esModule", {
		enumerable: true,
		value: true
	});
}
// core/src/guest/loader/es-module.ts
var EsModule = class {
	id;
	record;
	namespace = createNamespace();
	self = constantBinding(() => this.namespace);
	dependencies;
	hoisting;
	state = "compiled";
	failure;
	#cells;
	#setters;
	#body;
	#unresolved = [];
	constructor(file, record, surroundings) {
		this.id = file;
		this.record = record;
		this.#cells = Array.from({ length: record.localCount }, () => new Cell());
		const { load, meta, helpers, leftovers } = surroundings;
		const watched = leftovers === void 0 ? [] : record.watched;
		const standIns = watched.map((name) => leftovers?.standIn(name));
		const publish = (local, value) => {
			this.#cells[local]?.publish();
			return value;
		};
		const initialize = (getters) => {
			for (const [index, getter] of getters.entries()) this.#cells[index]?.initialize(getter);
		};
		const [setters, body] = compile(file, record, watched)(...standIns, initialize, publish, load, meta, helpers);
		this.#setters = setters;
		this.#body = body();
	}
	hoist() {
		this.state = "hoisted";
		const step = this.#body.next();
		if (step instanceof Promise) this.hoisting = step;
		const { hoisted, anonymousFunction } = this.record;
		if (anonymousFunction !== void 0) {
			const value = this.#cells[anonymousFunction]?.read();
			Object.defineProperty(value, "name", {
				value: "default",
				configurable: true
			});
		}
		for (const local of hoisted) this.#cells[local]?.publish();
	}
	link() {
		this.state = "linked";
		this.#listExports();
		this.#unresolved = Array.from(this.record.imports.keys());
		this.#resolveImports("unknown names wait");
		if (this.record.isTypeScript) return;
		for (const reexport of this.record.reexports) {
			if (reexport.name === "*") continue;
			this.#demand(this.#dependency(reexport).resolveExport(reexport.name), reexport);
		}
	}
	run() {
		this.state = "running";
		try {
			this.#resolveImports("unknown names are missing");
			if (this.record.isAsync) return this.#runAsync();
			this.#body.next();
		} catch (error) {
			throw this.#fail(error);
		}
		this.#finish();
	}
	resolveExport(name, seen = new Set()) {
		const question = `${this.id}\0${name}`;
		if (seen.has(question)) return void 0;
		seen.add(question);
		const local = this.record.exports.get(name);
		if (local !== void 0) return this.#cells[local];
		const reexport = this.record.reexports.find(({ as }) => as === name);
		if (reexport !== void 0) {
			const dependency = this.#dependency(reexport);
			return reexport.name === "*" ? dependency.self : dependency.resolveExport(reexport.name, seen);
		}
		return name === "default" ? void 0 : this.#resolveStar(name, seen);
	}
	*exportNames(seen = new Set()) {
		if (seen.has(this)) return;
		seen.add(this);
		yield* this.record.exports.keys();
		for (const { as } of this.record.reexports) yield as;
		for (const star of this.record.stars) for (const name of this.dependencies?.[star]?.exportNames(seen) ?? []) if (name !== "default") yield name;
	}
	#resolveStar(name, seen) {
		let found;
		for (const star of this.record.stars) {
			const resolution = this.dependencies?.[star]?.resolveExport(name, seen);
			if (resolution === void 0 || resolution === "unknown" && found !== void 0) continue;
			if (resolution === "ambiguous") return "ambiguous";
			if (found === void 0 || found === "unknown") found = resolution;
			else if (found !== resolution) return "ambiguous";
		}
		return found;
	}
	#resolveImports(mode) {
		this.#unresolved = this.#unresolved.filter((index) => {
			const imported = this.record.imports[index];
			const setter = this.#setters[index];
			if (imported === void 0 || setter === void 0) return false;
			const dependency = this.#dependency(imported);
			const resolution = imported.name === "*" ? dependency.self : dependency.resolveExport(imported.name);
			if (resolution === "unknown" && mode === "unknown names wait") return true;
			this.#demand(resolution, imported)?.subscribe(setter);
			return false;
		});
	}
	#demand(resolution, imported) {
		if (typeof resolution === "object") return resolution;
		const dependency = this.#dependency(imported);
		if (resolution === "unknown" && this.state === "linked") return void 0;
		const specifier = this.record.dependencies[imported.dependency]?.specifier ?? dependency.id;
		const names = Array.from(new Set(dependency.exportNames())).slice(0, 12);
		const error = moduleError("MODULE_EXPORT_MISSING", `"${specifier}" ${resolution === "ambiguous" ? "exports more than one" : "does not export"} "${imported.name}"`, {
			file: this.id,
			line: imported.line,
			column: imported.column,
			hint: this.#exportHint(imported.name, names),
			details: {
				specifier,
				name: imported.name,
				from: this.id,
				module: dependency.id
			}
		});
		throw this.#fail(error);
	}
	#exportHint(name, names) {
		const listed = names.length === 0 ? "It exports nothing" : `It exports ${names.join(", ")}`;
		return this.record.isTypeScript ? `${listed}. Write "import type" if ${name} is a type` : listed;
	}
	#dependency({ dependency }) {
		const module = this.dependencies?.[dependency];
		if (module === void 0) throw new TypeError(`${this.id} is linked before its dependencies are there`);
		return module;
	}
	async #runAsync() {
		try {
			await this.#body.next();
		} catch (error) {
			throw this.#fail(error);
		}
		this.#finish();
	}
	#finish() {
		this.state = "done";
		for (const cell of this.#cells) cell.publish();
		this.#listExports();
	}
	#fail(error) {
		this.failure ??= { error };
		this.state = "done";
		return error;
	}
	#listExports() {
		for (const name of Array.from(new Set(this.exportNames())).sort()) {
			if (Object.hasOwn(this.namespace, name)) continue;
			const binding = this.resolveExport(name);
			if (typeof binding !== "object") continue;
			Object.defineProperty(this.namespace, name, {
				enumerable: true,
				get: () => binding.read()
			});
		}
	}
};
var Cell = class {
	#setters = [];
	#getter;
	#isPublished = false;
	initialize(getter) {
		this.#getter = getter;
	}
	read() {
		return this.#getter?.();
	}
	subscribe(set) {
		this.#setters.push(set);
		if (this.#isPublished) set(this.read());
	}
	publish() {
		let value;
		try {
			value = this.read();
		} catch {
			return;
		}
		this.#isPublished = true;
		for (const set of this.#setters) set(value);
	}
};
function compile(file, record, watched) {
	try {
		return compileFunction(record.body, [...watched, ...record.parameters], {
			filename: file,
			columnOffset: -record.headLength
		});
	} catch (error) {
		throw syntaxError({
			file,
			error,
			headLength: record.headLength
		});
	}
}
// core/src/guest/loader/evaluate-modules.ts
var ModuleEvaluator = class {
	#options;
	#evaluations = new WeakMap();
	#lastOrder = 0;
	constructor(options) {
		this.#options = options;
	}
	evaluate(module) {
		if (!(module instanceof EsModule)) {
			if (module instanceof ValueModule) module.evaluate();
			return;
		}
		const known = this.#evaluations.get(module);
		if (known !== void 0 && known.status !== "evaluating") return promiseOf(known.cycleRoot);
		const stack = [];
		try {
			const evaluation = this.#evaluate(module, stack);
			return evaluation.status === "evaluating" ? void 0 : promiseOf(evaluation.cycleRoot);
		} catch (error) {
			for (const failed of stack) fail(failed, error);
			throw error;
		}
	}
	#evaluate(module, stack) {
		const known = this.#evaluations.get(module);
		if (known !== void 0) {
			if (known.status === "evaluated" && known.failure !== void 0) throw known.failure.error;
			return known;
		}
		if (module.failure !== void 0) throw module.failure.error;
		const evaluation = createEvaluation(module, stack.length);
		this.#evaluations.set(module, evaluation);
		stack.push(evaluation);
		for (const dependency of module.dependencies ?? []) this.#evaluateDependency(evaluation, dependency, stack);
		if (evaluation.pendingDependencies > 0 || module.record.isAsync) {
			evaluation.order = ++this.#lastOrder;
			if (evaluation.pendingDependencies === 0) this.#runAsync(evaluation);
		} else this.#run(evaluation);
		if (evaluation.ancestor === evaluation.index) closeCycle(evaluation, stack);
		return evaluation;
	}
	#evaluateDependency(evaluation, dependency, stack) {
		if (!(dependency instanceof EsModule)) {
			this.#options.signal?.throwIfAborted();
			if (dependency instanceof ValueModule) dependency.evaluate();
			return;
		}
		let required = this.#evaluate(dependency, stack);
		if (required.status === "evaluating") evaluation.ancestor = Math.min(evaluation.ancestor, required.ancestor);
		else {
			required = required.cycleRoot;
			if (required.failure !== void 0) throw required.failure.error;
		}
		if (required.order === void 0) return;
		evaluation.pendingDependencies += 1;
		required.asyncParents.push(evaluation);
	}
	#run({ module }) {
		this.#options.signal?.throwIfAborted();
		module.run();
	}
	#runAsync(evaluation) {
		let running;
		try {
			this.#options.signal?.throwIfAborted();
			running = evaluation.module.run();
		} catch (error) {
			running = Promise.reject(error);
		}
		Promise.resolve(running).then(() => {
			this.#complete(evaluation);
		}, (error) => {
			fail(evaluation, error);
		});
	}
	#complete(evaluation) {
		if (evaluation.status === "evaluated") return;
		succeed(evaluation);
		const available = new Set();
		gatherAvailableAncestors(evaluation, available);
		for (const next of Array.from(available).sort((a, b) => (a.order ?? 0) - (b.order ?? 0))) {
			if (next.status === "evaluated") continue;
			if (next.module.record.isAsync) {
				this.#runAsync(next);
				continue;
			}
			try {
				this.#run(next);
				succeed(next);
			} catch (error) {
				fail(next, error);
			}
		}
	}
};
function createEvaluation(module, index) {
	const evaluation = {
		module,
		index,
		ancestor: index,
		status: "evaluating",
		order: void 0,
		pendingDependencies: 0,
		asyncParents: [],
		failure: void 0,
		settled: void 0
	};
	return Object.assign(evaluation, { cycleRoot: evaluation });
}
function closeCycle(root, stack) {
	for (const each of stack.splice(root.index)) {
		each.status = each.order === void 0 ? "evaluated" : "evaluating-async";
		each.cycleRoot = root;
	}
}
function gatherAvailableAncestors(evaluation, available) {
	for (const parent of evaluation.asyncParents) {
		if (available.has(parent) || parent.cycleRoot.failure !== void 0) continue;
		parent.pendingDependencies -= 1;
		if (parent.pendingDependencies > 0) continue;
		available.add(parent);
		if (!parent.module.record.isAsync) gatherAvailableAncestors(parent, available);
	}
}
function succeed(evaluation) {
	evaluation.order = void 0;
	evaluation.status = "evaluated";
	evaluation.settled?.resolve();
}
function fail(evaluation, error) {
	if (evaluation.status === "evaluated") return;
	evaluation.order = void 0;
	evaluation.status = "evaluated";
	evaluation.failure = { error };
	evaluation.settled?.reject(error);
	for (const parent of evaluation.asyncParents) fail(parent, error);
}
function promiseOf(evaluation) {
	if (evaluation.failure !== void 0) throw evaluation.failure.error;
	if (evaluation.status === "evaluated") return void 0;
	evaluation.settled ??= Promise.withResolvers();
	return evaluation.settled.promise;
}
// core/src/guest/loader/package-targets.ts
function exportsTarget(exports, subpath, conditions) {
	return findTarget(exportsMap(exports), subpath, conditions);
}
function importsTarget(imports, specifier, conditions) {
	return isMap(imports) ? findTarget(imports, specifier, conditions) : void 0;
}
function exportedSubpaths(exports) {
	return Object.keys(exportsMap(exports));
}
function exportsMap(exports) {
	return isMap(exports) && Object.keys(exports).some((key) => key.startsWith(".")) ? exports : { ".": exports };
}
function findTarget(map, key, conditions) {
	if (Object.hasOwn(map, key) && !key.includes("*")) return chooseTarget(map[key], conditions) ?? void 0;
	const pattern = Object.keys(map).filter((candidate) => matchOf(candidate, key) !== void 0).toSorted((a, b) => b.indexOf("*") - a.indexOf("*") || b.length - a.length)[0];
	if (pattern === void 0) return void 0;
	return (chooseTarget(map[pattern], conditions) ?? void 0)?.replaceAll("*", () => matchOf(pattern, key) ?? "");
}
function matchOf(pattern, key) {
	const [start, end, ...more] = pattern.split("*");
	if (start === void 0 || end === void 0 || more.length > 0) return void 0;
	return key.startsWith(start) && key.endsWith(end) && key.length >= pattern.length ? key.slice(start.length, key.length - end.length) : void 0;
}
function chooseTarget(target, conditions) {
	if (typeof target === "string") return target;
	if (target === null) return null;
	if (Array.isArray(target)) {
		for (const choice of target) {
			const found = chooseTarget(choice, conditions);
			if (typeof found === "string") return found;
		}
		return;
	}
	if (!isMap(target)) return void 0;
	for (const [condition, choice] of Object.entries(target)) {
		if (condition !== "default" && !conditions.has(condition)) continue;
		const found = chooseTarget(choice, conditions);
		if (found !== void 0) return found;
	}
}
function isMap(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
// core/src/guest/loader/source-files.ts
var SourceFiles = class {
	#root;
	#options;
	#stamps = new Map();
	#kinds = new Map();
	#packages = new Map();
	#refusals = new Map();
	#realPaths = new Map();
	#realFolders;
	constructor(root, options = {}) {
		this.#root = root;
		this.#realFolders = new Set([root]);
		this.#options = options;
	}
	get stamps() {
		return this.#stamps;
	}
	#note(file, stamp) {
		this.#stamps.set(file, stamp);
		this.#options.onFile?.(file, stamp);
	}
	read(file) {
		const read = readStamped(file);
		this.#note(file, read.stamp);
		this.#options.trusted?.assertTrusted(file, read.bytes);
		return read;
	}
	isFile(path) {
		return this.#kind(path) === "file";
	}
	isFolder(path) {
		return this.#kind(path) === "folder";
	}
	refusalOf(specifier) {
		const name = specifier.replace(/^(?:\.{1,2}\/)+/, "/");
		const [path, code] = [...this.#refusals].find(([each]) => each.replaceAll(sep, "/").includes(name)) ?? [];
		return path === void 0 ? void 0 : `${path} can't be looked at: ${code}`;
	}
	realPath(file) {
		const known = this.#realPaths.get(file);
		if (known !== void 0) return known;
		const real = realpathSync.native(file);
		this.#realPaths.set(file, real);
		this.#realFolders.add(dirname(real));
		if (real !== file) this.#note(file, {
			...readStamped(file).stamp,
			target: real
		});
		return real;
	}
	packageIn(folder) {
		if (this.#packages.has(folder)) return this.#packages.get(folder);
		const file = join(folder, "package.json");
		const info = this.isFile(file) ? parsePackage(file, this.read(file).bytes) : void 0;
		this.#packages.set(folder, info);
		return info;
	}
	packageOf(file) {
		for (let folder = dirname(file);; folder = dirname(folder)) {
			if (basename(folder) === "node_modules") return void 0;
			const info = this.packageIn(folder);
			if (info !== void 0) return info;
			if (folder === this.#root || folder === dirname(folder)) return void 0;
		}
	}
	#kind(path) {
		if (this.#kinds.has(path)) return this.#kinds.get(path);
		const { found: stats, code } = this.#look(path);
		const kind = stats?.isFile() ? "file" : stats?.isDirectory() ? "folder" : void 0;
		this.#kinds.set(path, kind);
		if (code !== void 0 && !saysMissing(code) && code !== "ERR_ACCESS_DENIED") this.#refusals.set(path, code);
		if (code !== void 0 && code !== "ERR_ACCESS_DENIED" && path.length <= longestPath) this.#note(path, absent);
		return kind;
	}
	#look(path) {
		if (!this.#realFolders.has(dirname(path))) return lookAt(path);
		const look = lookAtEntry(path);
		if (look.found?.isSymbolicLink() === true) return lookAt(path);
		if (look.found !== void 0) this.#realPaths.set(path, path);
		return look;
	}
};
function parsePackage(file, bytes) {
	const fields = parseJson(file, bytes);
	const record = typeof fields === "object" && fields !== null ? { ...fields } : {};
	const text = (value) => typeof value === "string" ? value : void 0;
	return {
		folder: dirname(file),
		name: text(record["name"]),
		main: text(record["main"]),
		type: record["type"] === "module" || record["type"] === "commonjs" ? record["type"] : void 0,
		exports: record["exports"] ?? void 0,
		imports: record["imports"] ?? void 0
	};
}
function parseJson(file, bytes) {
	const text = decodeText(bytes);
	try {
		return JSON.parse(text);
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		const offset = /at position (\d+)/.exec(message)?.[1];
		const before = text.slice(0, offset === void 0 ? text.length : Number(offset)).split("\n");
		throw moduleError("MODULE_SYNTAX", message.replace(/ in JSON at position.*$/s, " in JSON"), {
			file,
			line: before.length,
			column: (before.at(-1)?.length ?? 0) + 1,
			cause: error
		});
	}
}
function decodeText(bytes) {
	const text = bytes.toString("utf8");
	return text.charCodeAt(0) === 65279 ? text.slice(1) : text;
}
// core/src/guest/loader/suggest-module.ts
const endings = [
	".js",
	".ts",
	".mjs",
	".mts",
	".cjs",
	".cts",
	".json",
	"/index.js",
	"/index.ts"
];
function suggestModule({ specifier, from, files }) {
	if (!specifier.startsWith(".")) {
		const builtin = nearest(specifier, nodeModule().builtinModules.filter((name) => !name.startsWith("_")));
		if (files.isFile(resolve(dirname(from), specifier))) return `Did you mean "./${specifier}"?`;
		return builtin === void 0 ? void 0 : `Did you mean "node:${builtin}"?`;
	}
	const path = resolve(dirname(from), specifier);
	const ending = endings.find((candidate) => files.isFile(path + candidate));
	if (ending !== void 0) return `Did you mean "${specifier}${ending}"?`;
	const name = nearest(basename(path), namesIn(dirname(path)));
	if (name === void 0) return void 0;
	return `Did you mean "${specifier.slice(0, specifier.length - basename(path).length)}${name}"?`;
}
function suggestAlias({ specifier, root, files }) {
	const prefix = /^(?:@|~|#)\//.exec(specifier)?.[0] ?? tsconfigAlias(specifier, root, files);
	if (prefix === void 0) return void 0;
	return `"${prefix}" looks like a path alias, and neither tsconfig.json nor a bundler's settings are read. Write a relative path, or map it under "imports" of the extension's package.json, where names start with #: { "#app/*": "./src/*" }`;
}
function tsconfigAlias(specifier, root, files) {
	const file = join(root, "tsconfig.json");
	if (!files.isFile(file)) return void 0;
	const paths = /"paths"\s*:\s*\{([^}]*)\}/.exec(textOf(file, files))?.[1] ?? "";
	return Array.from(paths.matchAll(/"([^"*]+)\*?"\s*:/g), ([, start = ""]) => start).find((start) => specifier.startsWith(start));
}
function textOf(file, files) {
	try {
		return decodeText(files.read(file).bytes);
	} catch {
		return "";
	}
}
function namesIn(folder) {
	return (lookInto(folder).found?.map(({ name }) => name) ?? []).filter((name) => /\.(?:[mc]?[jt]s|json)$/.test(name));
}
// core/src/guest/loader/resolve-module.ts
const conditionsOf = {
	import: new Set([
		"node",
		"node-addons",
		"import",
		"module-sync"
	]),
	require: new Set([
		"node",
		"node-addons",
		"require",
		"module-sync"
	])
};
var ModuleResolver = class {
	#root;
	#provided;
	#files;
	#known = new Map();
	constructor(options) {
		this.#root = options.root;
		this.#provided = options.provided;
		this.#files = options.files;
	}
	resolve(question) {
		const { specifier, from, kind } = question;
		const key = `${kind}\0${dirname(from)}\0${isTypeScript(from) ? "ts" : "js"}\0${specifier}`;
		const known = this.#known.get(key);
		if (known !== void 0) return known;
		const resolved = this.#find(question);
		this.#known.set(key, resolved);
		return resolved;
	}
	lookupFolders(from) {
		const folders = [];
		for (let folder = dirname(from);; folder = dirname(folder)) {
			if (basename(folder) !== "node_modules") folders.push(join(folder, "node_modules"));
			if (folder === dirname(folder)) return folders;
		}
	}
	requireFolders(specifier, from) {
		if (nodeModule().isBuiltin(specifier)) return null;
		return /^\.{1,2}(?:\/|$)/.test(specifier) ? [dirname(from)] : this.lookupFolders(from);
	}
	notFound(question, hint) {
		const { specifier, from, place } = question;
		return moduleError("MODULE_NOT_FOUND", `Cannot find module "${specifier}"`, {
			file: from,
			...place?.(),
			hint: this.#files.refusalOf(specifier) ?? hint,
			details: {
				specifier,
				from
			}
		});
	}
	#find(question) {
		const { specifier } = question;
		if (nodeModule().isBuiltin(specifier)) return {
			kind: "builtin",
			id: specifier.startsWith("node:") ? specifier : `node:${specifier}`
		};
		if (this.#provided.has(specifier)) return {
			kind: "provided",
			id: specifier
		};
		if (specifier.startsWith("node:")) throw this.notFound(question, "Node has no such built-in module");
		if (isPath(specifier)) return this.#file(this.#pathTarget(question), question);
		if (specifier.startsWith("#")) return this.#findImport(question);
		if (/^[a-z][a-z+.-]+:/i.test(specifier)) throw this.#unsupported(question);
		return this.#findPackage(question);
	}
	#pathTarget({ specifier, from, kind }) {
		if (kind === "require") {
			const meansFolder = /(?:^|\/)\.{0,2}$/.test(specifier);
			return this.#searchPath(resolve(dirname(from), specifier) + (meansFolder ? sep : ""), from);
		}
		const path = fileURLToPath(new URL(specifier, pathToFileURL(from)));
		return this.#exactOrSource(path, from);
	}
	#findImport(question) {
		const { specifier, from, kind } = question;
		const info = this.#files.packageOf(from);
		const target = info && importsTarget(info.imports, specifier, conditionsOf[kind]);
		if (info === void 0 || target === void 0) throw this.notFound(question, suggestAlias({
			specifier,
			root: this.#root,
			files: this.#files
		}) ?? `Name it under "imports" of ${info === void 0 ? "a package.json in the extension's folder" : join(info.folder, "package.json")}`);
		if (target.startsWith("./")) return this.#file(this.#insidePackage(info, target), question);
		return this.resolve({
			...question,
			specifier: target,
			from: join(info.folder, "package.json")
		});
	}
	#findPackage(question) {
		const { specifier, from, kind } = question;
		const [, name, rest = ""] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(specifier) ?? [];
		if (name === void 0) throw this.notFound(question, "It is not the name of a package");
		const own = this.#files.packageOf(from);
		if (own?.name === name && own.exports !== void 0) return this.#findExport(own, `.${rest}`, question);
		for (const modules of this.lookupFolders(from)) {
			if (!this.#files.isFolder(modules)) continue;
			const folder = join(modules, name);
			const info = this.#files.packageIn(folder);
			if (info?.exports !== void 0) return this.#findExport(info, `.${rest}`, question);
			const path = rest === "" && info !== void 0 ? folder + sep : join(folder, rest);
			const target = kind === "require" || rest === "" ? this.#searchPath(path, from) : this.#exactOrSource(path, from);
			if (target !== void 0 || info !== void 0) return this.#file(target, question);
		}
		const advice = suggestAlias({
			specifier,
			root: this.#root,
			files: this.#files
		}) ?? suggestModule({
			specifier,
			from,
			files: this.#files
		}) ?? `Run "npm install ${name}" in ${this.#installFolder(from)}`;
		throw this.notFound(question, advice);
	}
	#findExport(info, subpath, question) {
		const target = exportsTarget(info.exports, subpath, conditionsOf[question.kind]);
		if (target !== void 0) return this.#file(this.#insidePackage(info, target), question);
		const offered = exportedSubpaths(info.exports).slice(0, 12).join(", ");
		const { kind } = question;
		throw this.notFound(question, `${kind} finds no "${subpath}" in ${info.folder}, which exports ${offered} and nothing else. Use one of those: the file itself may be there, but the package keeps it to itself`);
	}
	#insidePackage(info, target) {
		const isSound = target.startsWith("./") && !/(?:^|[\\/])(?:\.\.?|node_modules)(?:[\\/]|$)/.test(target.slice(2));
		const path = join(info.folder, target);
		return isSound && this.#files.isFile(path) ? path : void 0;
	}
	#exactOrSource(path, from) {
		if (this.#files.isFile(path)) return path;
		const extension = extname(path);
		if (!isTypeScript(from) || !/^\.[mc]?js$/.test(extension)) return void 0;
		const source = `${path.slice(0, -2)}ts`;
		return this.#files.isFile(source) ? source : void 0;
	}
	#searchPath(path, from) {
		const endings = [
			".js",
			".json",
			".node",
			".cjs",
			...isTypeScript(from) ? [".ts", ".cts"] : []
		];
		const withEnding = (start) => this.#exactOrSource(start, from) ?? endings.map((ending) => start + ending).find((candidate) => this.#files.isFile(candidate));
		const found = path.endsWith(sep) ? void 0 : withEnding(path);
		if (found !== void 0) return found;
		const folder = resolve(path);
		if (!this.#files.isFolder(folder)) return void 0;
		const main = this.#files.packageIn(folder)?.main;
		const target = main === void 0 ? void 0 : join(folder, main);
		return (target === void 0 ? void 0 : withEnding(target) ?? withEnding(join(target, "index"))) ?? withEnding(join(folder, "index"));
	}
	#file(path, question) {
		if (path !== void 0) return {
			kind: "file",
			id: this.#files.realPath(path)
		};
		throw this.notFound(question, suggestModule({
			...question,
			files: this.#files
		}));
	}
	#unsupported({ specifier, from, place }) {
		return moduleError("MODULE_UNSUPPORTED", `Modules can't be loaded from "${specifier.slice(0, 60)}"`, {
			file: from,
			...place?.(),
			hint: "Keep the code in a file of the extension or in a package",
			details: {
				specifier,
				from
			}
		});
	}
	#installFolder(from) {
		if (from.startsWith(this.#root + sep)) return this.#root;
		return this.#files.packageOf(from)?.folder ?? dirname(from);
	}
};
function isPath(specifier) {
	return /^(?:\.{0,2}\/|\.{1,2}$|file:)/.test(specifier) || isAbsolute(specifier);
}
// core/src/guest/loader/nesting.ts
const deepLevels = 1e3;
function nestsDeeply(text) {
	return text.length > deepLevels && new NestingScan(text).isDeep();
}
const carriesOn = new Set([
	"else",
	"as",
	"satisfies",
	"in",
	"of",
	"instanceof",
	"extends",
	"implements",
	"is"
]);
const precedesExpression = new Set([
	"return",
	"typeof",
	"case",
	"in",
	"of",
	"do",
	"else",
	"void",
	"throw"
]);
var NestingScan = class {
	#text;
	#position = 0;
	#levels = 0;
	#open = [];
	#here = 0;
	#last = "start";
	#lastWord = "";
	#templates = [];
	constructor(text) {
		this.#text = text;
	}
	isDeep() {
		while (this.#position < this.#text.length) {
			this.#step();
			if (this.#levels > deepLevels) return true;
		}
		return false;
	}
	#step() {
		const text = this.#text;
		const start = this.#position;
		const character = text.charAt(start);
		this.#position += 1;
		if (character <= " ") return;
		if (isWordPart(character)) {
			while (isWordPart(text.charAt(this.#position))) this.#position += 1;
			this.#word(text.slice(start, this.#position));
			return;
		}
		switch (character) {
			case "(":
			case "[":
			case "{":
				this.#add(character === "{" ? "{" : "(");
				this.#enter();
				return;
			case ")":
			case "]":
				this.#leave(")");
				return;
			case "}":
				this.#leave("}");
				if (this.#templates.at(-1) === this.#open.length) {
					this.#templates.pop();
					this.#template();
				}
				return;
			case ";":
			case ",":
				this.#last = ";";
				return;
			case "\"":
			case "'":
				this.#skipTo(character);
				this.#add("value");
				return;
			case "`":
				this.#add("`");
				this.#template();
				return;
			case "/":
				this.#slash();
				return;
			default: this.#add("operator");
		}
	}
	#word(word) {
		this.#add("word", word);
		this.#lastWord = word;
	}
	#add(token, word) {
		if (this.#last === ";" && word !== "else" || this.#last === "}" && word !== void 0 && !carriesOn.has(word)) {
			this.#levels -= this.#here;
			this.#here = 0;
		}
		this.#here += 1;
		this.#levels += 1;
		this.#last = token;
	}
	#enter() {
		this.#open.push(this.#here);
		this.#here = 0;
	}
	#leave(token) {
		this.#levels -= this.#here;
		this.#here = this.#open.pop() ?? 0;
		this.#last = token;
	}
	#template() {
		const text = this.#text;
		for (; this.#position < text.length; this.#position += 1) {
			const character = text.charAt(this.#position);
			if (character === "\\") this.#position += 1;
			else if (character === "`") {
				this.#position += 1;
				this.#last = "value";
				return;
			} else if (character === "$" && text.charAt(this.#position + 1) === "{") {
				this.#position += 2;
				this.#templates.push(this.#open.length);
				this.#enter();
				return;
			}
		}
	}
	#slash() {
		const text = this.#text;
		const next = text.charAt(this.#position);
		if (next === "/" || next === "*") {
			const end = next === "/" ? "\n" : "*/";
			const found = text.indexOf(end, this.#position + 1);
			this.#position = found === -1 ? text.length : found + end.length;
			return;
		}
		if (this.#last === "value" || this.#last === ")" || this.#last === "word" && !precedesExpression.has(this.#lastWord)) this.#add("operator");
		else this.#expression();
	}
	#expression() {
		this.#add("value");
		const text = this.#text;
		let isClass = false;
		for (; this.#position < text.length; this.#position += 1) {
			const character = text.charAt(this.#position);
			if (character === "\n") return;
			if (character === "\\") this.#position += 1;
			else if (character === "[") isClass = true;
			else if (character === "]") isClass = false;
			else if (character === "/" && !isClass) {
				this.#position += 1;
				return;
			}
		}
	}
	#skipTo(quote) {
		const text = this.#text;
		for (; this.#position < text.length; this.#position += 1) {
			const character = text.charAt(this.#position);
			if (character === "\\") this.#position += 1;
			else if (character === quote || character === "\n") break;
		}
		this.#position += 1;
	}
};
function isWordPart(character) {
	return character >= "a" && character <= "z" || character >= "A" && character <= "Z" || character >= "0" && character <= "9" || character === "_" || character === "$" || character > "";
}
// core/src/guest/loader/trusted-files.ts
var TrustedFiles = class {
	#root;
	#digests;
	constructor(root, digests) {
		this.#root = root;
		this.#digests = digests;
	}
	assertTrusted(file, bytes) {
		const digest = this.#digests.get(relative(this.#root, file).split(sep).join("/"));
		if (digest === void 0) throw moduleError("TRUST_CHANGED", "This file was not among those that were trusted", { file });
		if (process.getBuiltinModule("node:crypto").hash("sha256", bytes, "hex") !== digest) throw moduleError("TRUST_CHANGED", "This file is not as it was when it was trusted", { file });
	}
};
// core/src/guest/loader/module-loader.ts
function createModuleLoader(options) {
	return new GenerationLoader(options);
}
const sliceMs = 10;
const nodeRequire = lazyRequire(import.meta.url);
var GenerationLoader = class {
	#root;
	#options;
	#sources;
	#resolver;
	#evaluator;
	#modules = new Map();
	#required = Object.create(null);
	#records = new Map();
	#typescript;
	constructor(options) {
		this.#options = options;
		this.#root = realFolder(options.folder);
		this.#typescript = options.typescript;
		this.#evaluator = new ModuleEvaluator(options);
		const { onFile, trusted } = options;
		this.#sources = new SourceFiles(this.#root, {
			onFile,
			trusted: trusted && new TrustedFiles(this.#root, trusted)
		});
		this.#resolver = new ModuleResolver({
			root: this.#root,
			provided: options.provided,
			files: this.#sources
		});
	}
	get files() {
		return this.#sources.stamps;
	}
	async load(main) {
		try {
			return await this.#importLater(this.#resolveMain(main));
		} catch (error) {
			throw this.#asLoadFailure(error, main);
		}
	}
	#resolveMain(main) {
		const path = resolve(this.#root, main);
		if (!isInside(this.#root, path)) throw this.#misplaced(main, "leads out of the extension's folder");
		if (!this.#sources.isFile(path)) {
			const specifier = `./${relative(this.#root, path).split(sep).map(encodeURIComponent).join("/")}`;
			return this.#resolver.resolve({
				specifier,
				from: this.#manifest,
				kind: "import"
			});
		}
		const real = this.#sources.realPath(path);
		if (isInside(this.#root, real)) return {
			kind: "file",
			id: real
		};
		throw this.#misplaced(main, `is a link to ${real}, outside the extension's folder`);
	}
	get #manifest() {
		return join(this.#root, "plugin.json5");
	}
	#misplaced(main, how) {
		return moduleError("MANIFEST_PATH", `main "${main}" ${how}`, {
			file: this.#manifest,
			hint: "Name a file inside the folder, starting with ./",
			details: {
				specifier: main,
				from: this.#manifest
			}
		});
	}
	#import(resolved) {
		const { kind, id } = resolved;
		const key = `${kind}:${id}`;
		const known = this.#modules.get(key);
		if (known !== void 0) return known;
		const module = this.#createModule(resolved);
		this.#modules.set(key, module);
		return module;
	}
	#createModule({ kind, id }) {
		if (kind === "provided") return new ValueModule(id, this.#options.provided.get(id));
		if (kind === "builtin") {
			const namespace = createNamespace();
			fillFromExports(namespace, this.#builtin(id));
			return new ValueModule(id, namespace);
		}
		this.#checkKind(id);
		const extension = extname(id);
		if (extension === ".json") {
			const namespace = createNamespace();
			Object.defineProperty(namespace, "default", {
				enumerable: true,
				value: this.#requireFile(id)
			});
			return new ValueModule(id, namespace);
		}
		const record = extension === ".node" ? void 0 : this.#record(id);
		if (record?.format !== "module") return new ValueModule(id, createNamespace(), (namespace) => fillFromExports(namespace, this.#requireFile(id)));
		return new EsModule(id, record, {
			load: (specifier) => this.#dynamicImport(String(specifier), id),
			meta: this.#metaOf(id),
			helpers: decoratorFunctions,
			leftovers: this.#options.leftovers
		});
	}
	#checkKind(file) {
		const extension = extname(file);
		if (/^(?:\.[mc]?[jt]s|\.json|\.node|)$/.test(extension)) return;
		throw moduleError("MODULE_UNSUPPORTED", `Files that end in ${extension} can't be imported`, {
			file,
			hint: "Import .js, .mjs, .cjs, .ts, .mts, .cts or .json; read anything else with node:fs"
		});
	}
	#record(file) {
		const known = this.#records.get(file);
		if (known !== void 0) return known;
		const { key, source } = this.#sourceOf(file, this.#sources.read(file));
		return this.#keepRecord(file, key, this.#options.cache.get(key) ?? this.#transform(source));
	}
	#read({ kind, id }) {
		if (kind !== "file" || !isCode(id) || this.#records.has(id)) return void 0;
		const { cache, separate, signal } = this.#options;
		const { key, source } = this.#sourceOf(id, this.#sources.read(id));
		const known = cache.get(key);
		if (known === void 0 && separate?.transformLater !== void 0) {
			const record = this.#isHeavy(source) ? void 0 : this.#tryTransform(source);
			if (record === void 0) return async () => {
				const later = await separate.transformLater?.(source, signal);
				if (later !== void 0) this.#keepRecord(id, key, later);
			};
			this.#keepRecord(id, key, record);
		} else this.#keepRecord(id, key, known ?? this.#transform(source));
	}
	#sourceOf(file, { bytes, stamp }) {
		const packageType = /\.[mc][jt]s$/.test(file) ? void 0 : this.#sources.packageOf(file)?.type;
		const transformer = isTypeScript(file) ? this.#eraser().name : "";
		return {
			key: [
				stamp.hash,
				extname(file),
				packageType ?? "",
				transformer
			].join(" "),
			source: {
				file,
				text: decodeText(bytes),
				packageType
			}
		};
	}
	#keepRecord(file, key, record) {
		this.#options.cache.set(key, record);
		this.#records.set(file, record);
		return record;
	}
	#transform(source) {
		const { separate } = this.#options;
		if (separate === void 0) return transformSource({
			...source,
			typescript: this.#eraser
		});
		return (isTypeScript(source.file) && nestsDeeply(source.text) ? void 0 : this.#tryTransform(source)) ?? separate.transform(source);
	}
	#tryTransform(source) {
		try {
			return transformSource({
				...source,
				typescript: this.#eraser
			});
		} catch (error) {
			if (isStackOverflow(error)) return void 0;
			throw error;
		}
	}
	#isHeavy({ file, text }) {
		return text.length >= 524288 || isTypeScript(file) && nestsDeeply(text);
	}
	#eraser = () => this.#typescript ??= findTypeScriptTransformer();
	async #dynamicImport(specifier, from) {
		const stack = new Error().stack;
		const place = () => placeInStack(stack, (file) => file === from);
		return this.#importLater(this.#resolver.resolve({
			specifier,
			from,
			kind: "import",
			place
		}));
	}
	async #importLater(resolved) {
		await this.#read(resolved)?.();
		const module = this.#import(resolved);
		await this.#finish(module);
		return module.namespace;
	}
	async #finish(module) {
		const order = [];
		const steps = this.#collect(module, order, new Set());
		let sliceStart = monotonicTime();
		for (let step = steps.next(); step.done !== true; step = steps.next()) {
			if (step.value !== void 0) await step.value();
			else if (monotonicTime() - sliceStart < sliceMs) continue;
			else await setImmediate();
			this.#options.signal?.throwIfAborted();
			sliceStart = monotonicTime();
		}
		await this.#link(order);
		const running = this.#evaluator.evaluate(module);
		if (running !== void 0) await untilAborted(running, this.#options.signal);
	}
	*#collect(module, order, seen) {
		if (seen.has(module)) return;
		seen.add(module);
		if (module instanceof EsModule) {
			module.dependencies ??= yield* this.#importAll(module);
			for (const dependency of module.dependencies) yield* this.#collect(dependency, order, seen);
		}
		order.push(module);
	}
	*#importAll(module) {
		const dependencies = [];
		for (const { specifier, line, column } of module.record.dependencies) {
			yield void 0;
			const place = () => ({
				line,
				column
			});
			const resolved = this.#resolver.resolve({
				specifier,
				from: module.id,
				kind: "import",
				place
			});
			const work = this.#read(resolved);
			if (work !== void 0) yield work;
			dependencies.push(this.#import(resolved));
		}
		return dependencies;
	}
	#link(order) {
		const modules = order.filter((module) => module instanceof EsModule);
		for (const module of modules) if (module.state === "compiled") module.hoist();
		for (const module of modules) if (module.state === "hoisted") module.link();
		const hoisting = modules.flatMap(({ hoisting }) => hoisting ?? []);
		return hoisting.length === 0 ? void 0 : Promise.all(hoisting);
	}
	#require(specifier, from) {
		const resolved = this.#resolveRequired(specifier, from);
		if (resolved.kind === "builtin") return this.#builtin(resolved.id);
		if (resolved.kind === "provided") return requireView(this.#import(resolved).namespace);
		return this.#requireFile(resolved.id, this.#required[from]);
	}
	#resolveFrom(specifier, from, paths) {
		if (paths === void 0) return this.#resolveRequired(specifier, from).id;
		let failure;
		for (const path of paths) try {
			return this.#resolveRequired(specifier, insideFolder(resolve(dirname(from), path))).id;
		} catch (error) {
			if (!isExtensionError(error, "MODULE_NOT_FOUND")) throw error;
			failure = error;
		}
		throw failure ?? this.#resolver.notFound({
			specifier,
			from,
			kind: "require"
		}, "No path was given");
	}
	#resolveRequired(specifier, from) {
		const place = () => placeInStack(new Error().stack, (file) => file === from);
		return this.#resolver.resolve({
			specifier,
			from,
			kind: "require",
			place
		});
	}
	#requireFile(file, parent) {
		const known = this.#required[file];
		if (known !== void 0) {
			if (parent?.children.includes(known) === false) parent.children.push(known);
			return known.exports;
		}
		if (file.endsWith(".node")) {
			this.#sources.read(file);
			return nodeRequire(file);
		}
		if (file.endsWith(".json")) return this.#keep(file, parseJson(file, this.#sources.read(file).bytes), parent);
		const record = this.#record(file);
		if (record.format === "module") return this.#keep(file, this.#requireEsModule(file), parent);
		const module = createCommonJsModule(file, this.#requireActions(file), parent);
		this.#required[file] = module;
		parent?.children.push(module);
		const load = (specifier) => this.#dynamicImport(String(specifier), file);
		try {
			const { leftovers } = this.#options;
			runCommonJs(module, record, {
				load,
				helpers: decoratorFunctions,
				leftovers
			});
		} catch (error) {
			Reflect.deleteProperty(this.#required, file);
			throw error;
		}
		return module.exports;
	}
	#keep(file, exports, parent) {
		const module = createCommonJsModule(file, this.#requireActions(file), parent);
		this.#required[file] = Object.assign(module, {
			exports,
			loaded: true
		});
		parent?.children.push(module);
		return exports;
	}
	#requireEsModule(file) {
		const module = this.#import({
			kind: "file",
			id: file
		});
		const order = [];
		const steps = this.#collect(module, order, new Set());
		while (steps.next().done !== true) this.#options.signal?.throwIfAborted();
		const waiting = order.find((each) => each instanceof EsModule && each.record.isAsync && each.state !== "done");
		if (waiting !== void 0) throw moduleError("MODULE_UNSUPPORTED", `require() can't load a module that awaits at top level`, {
			file: waiting.id,
			hint: "Load it with import()"
		});
		this.#link(order);
		this.#evaluator.evaluate(module);
		return requireView(module.namespace);
	}
	#requireActions(from) {
		return {
			require: (specifier) => this.#require(specifier, from),
			resolve: (specifier, paths) => this.#resolveFrom(specifier, from, paths),
			lookupFolders: (specifier) => this.#resolver.requireFolders(specifier, from),
			cache: this.#required
		};
	}
	#builtin(id) {
		if (id === "node:process") return this.#options.leftovers?.standIn("process") ?? process;
		return builtinValue(id, (file) => {
			const path = file instanceof URL || !isAbsolute(file) ? fileURLToPath(file) : file;
			return createRequireFunction(this.#requireActions(/[\\/]$/.test(path) ? insideFolder(path) : path));
		});
	}
	#metaOf(file) {
		return Object.assign(Object.create(null), {
			url: pathToFileURL(file).href,
			filename: file,
			dirname: dirname(file),
			main: false,
			resolve: (specifier) => this.#resolveUrl(String(specifier), file)
		});
	}
	#resolveUrl(specifier, from) {
		if (/^(?:\.{0,2}\/|file:)/.test(specifier)) return new URL(specifier, pathToFileURL(from)).href;
		const place = () => placeInStack(new Error().stack, (file) => file === from);
		const resolved = this.#resolver.resolve({
			specifier,
			from,
			kind: "import",
			place
		});
		return resolved.kind === "file" ? pathToFileURL(resolved.id).href : resolved.id;
	}
	#asLoadFailure(error, main) {
		const { signal } = this.#options;
		if (signal?.aborted && error === signal.reason) return error;
		const isOurs = isExtensionError(error) && /^(?:MODULE|MANIFEST)_/.test(error.code);
		if (isOurs && error.details["file"] !== void 0) return error;
		const stack = error instanceof Error ? error.stack : void 0;
		const place = placeInStack(stack, (file) => this.#records.has(file));
		const where = {
			file: resolve(this.#root, main),
			...place
		};
		if (isOurs) {
			const { hint } = error.details;
			return moduleError(error.code, error.message, {
				...where,
				hint: typeof hint === "string" ? hint : void 0,
				cause: error
			});
		}
		const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
		return moduleError("MODULE_FAILED", `A file threw while it was loaded: ${message}`, {
			...where,
			hint: adviceOn(error),
			cause: error
		});
	}
};
function insideFolder(folder) {
	return join(folder, "noop.js");
}
function isCode(file) {
	return /\.[mc]?[jt]s$/.test(file) || extname(file) === "";
}
function isInside(folder, path) {
	return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
async function untilAborted(work, signal) {
	if (signal === void 0) return work;
	const { promise, reject } = Promise.withResolvers();
	const abort = () => reject(signal.reason);
	signal.addEventListener("abort", abort, { once: true });
	try {
		await Promise.race([work, promise]);
	} finally {
		signal.removeEventListener("abort", abort);
	}
}
function realFolder(folder) {
	try {
		return realpathSync.native(folder);
	} catch (cause) {
		throw moduleError("MODULE_NOT_FOUND", "The extension's folder is not there", {
			file: folder,
			cause
		});
	}
}
// core/src/guest/loader/transform-cache.ts
var TransformCache = class {
	#maximumBytes;
	#records = new Map();
	#bytes = 0;
	constructor(options = {}) {
		this.#maximumBytes = options.maximumBytes ?? 16777216;
	}
	get bytes() {
		return this.#bytes;
	}
	get(key) {
		const entry = this.#records.get(key);
		if (entry === void 0) return void 0;
		this.#records.delete(key);
		this.#records.set(key, entry);
		return entry.record;
	}
	set(key, record) {
		this.delete(key);
		const bytes = sizeOf(record);
		if (bytes > this.#maximumBytes) return;
		this.#records.set(key, {
			record,
			bytes
		});
		this.#bytes += bytes;
		for (const oldest of this.#records.keys()) {
			if (this.#bytes <= this.#maximumBytes) break;
			this.delete(oldest);
		}
	}
	delete(key) {
		const entry = this.#records.get(key);
		if (entry === void 0) return;
		this.#records.delete(key);
		this.#bytes -= entry.bytes;
	}
};
function sizeOf(record) {
	const text = record.body.length * (/[^\0-\xff]/.test(record.body) ? 2 : 1);
	if (record.format === "commonjs") return text + 500;
	const names = record.dependencies.length + record.imports.length + record.exports.size + record.reexports.length;
	return text + 1e3 + names * 150;
}
export { adviseAuthor as a, Guest as i, createModuleLoader as n, monotonicTime as o, LeftoverCounter as r, TransformCache as t };

//# sourceMappingURL=transform-cache-BfrQPQR1.js.map