import { i as measuredDocument, n as incidentDocument } from "./extension-document-BzbIsB1j.js";
// core/src/cli/output/explanation-document.ts
async function explanationDocument(explanation, host, cwd) {
	const { subject, extension, capabilities, activationEvents, dependencies, neededBy, stops, activates, history } = explanation;
	return {
		subject,
		...extension && { extension: await measuredDocument(extension, host, cwd) },
		...capabilities && { capabilities },
		activationEvents,
		dependencies,
		neededBy,
		stops,
		activates,
		history: history.map((incident) => incidentDocument(incident, cwd))
	};
}
export { explanationDocument as t };

//# sourceMappingURL=explanation-document-DswUvopn.js.map