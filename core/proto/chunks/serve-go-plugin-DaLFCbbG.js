export { n as serveGoPlugin } from "./serve-go-plugin-DyzhvQjD.js";
