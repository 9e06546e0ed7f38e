/**
 * Puts the service together: the application's container, the extension host, the HTTP server; and takes it
 * apart in the opposite order. Owns no process-wide handlers; `main` does.
 */
import "reflect-metadata";
import { createExtensionHost, greeters, offer, transformers, type Logger } from "@plugboard/core";
import { fastify, type FastifyBaseLogger } from "fastify";
import { Container } from "inversify";
import * as cardShopApi from "./card-shop-api.js";
import { EventStreams } from "./event-streams.js";
import { PriceList } from "./price-list.js";
import { addRoutes, replyToBadRequest } from "./routes.js";
import { Workshop } from "./workshop.js";

/** How long requests in flight may still take when the service stops. */
const requestGraceMs = 3_000;

export interface ServiceOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly extensionFolders: readonly string[];
  readonly logLevel: string;
}

export interface RunningService {
  /** Where it listens, as a URL. */
  readonly address: string;
  /** How many extensions it found at start. */
  readonly extensionCount: number;
  /** Answers what has been asked, then stops the extensions. */
  stop(): Promise<void>;
}

export async function startService(options: ServiceOptions): Promise<RunningService> {
  const app = fastify({
    logger: { level: options.logLevel, stream: process.stderr },
    // An address that can't be decoded never reaches a route or its error handler.
    frameworkErrors: (error, _request, reply) => void replyToBadRequest(error, reply),
  });

  const container = new Container();
  container.bind(PriceList).toSelf().inSingletonScope();
  container.bind(Workshop).toSelf().inSingletonScope();

  const host = createExtensionHost({
    extensionFolders: options.extensionFolders,
    points: [greeters, transformers, cardShopApi.discounts],
    services: [offer(cardShopApi.Catalogue, container.get(PriceList), { methods: { price: 1 } })],
    packages: { "card-shop-api": cardShopApi },
    container,
    watch: true,
    logger: hostLogger(app.log),
  });

  const streams = new EventStreams();
  const stopping = new AbortController();
  let grace: NodeJS.Timeout | undefined;
  host.onDidChangeContributions((delta) => streams.send("contributions", delta));
  host.extensions.onDidChange(({ kind, id, generation }) =>
    streams.send("extension", { kind, id, generation }),
  );
  addRoutes(app, { container, host, streams, stopping: stopping.signal });
  app.addHook("preClose", async () => {
    streams.close();
    grace = setTimeout(() => stopping.abort(), requestGraceMs);
  });

  const stop = async () => {
    try {
      await app.close();
    } finally {
      clearTimeout(grace);
      await host.stop();
    }
  };
  try {
    await host.start();
    const address = await app.listen({ host: "127.0.0.1", port: options.port });
    return { address, extensionCount: host.extensions.size, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The host gives its fields last, the server's logger takes them first. */
function hostLogger(log: FastifyBaseLogger): Logger {
  return {
    debug: (message, fields) => log.debug(fields ?? {}, message),
    info: (message, fields) => log.info(fields ?? {}, message),
    warn: (message, fields) => log.warn(fields ?? {}, message),
    error: (message, fields) => log.error(fields ?? {}, message),
  };
}
