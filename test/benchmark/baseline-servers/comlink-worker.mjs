/** A thread that is called through comlink. */
import { parentPort } from "node:worker_threads";
import { expose } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { greet } from "./greet.mjs";

expose({ greet }, nodeEndpoint(parentPort));
