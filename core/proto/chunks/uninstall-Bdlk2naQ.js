import { s as exitCode } from "./main-DS4x5uUc.js";
import { n as installFolders } from "./host-setup-cGAcFzJm.js";
import { t as withProgress } from "./long-work-DqOA_QJz.js";
import { i as trustInstalled } from "./trust-DnRrdFP1.js";
// core/src/cli/commands/uninstall.ts
async function uninstall(context, id) {
	const { output } = context;
	const { extensionFolder } = await installFolders(context);
	const { uninstallExtension } = await import("../packaging.js");
	const removed = await withProgress(context, "uninstalling", ({ signal, onWait }) => uninstallExtension(id, {
		extensionFolder,
		signal,
		onWait
	}));
	if (output.isJson) output.json(removed);
	else output.line(`${output.style("green", "uninstalled")} ${removed.id} ${removed.version}`);
	return exitCode.done;
}
async function rollback(context, id) {
	const { output } = context;
	const { extensionFolder } = await installFolders(context);
	const { rollbackExtension } = await import("../packaging.js");
	const back = await withProgress(context, "rolling back", ({ signal, onWait }) => rollbackExtension(id, {
		extensionFolder,
		signal,
		onWait
	}));
	const waiting = await trustInstalled(context, [id], {
		isYes: true,
		isPinned: true
	});
	if (output.isJson) output.json({
		...back,
		...waiting && { trusted: waiting.length === 0 }
	});
	else output.line(`${output.style("green", "rolled back")} ${id} from ${back.replaced} to ${back.version}`);
	return exitCode.done;
}
export { rollback, uninstall };

//# sourceMappingURL=uninstall-Bdlk2naQ.js.map