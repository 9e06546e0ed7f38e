import { i as findConfig, n as stateFolderOf, t as keysFolderOf } from "./own-folders-CMsFeY65.js";
import { i as InputError, s as exitCode } from "./main-DS4x5uUc.js";
import { a as singleLine } from "./style-BImbPBwr.js";
import { t as loadServing } from "./serve-go-plugin-DyzhvQjD.js";
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
// core/src/cli/commands/doctor.ts
const outcomeFormat = {
	ok: "green",
	warning: "yellow",
	problem: "red"
};
async function examineMachine(surroundings, request) {
	const { output } = surroundings;
	const { diagnose } = await import("../doctor.js");
	const { options, configChecks, services } = await whatToLookAt(surroundings, request);
	const checks = [
		...configChecks,
		...await diagnose(options),
		...services === void 0 ? [] : await checkRuntimes(services, options),
		await checkGoPlugins()
	];
	const count = (outcome) => checks.filter((check) => check.outcome === outcome).length;
	const problems = count("problem");
	if (output.isJson) output.json({
		healthy: problems === 0,
		checks
	});
	else {
		const width = Math.max(...checks.map(({ name }) => name.length));
		for (const { name, outcome, message, advice } of checks) {
			const label = output.style(outcomeFormat[outcome], outcome.padEnd(7));
			output.line(`${label}  ${name.padEnd(width)}  ${singleLine(message)}`);
			if (advice !== void 0) output.line(`${" ".repeat(7 + width + 4)}${singleLine(advice)}`);
		}
		output.line("");
		output.line(`${counted(problems, "problem")}, ${counted(count("warning"), "warning")}`);
	}
	return problems === 0 ? exitCode.done : exitCode.atFault;
}
async function whatToLookAt(surroundings, { keys, loadServices }) {
	const { io, options } = surroundings;
	const given = keys === void 0 ? void 0 : resolve(io.cwd, keys);
	const foldersBy = (settings) => ({
		stateFolder: stateFolderOf(surroundings, settings),
		keys: given ?? keysFolderOf(surroundings, settings)
	});
	const always = foldersBy();
	const named = options.extensions?.map((folder) => resolve(io.cwd, folder));
	let services;
	try {
		services = await loadServices();
	} catch (error) {
		const message = error instanceof Error ? error.message : "The host can't be loaded.";
		const advice = "Correct what the other checks name, or install @plugboard/core again.";
		return {
			options: {
				...always,
				extensionFolders: named ?? []
			},
			configChecks: [{
				name: "host",
				outcome: "problem",
				message,
				advice
			}]
		};
	}
	try {
		const { hostSetup } = await import("./host-setup-BZCB1Pyy.js");
		const { extensionFolders = [], developmentFolders = [] } = (await hostSetup({
			...surroundings,
			services
		})).hostOptions;
		return {
			options: {
				...foldersBy(await findConfig(surroundings)),
				extensionFolders,
				developmentFolders
			},
			configChecks: [],
			services
		};
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		const advice = error.advice ?? "Correct what is named above.";
		return {
			options: {
				...always,
				extensionFolders: named ?? []
			},
			configChecks: [{
				name: "config",
				outcome: "problem",
				message: error.message,
				advice
			}],
			services
		};
	}
}
async function checkRuntimes({ validateExtensions }, { developmentFolders = [], extensionFolders = [] }) {
	const { problems } = await validateExtensions([...developmentFolders, ...extensionFolders].filter((folder) => existsSync(folder)));
	const name = "runtimes";
	const faults = problems.filter(({ severity, path }) => severity === "error" && path?.startsWith("/runtime") === true);
	if (faults.length === 0) return [{
		name,
		outcome: "ok",
		message: "The programs that extensions run on are installed."
	}];
	return faults.map(({ extensionId, file, message }) => ({
		name,
		outcome: "problem",
		message: `${extensionId ?? file}: ${message}`,
		advice: `Run plugboard validate ${dirname(file)}`
	}));
}
async function checkGoPlugins() {
	const name = "go";
	try {
		await loadServing();
		return {
			name,
			outcome: "ok",
			message: "@plugboard/runtime-go-plugin is installed; plugboard serve-go-plugin can be used."
		};
	} catch (error) {
		if (!(error instanceof InputError)) return {
			name,
			outcome: "problem",
			message: `@plugboard/runtime-go-plugin can't be loaded: ${error instanceof Error ? error.message : "it threw something"}`,
			advice: "Install @plugboard/runtime-go-plugin again."
		};
		return {
			name,
			outcome: "ok",
			message: "@plugboard/runtime-go-plugin is not installed; only Go plugins and serve-go-plugin need it.",
			...error.advice !== void 0 && { advice: error.advice }
		};
	}
}
function counted(count, noun) {
	return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
export { examineMachine };

//# sourceMappingURL=doctor-CdXVUxpn.js.map