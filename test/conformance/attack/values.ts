/** Values that cost whoever copies, logs or shows them more than they weigh, from extensions in every runtime. */
import { aGreeter, greet } from "../../support/extensions.js";
import { codeOf, isListed, notRefused, type Attack } from "./attack.js";
import { doubled } from "./doubled.js";

/** What the author does, and how that is refused: by a code, or by what the author is told. */
const bodies: readonly (readonly [name: string, body: string, refused: string])[] = [
  ["a result of shared parts", "return doubled();", "CALL_TOO_LARGE"],
  ["a map of shared parts", `return new Map([["key", doubled()]]);`, "CALL_TOO_LARGE"],
  ["an error whose cause has shared parts", `throw new Error("m", { cause: doubled() });`, "CALL_FAILED"],
  ["thrown shared parts", "throw doubled();", "CALL_FAILED"],
  ["a text of 40 million characters", `return "x".repeat(40_000_000);`, "CALL_TOO_LARGE"],
  [
    "a list that claims four thousand million elements",
    "return new Array(2 ** 32 - 1);",
    "CALL_TOO_LARGE|CALL_FAILED",
  ],
  ["a number of ten million digits", "return 1n << 200_000_000n;", "CALL_TOO_LARGE"],
  [
    "an error with a message of 40 million characters",
    `throw new Error("x".repeat(40_000_000));`,
    "CALL_FAILED",
  ],
  [
    "an error with a thousand causes that has them all",
    `let error = new Error("m");
    for (let depth = 0; depth < 1000; depth++) error = new AggregateError([error, error], "m", { cause: error });
    throw error;`,
    "CALL_FAILED",
  ],
  [
    "a proxy whose traps throw",
    `throw new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 2; }, ownKeys() { throw 3; } });`,
    "CALL_FAILED",
  ],
  [
    "a stored value of shared parts",
    `return context.storage.set("k", doubled()).catch((error) => error.code);`,
    "STATE_INVALID",
  ],
  [
    "logged fields of shared parts",
    `context.logger.error("m", { value: doubled() }); return "told";`,
    "told",
  ],
];

/** Values of extensions in each runtime for JavaScript. */
export const valueAttacks: readonly Attack[] = ["in-process", "worker", "process"].flatMap((runtime) =>
  bodies.map(([name, body, refused]) => ({
    name: `${name} (${runtime})`,
    run: async ({ kit, name: own }) => {
      const extension = aGreeter({
        id: `acme.${own}`,
        manifest: { runtime },
        source: `${doubled.toString()}
export function activate(context) {
  context.contribute("greeters", "${own}", { greet: async () => { ${body} } });
}
`,
      });
      await isListed(kit, extension);
      await kit.host.activate(`acme.${own}`);
      const answer = greet(kit.host, own);
      const isAnswer = refused === "told" || refused === "STATE_INVALID";
      const end = isAnswer ? await answer : await codeOf(answer, refused.split("|"));
      await kit.remove(extension);
      return !isAnswer || end === refused ? end : notRefused(end);
    },
  })),
);
