import { i as findConfig, t as keysFolderOf } from "./own-folders-CMsFeY65.js";
import { n as folderText, r as pathText, s as exitCode } from "./main-DS4x5uUc.js";
import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
// core/src/cli/commands/keys.ts
async function createKey({ io, output }, file) {
	const { createSigningKey } = await import("../packaging.js");
	const { id, secretFile, publicFile } = createSigningKey(resolve(io.cwd, file));
	if (output.isJson) {
		output.json({
			id,
			secretFile: pathText(secretFile, io.cwd),
			publicFile: pathText(publicFile, io.cwd)
		});
		return exitCode.done;
	}
	output.line(`${output.style("green", "created")} ${id}`);
	output.line(`secret  ${folderText(secretFile, io.cwd)} (yours alone; keep a copy in a safe place)`);
	output.line(`public  ${folderText(publicFile, io.cwd)} (hand it to those who are to trust you)`);
	return exitCode.done;
}
async function endorse({ io, output }, options) {
	const { endorseKey } = await import("../packaging.js");
	const { next, key, expires } = options;
	const endorsed = await endorseKey(resolve(io.cwd, next), {
		key: resolve(io.cwd, key),
		expires
	});
	if (output.isJson) {
		output.json({
			...endorsed,
			file: pathText(endorsed.file, io.cwd)
		});
		return exitCode.done;
	}
	output.line(`${output.style("green", "endorsed")} ${endorsed.new}`);
	output.line(`by      ${endorsed.old}`);
	output.line(`file    ${folderText(endorsed.file, io.cwd)} (sign takes it along; it may also lie among trusted keys)`);
	return exitCode.done;
}
async function revoke(context, options) {
	const { io, output } = context;
	const { revokeKey } = await import("../packaging.js");
	const keys = options.keys === void 0 ? keysFolderOf(context, await findConfig(context)) : resolve(io.cwd, options.keys);
	await mkdir(keys, {
		recursive: true,
		mode: 448
	});
	const revoked = await revokeKey(options.key.startsWith("ed25519-") ? options.key : resolve(io.cwd, options.key), {
		keys,
		reason: options.reason
	});
	if (output.isJson) output.json(revoked);
	else output.line(`${output.style("green", "revoked")} ${revoked.key} in ${folderText(keys, io.cwd)}`);
	return exitCode.done;
}
export { createKey, endorse, revoke };

//# sourceMappingURL=keys-Cwo_K4DE.js.map