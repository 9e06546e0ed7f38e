export function activate(context) {
  const glossaries = context.contributions("glossaries");
  context.contribute("transformers", "glossary", {
    // The collection is live: a glossary dropped a moment ago is used, one taken away is not.
    transform: (input) => explain(input, mergeTerms(glossaries)),
  });
}

/** Where two glossaries explain one abbreviation, the earlier one in order counts. */
function mergeTerms(glossaries) {
  const terms = new Map();
  for (const glossary of glossaries)
    for (const [term, meaning] of Object.entries(glossary.terms))
      if (!terms.has(term)) terms.set(term, meaning);
  return terms;
}

function explain(text, terms) {
  const explained = new Set();
  return text.replace(/[\p{L}\p{N}][\p{L}\p{N}+#-]*/gu, (word) => {
    const meaning = terms.get(word);
    if (meaning === undefined || explained.has(word)) return word;
    explained.add(word);
    return `${word} (${meaning})`;
  });
}
