import { t as src_exports } from "./host-DMpq1bLR.js";
import { i as findConfig, n as stateFolderOf, r as trustedKeysOf } from "./own-folders-CMsFeY65.js";
import { t as hasCurrentFolder } from "./current-folder-CiQDVsRd.js";
import { i as InputError, n as folderText, o as UsageError } from "./main-DS4x5uUc.js";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
// core/src/cli/host-setup.ts
async function hostSetup(context, { developmentFolders: given = [], usualFolders = ["./extensions"] } = {}) {
	const { io, options } = context;
	const config = await findConfig(context);
	const extensionFolders = (options.extensions ?? config.folders ?? usualFolders).map((folder) => resolve(options.extensions === void 0 ? config.base : io.cwd, folder));
	const listed = (config.developmentFolders ?? []).map((folder) => resolve(config.base, folder));
	const developmentFolders = [...new Set([...given, ...listed])];
	const folders = [...developmentFolders, ...extensionFolders];
	const keys = trustedKeysOf(context, config);
	const namesState = options.state !== void 0 || config.stateFolder !== void 0;
	const exists = await Promise.all(folders.map(isFolder));
	return {
		folders,
		missingFolders: folders.filter((_folder, index) => exists[index] === false),
		hostOptions: {
			extensionFolders,
			developmentFolders,
			points: [src_exports.greeters, src_exports.transformers],
			...(namesState || hasCurrentFolder(io)) && { stateFolder: stateFolderOf(context, config) },
			...config.settings && { settings: config.settings },
			...config.enabled && { enabled: config.enabled },
			...config.disabled && { disabled: config.disabled },
			...config.limits && { limits: config.limits },
			...config.restart && { restart: config.restart },
			...config.trust && { trust: config.trust },
			...keys !== void 0 && { keys },
			...config.revokedKeys && { revokedKeys: config.revokedKeys },
			...config.lockfile !== void 0 && { lockfile: resolve(config.base, config.lockfile) },
			...config.grants && { grants: config.grants },
			...config.runtimePolicy && { runtimePolicy: config.runtimePolicy },
			...config.file !== void 0 && { configFile: config.file }
		}
	};
}
async function installFolders(context) {
	const { hostOptions } = await hostSetup(context);
	const [extensionFolder, ...otherFolders] = hostOptions.extensionFolders ?? [];
	if (extensionFolder === void 0) throw new UsageError("there is no folder of extensions to install into");
	return {
		extensionFolder,
		otherFolders,
		keys: hostOptions.keys
	};
}
async function reportMissingFolders(setup, { io, output }) {
	if (setup.missingFolders.length === 0) return;
	if (setup.missingFolders.length === setup.folders.length) throw new InputError("DISCOVERY_FOLDER_MISSING", missingText(setup.missingFolders, io.cwd), missingAdvice);
	for (const folder of setup.missingFolders) output.note(missingText([folder], io.cwd));
}
const missingAdvice = "Create it and put extension folders into it, or name another folder with --extensions <dir>.";
function missingText(folders, cwd) {
	const names = folders.map((folder) => folderText(folder, cwd)).join(", ");
	return folders.length === 1 ? `The folder ${names} does not exist.` : `The folders ${names} do not exist.`;
}
async function isFolder(path) {
	try {
		return (await stat(path)).isDirectory();
	} catch {
		return false;
	}
}
export { reportMissingFolders as i, installFolders as n, missingText as r, hostSetup as t };

//# sourceMappingURL=host-setup-cGAcFzJm.js.map