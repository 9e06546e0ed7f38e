/** Finds the name that somebody probably meant, for messages about names that are not there. */

/**
 * A question to add to a message, with the nearest of the names; empty if none is near. What differs only in
 * case or underscores is nearest of all: `.proto` files and JavaScript write the same name differently.
 *
 * @internal
 */
export function didYouMean(word: string, names: Iterable<string>): string {
  const nearest = nearestName(word, names);
  return nearest === undefined ? "" : ` Did you mean "${nearest}"?`;
}

/** The name that at most a third of the letters tell from the word; undefined if there is none. @internal */
export function nearestName(word: string, names: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let nearestDistance = Infinity;
  for (const name of names) {
    const distance = editDistance(folded(word), folded(name));
    const limit = Math.floor(Math.max(word.length, name.length) / 3);
    if (distance > limit || distance >= nearestDistance) continue;
    nearest = name;
    nearestDistance = distance;
  }
  // Of a full name, the last part is the one that people write.
  return nearest ?? [...names].find((name) => folded(lastPart(name)) === folded(lastPart(word)));
}

function folded(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/** How many letters have to be put in, left out or replaced. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
