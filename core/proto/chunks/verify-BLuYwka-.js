import { i as findConfig, r as trustedKeysOf } from "./own-folders-CMsFeY65.js";
import { r as pathText, s as exitCode } from "./main-DS4x5uUc.js";
import { t as withProgress } from "./long-work-DqOA_QJz.js";
import { n as problemDocument, r as problemLines } from "./problem-text-DEyvijh5.js";
import { a as singleLine } from "./style-BImbPBwr.js";
import { resolve } from "node:path";
// core/src/cli/commands/verify.ts
const advice = {
	modified: "Don't use it: fetch it again from whom you trust.",
	unsigned: "Ask its author to sign it, or review its files before you install it.",
	"unknown key": "Check the key with its author; then put the public key into the folder of trusted keys.",
	revoked: "Don't use it: ask its author for one that is signed with a new key.",
	expired: "Ask its author for one that is signed anew."
};
async function verify(context, { path: name, keys }) {
	const { io, output } = context;
	const { verifyExtension } = await import("../packaging.js");
	const path = resolve(io.cwd, name);
	const trusted = keys === void 0 ? trustedKeysOf(context, await findConfig(context)) : resolve(io.cwd, keys);
	const verdict = await withProgress(context, "verifying", (options) => verifyExtension(path, {
		...options,
		keys: trusted
	}));
	const { state, id, version, message, digest, signer, changes, problems } = verdict;
	const code = state === "verified" ? exitCode.done : exitCode.atFault;
	if (output.isJson) {
		const documents = problems.map((problem) => problemDocument(problem, io.cwd));
		output.json({
			path: pathText(path, io.cwd),
			...verdict,
			problems: documents
		});
		return code;
	}
	const colour = state === "verified" ? "green" : "red";
	output.line(`${output.style(colour, state)}: ${id} ${version}. ${singleLine(message)}`);
	output.line(`digest  ${digest}`);
	if (signer !== void 0) {
		const until = signer.expires === void 0 ? "" : `, until ${signer.expires}`;
		output.line(`key     ${signer.key}, signed ${signer.signedAt}${until}`);
		if (signer.endorsedBy !== void 0) output.line(`through ${signer.endorsedBy}`);
	}
	for (const line of changeLines(changes)) output.line(line);
	for (const problem of problems) for (const line of problemLines(problem, io.cwd, output.style)) output.line(line);
	if (state !== "verified") output.line(`    ${output.style("dim", advice[state])}`);
	return code;
}
function changeLines(changes) {
	if (changes === void 0) return [];
	return [
		"changed",
		"added",
		"missing"
	].flatMap((kind) => changes[kind].map((path) => `${kind.padEnd(7)} ${singleLine(path)}`));
}
export { verify };

//# sourceMappingURL=verify-BLuYwka-.js.map