/** Texts of extensions that would steer the terminal of whoever looks at them, or show in another order than they are. */
import { CommandFolder } from "../../support/plugboard-process.js";
import { notRefused } from "./attack.js";

/** Clears the screen, sets a title, writes into the clipboard, goes back in the line, and turns the order round. */
const steering = "\u001b[2J\u001b]0;title\u0007\u001b]52;c;aGk=\u0007\u009b31m\r\b\u202e\u2066";

/** What a person sees must not hold: control characters other than line ends, and marks that turn the order round. */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const unseemly = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** What a command of somebody shows of an extension whose texts steer. */
export interface TerminalAttack {
  readonly name: string;
  readonly words: readonly string[];
}

/** Commands that show texts of extensions. */
export const terminalAttacks: readonly TerminalAttack[] = [
  { name: "names in a list", words: ["list"] },
  { name: "keys and values in findings", words: ["validate", "extensions"] },
  { name: "what an extension threw", words: ["call", "greeters", "steering", "greet", '"throw"'] },
  { name: "an explanation", words: ["explain", "acme.steering"] },
];

/** A folder with an extension whose every text steers. */
export async function steeringFolder(): Promise<CommandFolder> {
  const folder = await CommandFolder.create();
  const text = JSON.stringify(steering);
  await folder.write({
    "extensions/steering/plugin.json5": `{
  manifestVersion: 1, id: "acme.steering", version: "1.0.0", engines: { plugboard: "^1.0.0" },
  displayName: ${text}, main: "./extension.js",
  contributes: { greeters: [{ id: "steering", lang: ${text} }], [${text}]: [] },
}`.replace(`[${text}]`, text),
    "extensions/steering/extension.js": `export function activate(context) {
  context.logger.warn(${text}, { [${text}]: ${text} });
  context.contribute("greeters", "steering", { greet: (name) => {
    if (name === "throw") throw Object.assign(new Error(${text}), { name: ${text} });
    return ${text};
  } });
}
`,
    "extensions/broken/plugin.json5": `{ manifestVersion: 1, id: ${text}, version: ${text}, ${text}: ${text} }`,
  });
  return folder;
}

/** Resolves with how it was refused: shown as something that steers nothing. */
export async function lookAt(folder: CommandFolder, { words }: TerminalAttack): Promise<string> {
  const { stdout, stderr } = await folder.run(words);
  const found = unseemly.exec(stdout + stderr);
  return found === null
    ? "shown"
    : notRefused(JSON.stringify((stdout + stderr).slice(found.index - 40, found.index + 40)));
}
