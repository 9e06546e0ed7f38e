export { t as lock, r as trust, a as untrust } from "./trust-DnRrdFP1.js";
