/** Programs that drive a host by lines, and whoever connects to its socket. */
import { connect, type Socket } from "node:net";
import { notRefused } from "./attack.js";
import type { DrivenHost } from "./driven-host.js";

/** What somebody does to a host in a process of its own; resolves with how it was refused. */
export interface DriverAttack {
  readonly name: string;
  readonly run: (host: DrivenHost) => Promise<string>;
}

const call = (id: unknown, method: unknown, args: unknown = []) => ({
  call: { point: "greeters", id, method, args },
});

const commands: readonly (readonly [name: string, command: Readonly<Record<string, unknown>>])[] = [
  ["a command that nobody knows", { sudo: true }],
  ["two commands in one line", { list: true, stop: true }],
  ["a command of a wrong kind", { call: 7 }],
  ["arguments that are no list", call("other", "greet", "World")],
  ["a contribution that every object inherits", call("constructor", "greet")],
  ["a method that every object inherits", call("other", "constructor")],
  ["a method that changes prototypes", call("other", "__proto__", [{ polluted: true }])],
  [
    "a point that every object inherits",
    { call: { point: "__proto__", id: "other", method: "greet", args: [] } },
  ],
  ["an extension that is not there", { reload: "../../etc/passwd" }],
];

const lines: readonly (readonly [name: string, line: string])[] = [
  ["a line that is no JSON", "{{{"],
  ["a line that is no object", "[[[]]]"],
  ["a line of 20 million characters", `"${"x".repeat(20_000_000)}`],
  ["a line that is 100,000 deep", "[".repeat(100_000)],
];

/** Lines on standard input. */
export const driverAttacks: readonly DriverAttack[] = [
  ...commands.map(([name, command]) => ({
    name,
    run: async (host: DrivenHost) => errorIn(await host.ask(command)),
  })),
  ...lines.map(([name, line]) => ({
    name,
    run: async (host: DrivenHost) => errorIn(await host.answer(null, line)),
  })),
];

/** Connections to the socket, all open at once, that ask for nothing a host could do. */
export const socketAttacks: readonly DriverAttack[] = [
  ["a hundred connections that say nothing", ""],
  ["a hundred connections that send no commands", `{{{\n[[[]]]\n{"sudo":true}\n{"call":7}\n`],
  ["a hundred connections that send 1 MB without a line's end", "x".repeat(1024 * 1024)],
].map(([name = "", text = ""]) => ({
  name,
  run: async (host: DrivenHost) => {
    const opened = Array.from({ length: 100 }, () => new Connection(host.socket));
    await Promise.all(opened.map((connection) => connection.greeted));
    const told = await Promise.all(opened.map((connection) => connection.answerTo(text)));
    const codes = told.flat().map((line) => errorIn(line));
    return [...new Set(codes)].sort().join(", ");
  },
}));

/** A connection to the socket, and the lines that come after the greeting. */
class Connection {
  /** Resolves when the host has said its first line, or has cut the connection off. */
  readonly greeted: Promise<void>;
  readonly #socket: Socket;
  readonly #closed: Promise<void>;
  #said = "";

  constructor(path: string) {
    this.#socket = connect(path).setEncoding("utf8");
    const greeted = Promise.withResolvers<void>();
    this.greeted = greeted.promise;
    this.#closed = new Promise((resolve) => this.#socket.once("close", () => resolve()));
    this.#socket.on("data", (piece) => {
      this.#said += String(piece);
      greeted.resolve();
    });
    this.#socket.on("error", () => undefined);
    this.#socket.once("close", () => greeted.resolve());
  }

  async answerTo(text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    this.#socket.end(text);
    await this.#closed;
    const lines = this.#said.split("\n").filter((line) => line !== "");
    const answers = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    return answers.filter((answer) => !("plugboard" in answer));
  }
}

function errorIn(answer: Readonly<Record<string, unknown>>): string {
  const { error } = answer as { readonly error?: { readonly code?: unknown } };
  return typeof error?.code === "string" ? error.code : notRefused(JSON.stringify(answer));
}
