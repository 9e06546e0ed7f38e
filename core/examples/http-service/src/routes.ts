/** The addresses of the service. Each asks for what is contributed when the request comes, so none goes stale. */
import { ExtensionError, Greeter, type ExtensionHost } from "@plugboard/core";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Container } from "inversify";
import { describeError, statusOf } from "./error-reply.js";
import type { EventStreams } from "./event-streams.js";
import { Workshop } from "./workshop.js";

/** What the routes work with. */
export interface RouteParts {
  readonly container: Container;
  readonly host: ExtensionHost;
  readonly streams: EventStreams;
  /** Aborted when the service can wait for its requests no longer. */
  readonly stopping: AbortSignal;
}

export function addRoutes(app: FastifyInstance, { container, host, streams, stopping }: RouteParts): void {
  const workshop = container.get(Workshop);

  app.setErrorHandler((error: RequestError, request, reply) => {
    if (isRequestError(error)) return replyToBadRequest(error, reply);
    const status = statusOf(error);
    if (status >= 500) request.log.error(error);
    return reply.code(status).send({ error: describeError(error) });
  });
  app.setNotFoundHandler((request, reply) => notFound(reply, `There is nothing at ${request.url}.`));

  app.get("/", () => ({ service: "card shop", routes: addresses }));

  app.get("/greeters", () => ({ greeters: workshop.listGreeters() }));

  app.get("/transformers", () => ({ transformers: workshop.listTransformers() }));

  app.get("/discounts", () => ({ discounts: workshop.listDiscounts() }));

  app.get<{ Params: { name: string }; Querystring: { lang?: string } }>(
    "/greet/:name",
    { schema: { querystring: { type: "object", properties: { lang: { type: "string" } } } } },
    async (request, reply) => {
      const { lang } = request.query;
      const asked = container
        .getAll(Greeter)
        .filter((greeter) => lang === undefined || greeter.lang === lang);
      if (lang !== undefined && asked.length === 0)
        throw new ExtensionError("CALL_UNKNOWN_TARGET", `Nobody greets in ${lang}.`);
      const signal = abandoned(reply, stopping);
      // One greeter that fails does not silence the others.
      const greetings = await Promise.all(
        asked.map(async (greeter) => {
          try {
            return { lang: greeter.lang, text: await greeter.greet(request.params.name, { signal }) };
          } catch (error) {
            return { lang: greeter.lang, error: describeError(error) };
          }
        }),
      );
      return { greetings };
    },
  );

  app.post<{ Body: string | { text: string } | undefined; Querystring: { with: string } }>(
    "/transform",
    {
      schema: {
        querystring: {
          type: "object",
          properties: { with: { type: "string", minLength: 1 } },
          required: ["with"],
        },
        body: {
          content: {
            "text/plain": { schema: { type: "string" } },
            "application/json": {
              schema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
            },
          },
        },
      },
    },
    (request, reply) => {
      const { body, query } = request;
      if (body === undefined) return replyToBadRequest({ message: "There is no text to transform." }, reply);
      const input = typeof body === "string" ? body : body.text;
      return workshop.transform(input, query.with.split(","), { signal: abandoned(reply, stopping) });
    },
  );

  app.get<{ Querystring: { card: string; quantity: number } }>(
    "/quote",
    {
      schema: {
        querystring: {
          type: "object",
          properties: {
            card: { type: "string" },
            quantity: { type: "integer", minimum: 1, maximum: 10_000, default: 1 },
          },
          required: ["card"],
        },
      },
    },
    async (request, reply) => {
      const quote = await workshop.quote(request.query, { signal: abandoned(reply, stopping) });
      return quote ?? notFound(reply, `The shop has no card ${request.query.card}.`);
    },
  );

  app.get("/extensions", () => ({
    extensions: Array.from(host.extensions, ({ id, version, state, reason, generation, ...rest }) => ({
      id: id ?? null,
      version: version ?? null,
      state,
      reason: reason && { code: reason.code, message: reason.message },
      generation,
      runtime: rest.runtime,
      contributes: rest.contributes,
      problems: rest.problems,
    })),
    problems: host.problems,
  }));

  app.get("/events", (_request, reply) => {
    reply.hijack();
    // What is there now and every change from here on: the client misses nothing in between.
    streams.open(
      reply.raw,
      "snapshot",
      Object.fromEntries(
        host.points.map((point) => [
          point,
          host
            .contributions(point)
            .entries()
            .map(({ id }) => id),
        ]),
      ),
    );
  });
}

const addresses = [
  "GET /greeters",
  "GET /greet/:name?lang=English",
  "GET /transformers",
  "POST /transform?with=upper,reverse",
  "GET /discounts",
  "GET /quote?card=birthday&quantity=12",
  "GET /extensions",
  "GET /events",
];

/** What the server itself says of a request that it can't accept. */
export interface RequestError {
  readonly message: string;
  readonly statusCode?: number;
}

/** Answers a request that the server could not accept, in the form of all other errors. */
export function replyToBadRequest(error: RequestError, reply: FastifyReply): FastifyReply {
  return reply
    .code(error.statusCode ?? 400)
    .send({ error: { code: "REQUEST_INVALID", message: error.message } });
}

function isRequestError(error: RequestError): boolean {
  return error.statusCode !== undefined && error.statusCode < 500;
}

function notFound(reply: FastifyReply, message: string): FastifyReply {
  return reply.code(404).send({ error: { code: "NOT_FOUND", message } });
}

/** Aborted when the client leaves before it is answered, or the service stops: nobody reads the answer then. */
function abandoned(reply: FastifyReply, stopping: AbortSignal): AbortSignal {
  const left = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) left.abort();
  });
  return AbortSignal.any([left.signal, stopping]);
}
