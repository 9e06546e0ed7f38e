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

/** How many letters have to be put in, left out, replaced, or swapped with their neighbour. */
function editDistance(from: string, to: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = at(row, column - 1) + (letter === to[column - 1] ? 0 : 1);
      let least = Math.min(replaced, at(row, column) + 1, at(next, column - 1) + 1);
      if (letter === to[column - 2] && from[index - 1] === to[column - 1])
        least = Math.min(least, at(before, column - 2) + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return at(row, to.length);
}

/** Beyond the edges nothing is near. */
function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
