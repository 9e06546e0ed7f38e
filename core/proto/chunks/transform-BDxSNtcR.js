import { t as src_exports } from "./host-DMpq1bLR.js";
import { o as UsageError, s as exitCode } from "./main-DS4x5uUc.js";
import { t as withHost } from "./run-host-CzbyYu_O.js";
import { t as callFailure } from "./call-failure-BIvYAYkH.js";
import { n as unknownContribution } from "./unknown-contribution-B5gcHJCN.js";
import { text } from "node:stream/consumers";
// core/src/cli/commands/transform.ts
async function transform(context, options) {
	const { io, output } = context;
	if (options.with.length === 0) throw new UsageError("--with names no transformer");
	return withHost(context, async (host) => {
		const collection = host.contributions(src_exports.transformers);
		const stubs = options.with.map((id) => {
			const stub = collection.get(id);
			if (stub === void 0) throw unknownContribution("transformer", id, Array.from(collection, ({ id }) => id));
			return stub;
		});
		let text$1 = options.text === "-" ? (await text(io.stdin)).replace(/\r?\n$/, "") : options.text;
		const steps = [];
		for (const stub of stubs) {
			try {
				text$1 = await stub.transform(text$1);
			} catch (error) {
				throw callFailure(error, {
					id: stub.id,
					method: "transform"
				});
			}
			steps.push({
				id: stub.id,
				text: text$1
			});
		}
		if (output.isJson) output.json({
			text: text$1,
			steps
		});
		else output.result(text$1.replace(/\n$/, ""));
		return exitCode.done;
	});
}
export { transform };

//# sourceMappingURL=transform-BDxSNtcR.js.map