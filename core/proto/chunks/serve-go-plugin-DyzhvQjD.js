import { i as InputError, n as folderText, o as UsageError, s as exitCode } from "./main-DS4x5uUc.js";
import { t as Output } from "./output-DZwVe-PC.js";
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
// core/src/cli/commands/serve-go-plugin.ts
async function serveGoPlugin(surroundings, { folders, flags, loadServices }) {
	const { io } = surroundings;
	const services = (flags.service ?? []).map(serviceSpec);
	const versions = versionsIn(flags.versions ?? "1");
	const serving = await loadServing();
	const cookie = flags.cookie === void 0 ? serving.servingCookie : cookieIn(flags.cookie);
	if (!serving.isStartedByHost(io.env, cookie)) throw startedByHand(cookie);
	const places = await placesOf(folders, io.cwd);
	io.ignoreInterrupts();
	let server;
	const streams = io.takeStreams(({ stream, data }) => server?.print(stream, data));
	const stray = io.onStrayOutput(({ level, text, owner }) => server?.log(level, text, owner && {
		extensionId: owner.id,
		generation: owner.generation
	}));
	const stop = () => void server?.stop(`it was told to by ${io.signal.reason}`);
	try {
		server = await serving.serveGoPlugin({
			cookie,
			versions,
			environment: io.env,
			...flags.tcp === true ? { network: "tcp" } : {},
			handshake: (line) => streams.stdout(line),
			log: (line) => streams.stderr(line),
			host: async (link) => startHost(surroundings, {
				places,
				link,
				offers: offersOf(services, link),
				services: await loadServices()
			})
		});
		io.signal.addEventListener("abort", stop, { once: true });
		if (io.signal.aborted) stop();
		await server.closed;
		return exitCode.done;
	} finally {
		io.signal.removeEventListener("abort", stop);
		stray.dispose();
		streams.dispose();
	}
}
async function startHost({ io, options }, { places, link, offers, services }) {
	const { hostSetup, reportMissingFolders } = await import("./host-setup-BZCB1Pyy.js");
	const { stdout, env, cwd } = io;
	const context = {
		io,
		output: new Output({
			stdout,
			stderr: logStream(link),
			env,
			cwd
		}, { json: false }),
		options,
		services
	};
	const setup = await hostSetup(context);
	if (places === void 0) await reportMissingFolders(setup, context);
	const { stateFolder: _stateFolder, ...hostOptions } = setup.hostOptions;
	const host = services.createHost({
		...hostOptions,
		...places,
		services: offers,
		watch: false,
		logger: loggerOf(link)
	});
	const starting = host.start();
	starting.catch((error) => link.log("error", "the extension host failed to start", { error }));
	await Promise.race([host.listed, starting]);
	for (const { id, folder, problems } of host.extensions) for (const { code, severity, message, file, line } of problems) {
		const level = severity === "error" ? "error" : "warn";
		link.log(level, message, {
			code,
			extension: id ?? folder,
			file,
			line
		});
	}
	return host;
}
async function placesOf(folders, cwd) {
	if (folders.length === 0) return void 0;
	const absolute = folders.map((folder) => resolve(cwd, folder));
	const kinds = await Promise.all(absolute.map(kindOf));
	const missing = absolute.find((_folder, index) => kinds[index] === "missing");
	if (missing !== void 0) throw new InputError("DISCOVERY_FOLDER_MISSING", `The folder ${folderText(missing, cwd)} does not exist.`);
	return {
		extensionFolders: absolute.filter((_folder, index) => kinds[index] === "collection"),
		developmentFolders: absolute.filter((_folder, index) => kinds[index] === "extension")
	};
}
async function kindOf(folder) {
	const exists = (path) => stat(path).then(() => true, () => false);
	const [isThere, hasManifest] = await Promise.all([exists(folder), exists(join(folder, "plugin.json5"))]);
	return hasManifest ? "extension" : isThere ? "collection" : "missing";
}
async function loadServing() {
	const name = "@plugboard/runtime-go-plugin/serve";
	try {
		return await import(name);
	} catch (error) {
		if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
		throw new InputError("MODULE_NOT_FOUND", "Serving Go programs needs the package @plugboard/runtime-go-plugin.", "Install it beside @plugboard/core with: npm install @plugboard/runtime-go-plugin");
	}
}
function startedByHand({ key, value }) {
	return new InputError("RUNTIME_START_FAILED", "This is a plugin: a Go program starts it and talks to it, it is of no use by hand.", `A Go program says so by ${key}=${value}; give another cookie with --cookie, or run the extensions with: plugboard start`);
}
function serviceSpec(text) {
	const [id = "", list = "", ...rest] = text.split("=");
	const methods = list.split(",").map((method) => /^([A-Za-z_$][\w$]*):(\d{1,2})$/.exec(method.trim()));
	if (id.trim() === "" || rest.length > 0 || methods.includes(null)) throw new UsageError(`--service takes <id=method:arguments,...>, for instance acme.orders=find:1, not ${text}`);
	return {
		id: id.trim(),
		methods: Object.fromEntries(methods.map((match) => [match?.[1] ?? "", Number(match?.[2])]))
	};
}
function offersOf(specs, link) {
	return specs.map(({ id, methods }) => {
		const calls = Object.keys(methods).map((method) => [method, (...args) => link.call(id, method, args)]);
		return {
			id,
			methods,
			value: Object.fromEntries(calls)
		};
	});
}
function cookieIn(text) {
	const equals = text.indexOf("=");
	if (equals < 1) throw new UsageError(`--cookie takes <key=value>, not ${text}`);
	return {
		key: text.slice(0, equals),
		value: text.slice(equals + 1)
	};
}
function versionsIn(text) {
	const versions = text.split(",").map((version) => version.trim());
	if (!versions.every((version) => /^\d{1,9}$/.test(version))) throw new UsageError(`--versions takes whole numbers separated by commas, not ${text}`);
	return versions.map(Number);
}
function loggerOf(link) {
	const at = (level) => (message, fields) => link.log(level, message, fields);
	return {
		debug: at("debug"),
		info: at("info"),
		warn: at("warn"),
		error: at("error")
	};
}
function logStream(link) {
	return {
		write: (text) => {
			link.log("warn", text.trimEnd());
			return true;
		},
		once: () => void 0,
		on: () => void 0,
		off: () => void 0
	};
}
export { serveGoPlugin as n, loadServing as t };

//# sourceMappingURL=serve-go-plugin-DyzhvQjD.js.map