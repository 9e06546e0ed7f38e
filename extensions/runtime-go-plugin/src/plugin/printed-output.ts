/**
 * Follows what a plugin prints once its own standard output and error lead into the stdio service. Plugins built with
 * go-plugin before 1.1 have no such service, and nobody empties their pipes.
 */
import type { Logger, StartRequest } from "@plugboard/extension-api";
import {
  controlMessageBytes,
  controlPaths,
  decodeStdioData,
  emptyMessage,
} from "../wire/control-messages.js";
import type { GrpcClient } from "../wire/grpc-client.js";
import { GrpcError } from "../wire/grpc-status.js";
import type { PluginLog } from "./plugin-log.js";

/** Follows it to the end of the connection. Never rejects. @internal */
export async function followPrinted(
  client: GrpcClient,
  {
    log,
    logger,
    cutLines,
  }: { readonly log: PluginLog; readonly logger: Logger; readonly cutLines: StartRequest["cutLines"] },
): Promise<void> {
  const lines = {
    stdout: cutLines("stdout", (line) => log.printed(line)),
    stderr: cutLines("stderr", (line) => log.printed(line)),
  };
  try {
    const options = { maxBytes: controlMessageBytes };
    for await (const message of client.serverStream(controlPaths.stdio, emptyMessage, options)) {
      const { channel, data } = decodeStdioData(message);
      if (channel !== undefined) lines[channel].push(data);
    }
  } catch (error) {
    const { statusName } = error instanceof GrpcError ? error : { statusName: undefined };
    if (statusName === "UNIMPLEMENTED") {
      logger.debug(
        "The plugin has no stdio service: built with go-plugin before 1.1, it stops for ever once it has printed 64 KiB " +
          "by fmt.Print and the like. Let it log to standard error by hclog, or build it with a newer one.",
      );
    } else if (statusName !== "UNAVAILABLE" && statusName !== "CANCELLED") {
      logger.warn(`What the plugin prints can no longer be read: ${(error as Error).message}`);
    }
  } finally {
    lines.stdout.end();
    lines.stderr.end();
  }
}
