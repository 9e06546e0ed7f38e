/** comlink has types for this module, under a name at which nobody finds them. */
declare module "comlink/dist/esm/node-adapter.mjs" {
  import type { Endpoint } from "comlink";
  import type { MessagePort, Worker } from "node:worker_threads";

  export default function nodeEndpoint(port: Worker | MessagePort): Endpoint;
}
