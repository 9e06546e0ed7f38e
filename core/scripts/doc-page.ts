/**
 * A page of Markdown as the snippets in it. What a snippet needs that its reader does not see stands in a comment
 * before it, `<!-- snippet: … -->`; {@link Mark} lists them. Reads nothing but the page; runs nothing.
 */

/** What a comment before a snippet says of it. */
export type Mark =
  /** Neither run nor checked, and why. */
  | { readonly kind: "not run"; readonly reason: string }
  /** Shell to run before it, for what the page takes for granted. */
  | { readonly kind: "prepared by"; readonly shell: string }
  /** A program in the second terminal, which goes on until another does or the page ends. */
  | { readonly kind: "goes on" }
  /** What the second terminal shows by now. */
  | { readonly kind: "shown there" }
  /** A command that fails on purpose. */
  | { readonly kind: "fails" };

/** A fenced block. */
export interface Snippet {
  /** Path of the page from the top of the repository, and the line of the fence. */
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
  readonly marks: readonly Mark[];
  /** The file that it is, where the line before it is that file's name: "`app.ts`:". */
  readonly file: string | undefined;
}

/** Where a snippet stands, for messages. */
export const placeOf = ({ page, line }: Snippet): string => `${page}:${line}`;

/** The mark of a kind, if the snippet has one. */
export function markOf<Kind extends Mark["kind"]>(
  { marks }: Snippet,
  kind: Kind,
): Extract<Mark, { kind: Kind }> | undefined {
  return marks.find((mark): mark is Extract<Mark, { kind: Kind }> => mark.kind === kind);
}

/**
 * The snippets of a page, in order.
 *
 * @throws Error for a mark that nobody knows or that no snippet follows, and for a fence that is never closed
 */
export function readSnippets(page: string, source: string): readonly Snippet[] {
  const lines = source.split("\n");
  const snippets: Snippet[] = [];
  let marks: Mark[] = [];
  let before = "";
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    const place = `${page}:${index + 1}`;
    if (line.startsWith("<!-- snippet:")) {
      const end = lines.findIndex((later, at) => at >= index && later.includes("-->"));
      if (end === -1) throw new Error(`${place} begins a comment that never ends.`);
      marks.push(readMark(lines.slice(index, end + 1).join("\n"), place));
      index = end;
      continue;
    }
    const fence = /^(`{3,})(\S*)\s*$/.exec(line);
    if (fence === null) {
      if (line.trim() === "") continue;
      if (marks.length > 0) throw new Error(`${place} follows a mark and is no snippet.`);
      if (line.startsWith("    ") && lines[index - 1] === "")
        throw new Error(`${place} begins code by spaces, which nothing checks. Put it between fences.`);
      before = line;
      continue;
    }
    const [, ticks = "```", language = ""] = fence;
    const end = lines.findIndex((later, at) => at > index && later.trimEnd() === ticks);
    if (end === -1) throw new Error(`${place} begins a snippet that never ends.`);
    const text = lines
      .slice(index + 1, end)
      .map((within) => `${within}\n`)
      .join("");
    const file = /^`([\w./-]+\.\w+)`:$/.exec(before)?.[1];
    snippets.push({ page, line: index + 1, language, text, marks, file });
    marks = [];
    before = "";
    index = end;
  }
  if (marks.length > 0) throw new Error(`${page} ends with a mark.`);
  return snippets;
}

/** The page with another text in one of its snippets. */
export function replaceSnippet(source: string, { line, text: old }: Snippet, text: string): string {
  const lines = source.split("\n");
  lines.splice(line, old.split("\n").length - 1, ...text.replace(/\n$/, "").split("\n"));
  return lines.join("\n");
}

function readMark(comment: string, place: string): Mark {
  const said = comment.slice("<!-- snippet:".length, comment.indexOf("-->")).trim();
  const colon = said.indexOf(":");
  const name = colon === -1 ? said : said.slice(0, colon);
  const rest = colon === -1 ? "" : said.slice(colon + 1).trim();
  switch (name) {
    case "not run":
      if (rest === "") throw new Error(`${place} does not say why it is not run.`);
      return { kind: name, reason: rest };
    case "prepared by":
      return { kind: name, shell: rest };
    case "goes on":
    case "shown there":
    case "fails":
      return { kind: name };
    default:
      throw new Error(`${place} has a mark that nobody knows: ${name}.`);
  }
}
