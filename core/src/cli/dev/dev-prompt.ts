/**
 * What an author can type while `dev` runs on a terminal: a letter, or the word that it begins, and Enter. The terminal
 * itself edits and shows the line, so that Ctrl-C and Ctrl-Z mean what they always do.
 */
import { createInterface } from "node:readline";
import type { HostControl } from "../../control.js";
import type { Disposable, ExtensionHost } from "../../index.js";
import { UsageError } from "../exit-code.js";
import { callByName, resultText } from "../named-call.js";
import { codeFrameAt } from "../output/code-frame.js";
import { errorLines } from "../output/error-text.js";
import { extensionTable, findingLines } from "../output/extension-table.js";
import type { Output } from "../output/output.js";
import { placeInText } from "../output/place-in-text.js";

/** What the prompt works with. @internal */
export interface DevPromptOptions {
  readonly host: ExtensionHost;
  readonly control: HostControl;
  readonly output: Output;
  readonly cwd: string;
  /** Folders of the extensions that are developed. */
  readonly folders: readonly string[];
  /** Resolves when the host answers calls. */
  readonly ready: Promise<void>;
  /** Asked for by `q`. */
  stop(this: void): void;
}

/** What can be typed. @internal */
export const promptHelp: readonly string[] = [
  "Type and press Enter: r reload, c call (c <point> <id> <method> <arguments>), l list, q quit.",
];

/** Obeys what is typed until it is disposed. @internal */
export function readPrompt(input: NodeJS.ReadableStream, options: DevPromptOptions): Disposable {
  const lines = createInterface({ input, crlfDelay: Infinity });
  lines.on("line", (line) => void obey(line.trim(), options));
  return { dispose: () => lines.close() };
}

async function obey(line: string, options: DevPromptOptions): Promise<void> {
  if (line === "") return;
  const { output, ready } = options;
  try {
    await ready;
    const [, word = "", rest = ""] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
    await perform(word, rest, options);
  } catch (error) {
    for (const text of errorLines(error, output.style)) output.line(text);
    for (const text of frameOf(error, options)) output.line(`    ${text}`);
  }
}

async function perform(word: string, rest: string, options: DevPromptOptions): Promise<void> {
  const { host, output, cwd, stop } = options;
  switch (word) {
    case "r":
    case "reload":
      return reload(options);
    case "c":
    case "call":
      output.line(await call(rest, options));
      return;
    case "l":
    case "list": {
      const extensions = Array.from(host.extensions);
      const { style, columns: width } = output;
      for (const text of extensionTable(extensions, { cwd, width, style })) output.line(text);
      for (const text of findingLines(extensions, host.problems, { cwd, style })) output.line(text);
      return;
    }
    case "q":
    case "quit":
      stop();
      return;
    default:
      for (const text of promptHelp) output.line(text);
  }
}

/** What comes of it is told by the host's own events, unless nothing can be tried before something is mended. */
async function reload({ host, folders, output, cwd }: DevPromptOptions): Promise<void> {
  const own = Array.from(host.extensions).filter(({ folder }) => folders.includes(folder));
  if (own.length === 0) output.line("There is no extension to reload yet.");
  const stuck = own.filter(({ state }) => state === "invalid" || state === "blocked");
  for (const text of findingLines(stuck, [], { cwd, style: output.style })) output.line(text);
  await Promise.all(
    own.map(async (info) => {
      const { id, state } = info;
      if (id === undefined || stuck.includes(info)) return;
      await (state === "failed" ? host.retry(id) : host.reload(id)).catch(() => undefined);
    }),
  );
}

async function call(text: string, options: DevPromptOptions): Promise<string> {
  const [, point, id, method, rest = ""] = /^(\S+)\s+(\S+)\s+(\S+)\s*(.*)$/.exec(text) ?? [];
  if (point === undefined || id === undefined || method === undefined) {
    throw new UsageError(
      `a call names a point, a contribution's id and a method, then arguments: ${exampleOf(options)}`,
    );
  }
  return resultText(await callByName(options.control, { point, id, method }, argumentsOf(rest)));
}

/** Methods of the points that are Plugboard's own, with what they take. */
const ownMethods: Readonly<Record<string, string>> = {
  greeters: 'greet "World"',
  transformers: 'transform "a text"',
};

/** A call of something that is there, of what is developed if it contributes anything. */
function exampleOf({ host, folders }: DevPromptOptions): string {
  const extensions = Array.from(host.extensions);
  const own = extensions.filter(({ folder }) => folders.includes(folder));
  const targets = [...own, ...extensions].flatMap(({ contributes }) =>
    Object.entries(contributes).flatMap(([point, ids]) => ids.slice(0, 1).map((id) => ({ point, id }))),
  );
  const { point, id } = targets[0] ?? { point: "greeters", id: "<id>" };
  return `c ${point} ${id} ${ownMethods[point] ?? '<method> "a text", 2'}`;
}

function argumentsOf(text: string): readonly unknown[] {
  try {
    return JSON.parse(`[${text}]`) as unknown[];
  } catch {
    throw new UsageError(
      `these arguments are not JSON: ${text}\n    A text needs quotes, and commas stand between arguments: "World", 2`,
    );
  }
}

/** Where in the extension's own files an error began, with the source around it. */
function frameOf(
  error: unknown,
  { folders, output: { style, columns } }: DevPromptOptions,
): readonly string[] {
  const stacks: string[] = [];
  for (let cause = error; cause instanceof Error && stacks.length < 8; cause = cause.cause)
    stacks.unshift(String(cause.stack));
  const place = placeInText(stacks.join("\n"), folders);
  return place === undefined ? [] : codeFrameAt(place, { style, width: columns });
}
