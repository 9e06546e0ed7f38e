/** An explanation as documents and answers carry it. The form is stable; fields may be added. */
import type { Explanation, ExtensionHost } from "../../index.js";
import { incidentDocument, measuredDocument } from "./extension-document.js";

/** An explanation for a program. @internal */
export async function explanationDocument(
  explanation: Explanation,
  host: ExtensionHost,
  cwd: string,
): Promise<Readonly<Record<string, unknown>>> {
  const {
    subject,
    extension,
    capabilities,
    activationEvents,
    dependencies,
    neededBy,
    stops,
    activates,
    history,
  } = explanation;
  return {
    subject,
    ...(extension && { extension: await measuredDocument(extension, host, cwd) }),
    ...(capabilities && { capabilities }),
    activationEvents,
    dependencies,
    neededBy,
    stops,
    activates,
    history: history.map((incident) => incidentDocument(incident, cwd)),
  };
}
