/** Finds what somebody probably meant to write. Words and candidates may be anybody's: the work for one word is bounded. */

/** Nobody means to write a longer word. */
const longestWord = 128;

/** Pairs of letters that are compared for one word; the candidates after that are not looked at. */
const mostComparisons = 1_000_000;

/**
 * Names the candidate that is nearest to a word, if one is near enough: at most a third of the letters of
 * the longer of the two may be missing, wrong, too many or swapped with their neighbour. Letters that
 * differ only in case count as equal; of equally near candidates the first is taken. Of a word of more than 128 letters
 * none is near, and of very many candidates the last are not looked at.
 *
 * @public
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > longestWord) return undefined;
  const folded = word.toLowerCase();
  let left = mostComparisons;
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    if (candidate === word) continue;
    const limit = Math.min(Math.floor(Math.max(word.length, candidate.length) / 3), bestDistance - 1);
    if (Math.abs(word.length - candidate.length) > limit) continue;
    if ((left -= word.length * candidate.length) < 0) break;
    const distance = editDistance(folded, candidate.toLowerCase());
    if (distance > limit) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = at(last, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      let least = Math.min(replaced, at(last, column) + 1, at(current, column - 1) + 1);
      const isSwap =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (isSwap) least = Math.min(least, at(beforeLast, column - 2) + 1);
      current.push(least);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] as number;
}
