export { n as install } from "./install-w5whpMSq.js";
