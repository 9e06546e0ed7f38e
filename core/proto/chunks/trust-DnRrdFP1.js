import { t as src_exports } from "./host-DMpq1bLR.js";
import { n as isAgreed, t as canAsk } from "./ask-D1WHsAXy.js";
import { n as requireCurrentFolder } from "./current-folder-CiQDVsRd.js";
import { i as InputError, n as folderText, r as pathText, s as exitCode } from "./main-DS4x5uUc.js";
import { t as hostSetup } from "./host-setup-cGAcFzJm.js";
import { n as problemDocument } from "./problem-text-DEyvijh5.js";
import { a as singleLine } from "./style-BImbPBwr.js";
import { join, resolve } from "node:path";
// core/src/cli/commands/trust.ts
const usualLockfile = "plugboard.lock.json";
async function trust(context, id, words) {
	const { io, output } = context;
	requireCurrentFolder(io);
	const { hostOptions } = await hostSetup(context);
	const { trustExtension } = await import("../packaging.js");
	const outcome = await trustExtension(id, {
		stateFolder: "",
		...hostOptions,
		isPinned: words.isPinned,
		agree: async (proposal) => {
			if (!output.isJson) for (const problem of proposal.problems) output.problem(problem);
			return words.isYes || askFor(context, proposal);
		}
	});
	if (hostOptions.trust !== "asked") output.note("Hosts here run what is there; with trust: \"asked\" in the config file they run what is trusted.");
	const problems = outcome.problems.map((problem) => problemDocument(problem, io.cwd));
	if (output.isJson) output.json({
		...outcome,
		folder: pathText(outcome.folder, io.cwd),
		problems
	});
	else if (!outcome.trusted) output.line(`${id} is not trusted; nothing has changed`);
	else if (!outcome.changed) output.line(`${id} ${outcome.version} is trusted already; nothing has changed`);
	else {
		const pinned = outcome.pinned ? ", and no other version" : "";
		output.line(`${output.style("green", "trusted")} ${id} ${outcome.version}${pinned}`);
	}
	return outcome.trusted ? exitCode.done : exitCode.atFault;
}
async function untrust(context, id) {
	const { io, output } = context;
	requireCurrentFolder(io);
	const { hostOptions } = await hostSetup(context);
	const { untrustExtension } = await import("../packaging.js");
	const outcome = await untrustExtension(id, {
		stateFolder: "",
		...hostOptions
	});
	if (output.isJson) output.json(outcome);
	else if (outcome.changed) output.line(`${output.style("green", "untrusted")} ${id}`);
	else output.line(`${id} is not trusted; nothing has changed`);
	return exitCode.done;
}
async function lock(context, words) {
	const { io, output } = context;
	const { hostOptions } = await hostSetup(context);
	const { extensionFolders = [], keys, lockfile = join(io.cwd, usualLockfile) } = hostOptions;
	if (keys !== void 0 && words.key === void 0) {
		const message = `Hosts that trust the keys in ${folderText(keys, io.cwd)} take only a signed lockfile.`;
		throw new InputError("TRUST_LOCK_INVALID", message, "Name one of those keys with --key <file>.");
	}
	const { lockExtensions } = await import("../packaging.js");
	const written = await lockExtensions({
		extensionFolders,
		keys,
		lockfile: words.out === void 0 ? lockfile : resolve(io.cwd, words.out),
		key: words.key === void 0 ? void 0 : resolve(io.cwd, words.key)
	});
	if (output.isJson) {
		output.json({
			...written,
			file: pathText(written.file, io.cwd)
		});
		return exitCode.done;
	}
	const ids = Object.entries(written.extensions);
	for (const [id, { version, signer }] of ids) output.line(`${id} ${version}${signer === void 0 ? "" : ` signed by ${signer}`}`);
	const count = ids.length === 1 ? "1 extension" : `${ids.length} extensions`;
	output.line(`${output.style("green", "locked")} ${count} in ${pathText(written.file, io.cwd)}`);
	return exitCode.done;
}
async function trustInstalled(context, ids, { isYes, isPinned }) {
	const { io, output } = context;
	const { hostOptions } = await hostSetup(context);
	if (hostOptions.trust !== "asked") return void 0;
	const { trustExtension } = await import("../packaging.js");
	const agree = async (proposal) => {
		if (isYes || proposal.wider.length === 0) return true;
		return canAsk(io) && !output.isJson && askFor(context, proposal);
	};
	const waiting = [];
	for (const id of ids) try {
		const { trusted } = await trustExtension(id, {
			stateFolder: "",
			...hostOptions,
			isPinned,
			agree
		});
		if (!trusted) waiting.push(id);
	} catch (error) {
		if (!(0, src_exports.isExtensionError)(error) || !error.code.startsWith("TRUST_")) throw error;
		output.error(error);
		waiting.push(id);
	}
	return waiting;
}
function tellWaiting({ output }, ids) {
	for (const id of ids ?? []) output.line(`waits   until somebody agrees to it: plugboard trust ${id}`);
}
async function askFor({ io, output }, proposal) {
	const { id, version, before, wider } = proposal;
	const since = before === void 0 ? "" : ` since ${before}`;
	if (!canAsk(io) || output.isJson) {
		if (wider.length === 0) return true;
		const message = `${id} ${version} asks for what nobody has agreed to${since}: ${wider.join(", ")}.`;
		throw new InputError("TRUST_CONSENT", message);
	}
	for (const line of proposalLines(proposal, io.cwd)) output.note(line);
	return wider.length === 0 || isAgreed(io, `Trust ${id} ${version}?`);
}
function proposalLines(proposal, cwd) {
	const { id, version, folder, signature, capabilities, wider, before } = proposal;
	const isNew = (right) => before !== void 0 && wider.includes(right);
	return [
		`${id} ${version} in ${folderText(folder, cwd)}`,
		`signature  ${signature.state}: ${singleLine(signature.message)}`,
		`digest     ${signature.digest}`,
		...capabilities.map((right) => `asks for   ${singleLine(right)}${isNew(right) ? ` (new since ${String(before)})` : ""}`)
	];
}
export { untrust as a, trustInstalled as i, tellWaiting as n, trust as r, lock as t };

//# sourceMappingURL=trust-DnRrdFP1.js.map