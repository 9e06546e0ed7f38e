import { n as folderText, r as pathText, s as exitCode } from "./main-DS4x5uUc.js";
import { t as withProgress } from "./long-work-DqOA_QJz.js";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
// core/src/cli/commands/sign.ts
async function sign(context, { archive, key: keyName, expires, endorsements: named }) {
	const { io, output } = context;
	const { signArchive } = await import("../packaging.js");
	const key = resolve(io.cwd, keyName);
	const beside = `${key}.endorsement.json`;
	const endorsements = named.length === 0 && existsSync(beside) ? [beside] : named.map((file) => resolve(io.cwd, file));
	const signed = await withProgress(context, "signing", (options) => signArchive(resolve(io.cwd, archive), {
		...options,
		key,
		expires,
		endorsements
	}));
	if (output.isJson) {
		output.json({
			...signed,
			archive: pathText(signed.archive, io.cwd)
		});
		return exitCode.done;
	}
	output.line(`${output.style("green", "signed")} ${signed.id} ${signed.version} with ${signed.key}`);
	output.line(`archive ${folderText(signed.archive, io.cwd)}`);
	output.line(`digest  ${signed.digest}`);
	return exitCode.done;
}
export { sign };

//# sourceMappingURL=sign-CRPbTuKB.js.map