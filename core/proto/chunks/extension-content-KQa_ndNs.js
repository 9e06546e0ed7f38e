export { t as contentOf } from "./extension-content-S_bZsnUy.js";
