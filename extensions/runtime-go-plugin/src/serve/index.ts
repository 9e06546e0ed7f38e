export { isStartedByHost, type Environment, type HandshakeCookie } from "./handshake.js";
export type { ServedHost } from "./contract-services.js";
export type { PrintedStream } from "./stdio-feed.js";
export {
  serveGoPlugin,
  servingCookie,
  type GoHostLink,
  type GoPluginServer,
  type ServeGoPluginOptions,
} from "./serve-go-plugin.js";
