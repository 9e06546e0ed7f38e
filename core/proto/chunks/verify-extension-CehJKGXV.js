export { t as asSigned, n as verifyExtension } from "./verify-extension-CHKulbz3.js";
