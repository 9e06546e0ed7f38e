/** The public view of an extension's files and their signature. */
import type { ExaminedContent } from "../../trust/decision.js";
import type { SignatureInfo } from "../face/extension-host.js";

/** The verdict on the content, for those who ask the host. @internal */
export function signatureInfo({ digest, verdict }: ExaminedContent): SignatureInfo {
  const { state, message, signer } = verdict;
  return { state, message, digest, ...(signer === undefined ? {} : { signer }) };
}
