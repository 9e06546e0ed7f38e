/** An explanation as documents and answers carry it. The form is stable; fields may be added. */
import type { ExplanationRecord } from "../../control.js";
import { incidentDocument, recordDocument } from "./extension-document.js";

/** An explanation for a program. @internal */
export function explanationDocument(
  { extension, history, text: _text, ...rest }: ExplanationRecord,
  cwd: string,
): Readonly<Record<string, unknown>> {
  return {
    ...rest,
    ...(extension && { extension: recordDocument(extension, cwd) }),
    history: history.map((incident) => incidentDocument(incident, cwd)),
  };
}
