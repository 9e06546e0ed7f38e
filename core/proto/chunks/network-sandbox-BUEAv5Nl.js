import { b as nearestExisting } from "./host-DMpq1bLR.js";
import { existsSync, realpathSync } from "node:fs";
import { ExtensionError } from "@plugboard/extension-api";
import { execFile } from "node:child_process";
function childArguments(request) {
	const { capabilities, nodeMajor } = request;
	const { fs } = capabilities;
	const mayUseNet = capabilities.net === true || capabilities.net.length > 0;
	return [
		"--permission",
		...[...new Set([...request.readable, ...fs.read])].map((path) => `--allow-fs-read=${exactPath(path)}`),
		...[...new Set(fs.write)].map((path) => `--allow-fs-write=${exactPath(path)}`),
		...capabilities.childProcess ? ["--allow-child-process"] : [],
		...capabilities.workers ? ["--allow-worker"] : [],
		...capabilities.addons ? ["--allow-addons"] : [],
		...capabilities.wasi ? ["--allow-wasi"] : [],
		...mayUseNet && nodeMajor >= 25 ? ["--allow-net"] : [],
		"--no-experimental-sqlite",
		"--disable-proto=throw",
		"--disable-sigusr1",
		`--max-old-space-size=${request.heapMebibytes}`,
		"--disable-warning=ExperimentalWarning",
		"--disable-warning=SecurityWarning"
	];
}
function exactPath(path) {
	if (!path.includes("*")) return path;
	throw new ExtensionError("RUNTIME_START_FAILED", `The path ${path} holds a *, by which Node's permission model would allow more than that path. Rename it`, { details: { path } });
}
// core/src/runtime/process/network-sandbox.ts
const probeMs = 3e3;
const socketFolders = [
	"/run",
	"/tmp",
	"/var/tmp"
];
var NetworkSandbox = class {
	#means;
	async kind() {
		return (await this.#found()).kind;
	}
	async wrap(program, parameters, view) {
		const { kind, prefix } = await this.#found();
		const [wrapper, ...fixed] = prefix;
		if (wrapper === void 0) return {
			program,
			parameters,
			isWrapped: false
		};
		const more = kind === "bubblewrap" ? bubblewrapView(program, view) : [];
		return {
			program: wrapper,
			parameters: [
				...fixed,
				...more,
				"--",
				program,
				...parameters
			],
			isWrapped: kind === "bubblewrap"
		};
	}
	#found() {
		return this.#means ??= findMeans();
	}
};
const bubblewrap = [
	"bwrap",
	"--unshare-net",
	"--die-with-parent"
];
const bubblewrapMounts = [
	"--ro-bind",
	"/",
	"/",
	"--dev",
	"/dev",
	"--tmpfs",
	"/tmp"
];
const namespaces = [["unshare", "--net"], [
	"unshare",
	"--net",
	"--user",
	"--map-current-user"
]];
async function trySandboxTools() {
	if (process.platform !== "linux") return {
		bubblewrap: "missing",
		unshare: "missing"
	};
	const [withBubblewrap, ...withUnshare] = await Promise.all([[...bubblewrap, ...bubblewrapMounts], ...namespaces].map(attempt));
	const unshare = withUnshare.find((outcome) => outcome === "works") ?? withUnshare[0] ?? "missing";
	return {
		bubblewrap: withBubblewrap ?? "missing",
		unshare
	};
}
async function findMeans() {
	if (process.platform === "linux") {
		if (await works([...bubblewrap, ...bubblewrapMounts])) return {
			kind: "bubblewrap",
			prefix: bubblewrap
		};
		for (const prefix of namespaces) if (await works(prefix)) return {
			kind: "namespace",
			prefix
		};
	}
	return {
		kind: "none",
		prefix: []
	};
}
async function works(prefix) {
	return await attempt(prefix) === "works";
}
function attempt(prefix) {
	const [program = "", ...parameters] = prefix;
	const { promise, resolve } = Promise.withResolvers();
	execFile(program, [
		...parameters,
		"--",
		"/bin/sh",
		"-c",
		":"
	], {
		timeout: probeMs,
		killSignal: "SIGKILL"
	}, (error) => resolve(error === null ? "works" : error.code === "ENOENT" ? "missing" : "refused"));
	return promise;
}
function bubblewrapView(program, view) {
	const current = ["--chdir", view.folder];
	if (view.runsPrograms) return [
		"--dev-bind",
		"/",
		"/",
		...current
	];
	const writable = view.writable.map(nearestExisting);
	const readable = [...new Set([
		...view.readable,
		view.folder,
		program,
		realpathSync(program)
	])];
	const shown = [...readable, ...writable];
	const hidden = socketFolders.filter((folder) => existsSync(folder) && !shown.some((path) => holds(path, folder)));
	const inHidden = (path) => hidden.some((folder) => holds(folder, path));
	return [
		...[
			"--ro-bind",
			"/",
			"/",
			"--dev",
			"/dev"
		],
		...hidden.flatMap((folder) => ["--tmpfs", folder]),
		...readable.filter((path) => inHidden(path) && existsSync(path)).flatMap((path) => [
			"--ro-bind",
			path,
			path
		]),
		...writable.flatMap((path) => [
			"--bind",
			path,
			path
		]),
		...current
	];
}
function holds(folder, path) {
	return path.startsWith(folder) && (path.length === folder.length || path[folder.length] === "/" || folder === "/");
}
export { trySandboxTools as n, childArguments as r, NetworkSandbox as t };

//# sourceMappingURL=network-sandbox-BUEAv5Nl.js.map