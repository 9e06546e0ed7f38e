import { i as Guest, n as createModuleLoader, r as LeftoverCounter, t as TransformCache } from "./transform-cache-BfrQPQR1.js";
import { n as transformProgram, t as ChildTransformer } from "./child-transformer-CoCdIUBs.js";
// core/src/runtime/in-process/scoped-guest.ts
var ScopedGuest = class extends Guest {
	#scope;
	#exports;
	constructor(scope, ...guest) {
		super(...guest);
		this.#scope = scope;
	}
	get exports() {
		const exports = super.exports;
		if (this.#exports?.of !== exports) {
			const scoped = Object.entries(exports).map(([name, value]) => [name, typeof value === "function" ? this.#scoped(value) : value]);
			this.#exports = {
				of: exports,
				scoped: Object.fromEntries(scoped)
			};
		}
		return this.#exports.scoped;
	}
	activate(request) {
		const { configuration } = request;
		const scoped = Object.create(request, { configuration: { value: {
			values: () => configuration.values(),
			onDidChange: (listener) => configuration.onDidChange((event) => this.#scope(() => listener(event)))
		} } });
		return this.#scope(() => super.activate(scoped));
	}
	handler(point, id, method) {
		const handler = super.handler(point, id, method);
		return handler && this.#scoped(handler);
	}
	saveState(context) {
		return this.#scope(() => super.saveState(context));
	}
	deactivate(context) {
		return this.#scope(() => super.deactivate(context));
	}
	dispose() {
		this.#scope(() => super.dispose());
	}
	#scoped(code) {
		return (...args) => this.#scope(() => code(...args));
	}
};
// core/src/runtime/in-process/in-process-runtime.ts
var InProcessRuntime = class {
	kind = "in-process";
	#options;
	#cache = new TransformCache();
	#separate = new ChildTransformer(transformProgram());
	constructor(options) {
		this.#options = options;
	}
	async start(request, context) {
		if (request.reuse instanceof Guest) {
			const { namespace, leftoverCounter } = request.reuse;
			return this.#watched(this.#guest(request, namespace, leftoverCounter));
		}
		const leftovers = new LeftoverCounter();
		const loader = createModuleLoader({
			folder: request.extension.path,
			provided: this.#options.provided,
			cache: this.#cache,
			get signal() {
				return context.signal;
			},
			trusted: request.trusted,
			onFile: request.onFile,
			leftovers,
			separate: this.#separate
		});
		const scope = this.#scopeOf(request);
		const loading = scope === void 0 ? loader.load(request.main) : scope(() => loader.load(request.main));
		return this.#watched(this.#guest(request, await loading, leftovers));
	}
	async dispose() {
		await this.#options.watchdog?.dispose();
	}
	#guest(request, namespace, leftovers) {
		const scope = this.#scopeOf(request);
		return scope === void 0 ? new Guest(request.extension, namespace, leftovers) : new ScopedGuest(scope, request.extension, namespace, leftovers);
	}
	#scopeOf({ extension: { id }, generation }) {
		const { scope } = this.#options;
		return scope && ((run) => scope({
			id,
			generation
		}, run));
	}
	#watched(guest) {
		const { watchdog } = this.#options;
		if (watchdog !== void 0) guest.health = watchdog.watch(guest.identity.path, guest.exited);
		return guest;
	}
};
export { InProcessRuntime };

//# sourceMappingURL=in-process-runtime-BO2pFhHj.js.map