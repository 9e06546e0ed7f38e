/**
 * All services of a plugin, by path. Loaded after the handshake, while the host connects: nothing here is needed to
 * say where to.
 */
import {
  controlPaths,
  decodeHealthRequest,
  emptyMessage,
  encodeHealthResponse,
  encodeStdioData,
} from "../wire/control-messages.js";
import type { GrpcTls } from "../wire/grpc-client.js";
import type { GrpcHandlers, GrpcServerDuplex } from "../wire/grpc-server.js";
import { GrpcError } from "../wire/grpc-status.js";
import { contractPaths } from "./contract-messages.js";
import { contractServices, type ServedHost } from "./contract-services.js";
import { HostLink } from "./host-link.js";
import { reflectionServices } from "./reflection.js";
import type { StdioFeed } from "./stdio-feed.js";

/** What the services are about. @internal */
export interface PluginServicesOptions {
  readonly starting: Promise<ServedHost>;
  readonly tls: GrpcTls | undefined;
  readonly stdio: StdioFeed;
  /** Called when the host asks the plugin to end; its answer is on the way by then. */
  readonly onShutdown: () => void;
  /** Called with each broker stream of a host, which it opens first and keeps to its end. */
  readonly onHost: (stream: GrpcServerDuplex) => void;
}

/** The services and what they share. @internal */
export interface PluginServices {
  readonly handlers: ReadonlyMap<string, GrpcHandlers>;
  readonly link: HostLink;
}

/** The name under which go-plugin's hosts ask for the health of the whole. */
const healthName = "plugin";

/** Makes the services. @internal */
export function pluginServices(options: PluginServicesOptions): PluginServices {
  const { starting, stdio, tls } = options;
  const link = new HostLink(tls);
  const handlers = new Map<string, GrpcHandlers>([
    ...contractServices(starting),
    ...reflectionServices(),
    [contractPaths.offer, { unary: link.offer }],
    [controlPaths.health, { unary: (request) => health(request, starting) }],
    [
      controlPaths.shutdown,
      {
        unary: () => {
          setImmediate(options.onShutdown);
          return emptyMessage;
        },
      },
    ],
    [
      controlPaths.broker,
      {
        duplex: (stream) => {
          link.listen(stream);
          options.onHost(stream);
        },
      },
    ],
    [
      controlPaths.stdio,
      {
        async *serverStream(_request, { signal }) {
          for await (const { stream, data } of stdio.read(signal)) {
            yield encodeStdioData({ channel: stream, data });
          }
        },
      },
    ],
  ]);
  return { handlers, link };
}

/** Healthy is a host that has started; what its extensions are doing is theirs. */
async function health(request: Uint8Array, starting: Promise<ServedHost>): Promise<Uint8Array> {
  const name = decodeHealthRequest(request);
  if (name !== healthName && name !== "") throw new GrpcError("NOT_FOUND", `unknown service ${name}`);
  const isServing = await starting.then(
    () => true,
    () => false,
  );
  return encodeHealthResponse(isServing ? "SERVING" : "NOT_SERVING");
}
