import { c as switchExtension } from "./host-DMpq1bLR.js";
import { n as requireCurrentFolder } from "./current-folder-CiQDVsRd.js";
import { i as InputError, s as exitCode } from "./main-DS4x5uUc.js";
import { t as hostSetup } from "./host-setup-cGAcFzJm.js";
// core/src/cli/commands/enable.ts
function enable(context, id) {
	return change(context, id, { isEnabled: true });
}
function disable(context, id) {
	return change(context, id, { isEnabled: false });
}
async function change(context, id, { isEnabled }) {
	const { io, output } = context;
	requireCurrentFolder(io);
	const { hostOptions } = await hostSetup(context);
	const { stateFolder = "", extensionFolders = [], developmentFolders = [] } = hostOptions;
	const { enabled = [], disabled = [] } = hostOptions;
	if (isEnabled ? disabled.includes(id) : enabled.includes(id)) {
		const list = isEnabled ? "disabled" : "enabled";
		const message = `The config file lists ${id} as ${list}, which has the last word when a host starts.`;
		throw new InputError("CONFIG_INVALID", message, `Take ${id} from "${list}" in the config file.`);
	}
	const switched = await switchExtension(id, {
		isEnabled,
		stateFolder,
		extensionFolders,
		developmentFolders
	});
	const word = isEnabled ? "enabled" : "disabled";
	if (output.isJson) output.json(switched);
	else if (switched.changed) output.line(`${output.style("green", word)} ${id}`);
	else if (isEnabled) output.line(`${id} is enabled already; a running host starts it again if it crashed`);
	else output.line(`${id} is disabled already; nothing has changed`);
	return exitCode.done;
}
export { disable, enable };

//# sourceMappingURL=enable-CMmPpJjX.js.map