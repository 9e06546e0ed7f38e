export { t as digestOfFiles, n as fileListText, r as inListOrder, i as maximumSignatureBytes, a as signatureName } from "./file-list-DjTscCpa.js";
