// A character as a reader sees it may be several code points: an accent, a flag, a family of emoji.
const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export function activate(context) {
  context.contribute("transformers", "reverse", {
    transform: (input) =>
      Array.from(characters.segment(input), ({ segment }) => segment)
        .reverse()
        .join(""),
  });
}
