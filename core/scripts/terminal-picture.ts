/**
 * Draws the commands of a page, and what it shows of their output, as a moving picture of two terminals: the one in
 * which they are typed, and beneath it the one of the program that goes on. Says nothing that the page doesn't say,
 * so that the same page gives the same picture.
 */
import { markOf, type Snippet } from "./doc-page.ts";

const columns = 104;
const size = { font: 13, column: 7.83, row: 18, typedRows: 24, margin: 14, bar: 26 };
const seconds = { typed: 1.4, printed: 0.9, line: 0.18, end: 4 };

/** One moment: how many lines have been typed and printed by then, and what the other terminal shows. */
interface Moment {
  readonly at: number;
  readonly typed: number;
  readonly screen: number;
}

/** The SVG of a page. */
export function terminalPicture(snippets: readonly Snippet[]): string {
  const lines: string[] = [];
  const screens: (readonly string[])[] = [[]];
  const moments: Moment[] = [{ at: 0, typed: 0, screen: 0 }];
  let at = 0.5;
  const pass = (length: number) => {
    moments.push({ at, typed: lines.length, screen: screens.length - 1 });
    at += length;
  };
  let command = "";
  for (const snippet of snippets) {
    if (markOf(snippet, "not run") !== undefined) continue;
    const text = snippet.text.replace(/\n$/, "").split("\n");
    if (markOf(snippet, "goes on") !== undefined) {
      command = text.at(-1) ?? "";
      screens.push([prompt(command)]);
      pass(seconds.typed);
    } else if (markOf(snippet, "shown there") !== undefined) {
      screens.push([prompt(command), ...text.map(printed)]);
      pass(seconds.printed + seconds.line * text.length);
    } else if (snippet.language === "sh") {
      lines.push(...typed(text));
      pass(seconds.typed + seconds.line * text.length);
    } else if (snippet.language === "text") {
      lines.push(...text.map(printed));
      pass(seconds.printed + seconds.line * text.length);
    }
  }
  return draw({ lines, screens, moments, length: at + seconds.end });
}

interface Film {
  readonly lines: readonly string[];
  readonly screens: readonly (readonly string[])[];
  readonly moments: readonly Moment[];
  readonly length: number;
}

function draw({ lines, screens, moments, length }: Film): string {
  const width = Math.ceil(columns * size.column + 2 * size.margin);
  const screenRows = Math.max(...screens.map((screen) => screen.length));
  const lower = size.bar + size.typedRows * size.row + size.margin;
  const height = lower + size.bar + screenRows * size.row + size.margin;
  const percent = (at: number) => `${((100 * at) / length).toFixed(2)}%`;
  const last = moments.at(-1) ?? { typed: 0, screen: 0 };

  const scroll = (count: number) => (size.typedRows - count) * size.row;
  const steps = moments.map(
    ({ at, typed: count }) => `${percent(at)}{transform:translateY(${scroll(count)}px)}`,
  );
  const shows = screens.map((_, index) => {
    const from = moments.find(({ screen }) => screen === index)?.at ?? 0;
    const until = moments.find(({ screen }) => screen > index)?.at;
    const hidden = index === 0 ? "" : "0%{opacity:0}";
    return `@keyframes s${index}{${hidden}${percent(from)}{opacity:1}${until === undefined ? "" : `${percent(until)}{opacity:0}`}}`;
  });
  const text = (line: string, row: number) => `<text y="${row * size.row}">${line}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="A tour of Plugboard">
<title>A tour of Plugboard</title>
<style>
text{font:${size.font}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#c9d1d9;white-space:pre}
.bar{fill:#8b949e}.p{fill:#7ee787}.c{fill:#f0f6fc;font-weight:600}.o{fill:#a5b1bd}
.lines{transform:translateY(${scroll(last.typed)}px);animation:lines ${length.toFixed(1)}s step-end infinite}
.screen{opacity:0;animation:${length.toFixed(1)}s step-end infinite}
.last{opacity:1}
@keyframes lines{${steps.join("")}}
${shows.join("\n")}
@media (prefers-reduced-motion:reduce){.lines,.screen{animation:none!important}}
</style>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
<rect y="${lower}" width="${width}" height="${height - lower}" rx="8" fill="#161b22"/>
<text class="bar" x="${size.margin}" y="17">a shell</text>
<text class="bar" x="${size.margin}" y="${lower + 17}">a second terminal</text>
<svg x="${size.margin}" y="${size.bar}" width="${width - 2 * size.margin}" height="${size.typedRows * size.row}" overflow="hidden">
<g class="lines">
${lines.map((line, index) => text(line, index + 0.75)).join("\n")}
</g>
</svg>
${screens
  .map(
    (screen, index) =>
      `<g class="screen${index === screens.length - 1 ? " last" : ""}" style="animation-name:s${index}" transform="translate(${size.margin} ${lower + size.bar})">\n${screen
        .map((line, row) => text(line, row + 0.75))
        .join("\n")}\n</g>`,
  )
  .join("\n")}
</svg>
`;
}

/** Lines as they are typed: each command after a prompt, what is typed into it beneath. */
function typed(text: readonly string[]): readonly string[] {
  let ending: string | undefined;
  let goesOn = false;
  return text.map((line) => {
    if (ending !== undefined || goesOn) {
      if (line === ending) ending = undefined;
      goesOn = ending === undefined && line.endsWith("\\");
      return span("c", `  ${line}`);
    }
    ending = /<<'?(\w+)'?/.exec(line)?.[1];
    goesOn = line.endsWith("\\");
    return prompt(line);
  });
}

const prompt = (line: string): string => `${span("p", "$ ")}${span("c", line)}`;
const printed = (line: string): string => span("o", line);
const span = (kind: string, text: string): string => `<tspan class="${kind}">${escape(cut(text))}</tspan>`;

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= columns ? text : `${characters.slice(0, columns - 1).join("")}…`;
}

function escape(text: string): string {
  return text.replaceAll(
    /[&<>"]/g,
    (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[character] ?? character,
  );
}
