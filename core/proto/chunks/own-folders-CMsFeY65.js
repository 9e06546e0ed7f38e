import { i as InputError, n as folderText, o as UsageError } from "./main-DS4x5uUc.js";
import { existsSync, lstatSync, statSync } from "node:fs";
import { lstat } from "node:fs/promises";
import { join, resolve } from "node:path";
// core/src/cli/foreign-owner.ts
function currentUser() {
	return {
		uid: process.geteuid?.(),
		sudoUid: process.env["SUDO_UID"]
	};
}
function assertOwn(path, option, user = currentUser()) {
	if (user.uid === void 0) return;
	const mayOwn = new Set([
		0,
		user.uid,
		...user.uid === 0 && user.sudoUid !== void 0 ? [Number(user.sudoUid)] : []
	]);
	const owner = [ownerOf(path, lstatSync), ownerOf(path, statSync)].find((uid) => uid !== void 0 && !mayOwn.has(uid));
	if (owner === void 0) return;
	throw new InputError("CONFIG_FOREIGN", `${path} belongs to another user (uid ${owner}), and nobody has named it.`, `If you trust that user, name it: ${option} ${path}`);
}
function ownerOf(path, look) {
	try {
		return look(path).uid;
	} catch {
		return;
	}
}
// core/src/cli/config-file.ts
const configFileName = "plugboard.config.json5";
async function findConfig({ io, options, output }) {
	const file = resolve(io.cwd, options.config ?? configFileName);
	if (options.config === void 0) assertOwn(file, "--config");
	const { readHostConfig } = await isThere(file) ? await import("../index.js") : {};
	const found = await readHostConfig?.(file);
	if (found === void 0) {
		if (options.config !== void 0) throw new UsageError(`there is no config file ${options.config}`);
		return { base: io.cwd };
	}
	for (const problem of found.problems) output.problem(problem);
	if (found.config === void 0) throw new InputError("CONFIG_INVALID", `The config file ${folderText(file, io.cwd)} can't be used.`);
	return {
		...found.config,
		file,
		base: resolve(file, "..")
	};
}
function isThere(file) {
	return lstat(file).then(() => true, (error) => error.code !== "ENOENT");
}
// core/src/cli/own-folders.ts
function stateFolderOf({ io, options }, settings) {
	if (options.state !== void 0) return resolve(io.cwd, options.state);
	if (settings?.stateFolder !== void 0) return resolve(settings.base, settings.stateFolder);
	const usual = join(io.cwd, ".plugboard");
	assertOwn(usual, "--state");
	assertOwn(join(usual, "host.sock"), "--state");
	return usual;
}
function keysFolderOf(asking, settings) {
	if (settings?.keys !== void 0) return resolve(settings.base, settings.keys);
	return join(stateFolderOf(asking, settings), "keys");
}
function trustedKeysOf(asking, settings) {
	const keys = keysFolderOf(asking, settings);
	return settings?.keys !== void 0 || existsSync(keys) ? keys : void 0;
}
export { findConfig as i, stateFolderOf as n, trustedKeysOf as r, keysFolderOf as t };

//# sourceMappingURL=own-folders-CMsFeY65.js.map