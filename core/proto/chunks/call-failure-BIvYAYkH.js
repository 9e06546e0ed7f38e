import { t as src_exports } from "./host-DMpq1bLR.js";
// core/src/cli/call-failure.ts
function callFailure(error, { id, method, extensionId }) {
	if ((0, src_exports.isExtensionError)(error)) return error;
	return new src_exports.ExtensionError("CALL_FAILED", `${method} of ${id} failed`, {
		extensionId,
		cause: error
	});
}
export { callFailure as t };

//# sourceMappingURL=call-failure-BIvYAYkH.js.map