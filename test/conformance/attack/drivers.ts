/** Programs that drive a host by lines, and whoever connects to its socket. */
import { connect } from "node:net";
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

/** Connections to the socket that tells how a host is: whatever they send, it is not read. */
export const socketAttacks: readonly DriverAttack[] = [
  ["a hundred connections that say nothing", 100, () => ""],
  ["a hundred connections that send commands", 100, () => `{"stop":true}\n{"list":true}\n`],
  ["a hundred connections that send 1 MB", 100, () => "x".repeat(1024 * 1024)],
].map(([name, count, text]) => ({
  name: name as string,
  run: async (host: DrivenHost) => {
    const told = await Promise.all(
      Array.from({ length: count as number }, () => answerTo(host.socket, (text as () => string)())),
    );
    const wrong = told.find((said) => said !== "" && !/^\{"phase":"ready".*\}\n$/.test(said));
    return wrong === undefined ? "not read" : notRefused(wrong);
  },
}));

/** What the socket tells whoever writes the text to it. */
function answerTo(socket: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    const connection = connect(socket).setEncoding("utf8");
    let said = "";
    connection.on("data", (chunk: string) => (said += chunk));
    // Whoever is not read is cut off.
    connection.on("error", () => undefined);
    connection.on("close", () => {
      resolve(said);
    });
    connection.write(text);
  });
}

function errorIn(answer: Readonly<Record<string, unknown>>): string {
  const { error } = answer as { readonly error?: { readonly code?: unknown } };
  return typeof error?.code === "string" ? error.code : notRefused(JSON.stringify(answer));
}
