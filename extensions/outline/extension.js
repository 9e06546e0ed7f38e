import { marked } from "marked";

export function activate(context) {
  context.contribute("transformers", "outline", { transform: outline });
}

function outline(markdown) {
  const headings = [];
  const renderer = new marked.Renderer();
  // Major 4 hands over a maker of unique anchors; later majors have none, which is why this one stays.
  renderer.heading = (_html, level, text, slugger) => {
    headings.push({ level, text, anchor: slugger.slug(text) });
    return "";
  };
  marked.parse(markdown, { renderer });

  const top = Math.min(...headings.map(({ level }) => level));
  return headings
    .map(({ level, text, anchor }) => `${"  ".repeat(level - top)}- [${escapeLabel(text)}](#${anchor})\n`)
    .join("");
}

function escapeLabel(text) {
  return text.replace(/[\\[\]]/g, "\\$&");
}
