import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { HttpClient, type HttpTimeouts } from "../../../../core/src/source/http-client.js";
import { NpmConfig } from "../../../../core/src/source/npm-config.js";
import { makeCertificate } from "../../../../extensions/runtime-go-plugin/src/wire/certificate.js";
import { integrityOf, redirectTo, serveFiles } from "../../../support/file-server.js";
import { temporaryFolder } from "../../../support/packed-extension.js";

interface ClientOptions {
  readonly settings?: Readonly<Record<string, string>>;
  readonly timeouts?: HttpTimeouts;
  readonly signal?: AbortSignal;
}

function client({ settings = {}, timeouts, signal }: ClientOptions = {}): HttpClient {
  const config = new NpmConfig(new Map(Object.entries(settings)), { cwd: "/", env: {} });
  const made = new HttpClient({ config, timeouts, signal });
  onTestFinished(() => made.dispose());
  return made;
}

const text = (from: HttpClient, address: string, limit = 1_000) =>
  from.text({ address: new URL(address), limit });

test("a file is written as it comes, and its digest and progress told", async () => {
  const server = await serveFiles();
  server.answers.set("a.tgz", Buffer.alloc(200_000, "a"));
  const file = join(await temporaryFolder(), "a.tgz");
  const seen: number[] = [];
  const address = new URL(`${server.address}a.tgz`);
  const digest = await client().file({ address, limit: 200_000 }, file, ({ bytes, totalBytes }) => {
    expect(totalBytes).toBe(200_000);
    seen.push(bytes);
  });
  const bytes = await readFile(file);
  expect(bytes.length).toBe(200_000);
  expect(`sha512-${digest}`).toBe(integrityOf(bytes));
  expect([seen.at(0), seen.at(-1)]).toEqual([0, 200_000]);
});

test("what is too large is refused, whether the server tells its size or not", async () => {
  const server = await serveFiles();
  server.answers.set("told", "x".repeat(1_001));
  server.answers.set("untold", (_request, response) => {
    response.write("x".repeat(600));
    response.end("x".repeat(600));
  });
  for (const path of ["told", "untold"]) {
    await expect(text(client(), server.address + path)).rejects.toMatchObject({ code: "SOURCE_TOO_LARGE" });
  }
});

test("redirects are followed a few times, and a token stays with its address", async () => {
  const [server, other] = [await serveFiles(), await serveFiles()];
  other.answers.set("there", "found");
  server.answers.set("here", redirectTo(`${other.address}there`));
  server.answers.set("round", redirectTo("/round"));
  const token = { [`//${new URL(server.address).host}/:_authToken`]: "canary" };
  expect(await text(client({ settings: token }), `${server.address}here`)).toBe("found");
  expect(server.requests[0]?.authorization).toBe("Bearer canary");
  expect(other.requests[0]?.authorization).toBeUndefined();
  await expect(text(client(), `${server.address}round`)).rejects.toMatchObject({ code: "SOURCE_REDIRECT" });
});

test("over https nothing leads on to plain http, not even on this machine", async () => {
  const identity = makeCertificate();
  const [secure, plain] = [await serveFiles(identity), await serveFiles()];
  plain.answers.set("there", "found");
  secure.answers.set("here", redirectTo(`${plain.address}there`));
  secure.answers.set("well", "found");
  const trusting = client({ settings: { ca: identity.certificate } });
  await expect(text(trusting, `${secure.address}here`)).rejects.toMatchObject({ code: "SOURCE_INSECURE" });
  expect(await text(trusting, `${secure.address}well`)).toBe("found");
  expect(plain.requests).toEqual([]);
});

test("a certificate that nobody trusts is refused", async () => {
  const secure = await serveFiles(makeCertificate());
  secure.answers.set("well", "found");
  await expect(text(client(), `${secure.address}well`)).rejects.toMatchObject({ code: "SOURCE_CERTIFICATE" });
  expect(secure.requests).toEqual([]);
});

test.each(["head", "body", "drip"])(
  "a server that is silent before its %s is not waited for",
  async (path) => {
    const server = await serveFiles();
    server.answers.set("head", () => undefined);
    server.answers.set("body", (_request, response) => void response.write("x"));
    server.answers.set("drip", (_request, response) => {
      const dripping = setInterval(() => response.write("x"), 10);
      response.on("close", () => clearInterval(dripping));
    });
    const timeouts = path === "drip" ? { idleMs: 5_000, wholeMs: 100 } : { idleMs: 100, wholeMs: 5_000 };
    await expect(text(client({ timeouts }), server.address + path)).rejects.toMatchObject({
      code: "SOURCE_TIMEOUT",
    });
  },
);

test("what breaks off, what is refused and who isn't there are told apart", async () => {
  const server = await serveFiles();
  server.answers.set("short", (request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("x", () => request.socket.destroy());
  });
  server.answers.set("closed", (_request, response) => void response.writeHead(401).end());
  server.answers.set("broken", (_request, response) => void response.writeHead(500).end());
  const code = async (address: string) => {
    const [outcome] = await Promise.allSettled([text(client(), address)]);
    return outcome.status === "rejected" ? (outcome.reason as { code: string }).code : outcome.value;
  };
  expect(await code(`${server.address}short`)).toBe("SOURCE_UNREACHABLE");
  expect(await code(`${server.address}closed`)).toBe("SOURCE_FORBIDDEN");
  expect(await code(`${server.address}broken`)).toBe("SOURCE_UNREACHABLE");
  expect(await code(`${server.address}nothing`)).toBeUndefined();
  expect(await code("http://localhost:1/nobody")).toBe("SOURCE_UNREACHABLE");
});

test("a wish to stop ends the wait with its own reason", async () => {
  const server = await serveFiles();
  const stop = new AbortController();
  const reason = new Error("enough");
  server.answers.set("head", () => stop.abort(reason));
  await expect(text(client({ signal: stop.signal }), `${server.address}head`)).rejects.toBe(reason);
});
