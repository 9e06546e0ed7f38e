import { describe, expect, it } from "vitest";
import { faultsOfGlobs, WatchGlobs } from "../../../../core/src/manifest/watch-globs.js";

describe("a glob", () => {
  it.each([
    ["conf", ["conf", "conf/a", "conf/a/b"], ["conf2", "a/conf"]],
    ["conf/", ["conf/a", "conf/.a/b"], ["con"]],
    ["./conf/*", ["conf/a", "conf/.hidden"], ["conf/a/b", "conf"]],
    ["templates/**", ["templates/a", "templates/a/b/.c"], ["other/a"]],
    ["**/*.json", ["a.json", "a/b/c.json", ".a/.b.json"], ["a.jsonc", "a.json/b"]],
    ["**/a/**/b", ["a/b", "a/a/b", "x/a/y/z/b", "a/b/c"], ["a", "b/a"]],
    ["*.{json,y{a,}ml}", ["a.json", "a.yaml", "a.yml"], ["a.toml", "a."]],
    ["[a-c]?[!0-9]", ["axb", "c😀d"], ["dxb", "ax1", "ab"]],
    ["a**b", ["ab", "axxb"], ["a/b"]],
    ["*a*b*", ["ab", "xaxbx", "aab"], ["ba", "a"]],
    [".", ["a", "a/b"], []],
    ["[]]x", ["]x"], ["x"]],
    ["**", ["a", "a/b"], ["node_modules/a", "a/node_modules/b", ".git/HEAD"]],
    ["node_modules/a/*", ["node_modules/a/b"], ["node_modules/b/c"]],
  ])("%s fits what it says", (glob, fitting, others) => {
    const globs = new WatchGlobs([glob]);
    expect(faultsOfGlobs([glob])).toEqual([]);
    expect(fitting.filter((path) => !globs.fits(path))).toEqual([]);
    expect(others.filter((path) => globs.fits(path))).toEqual([]);
  });

  it.each([
    ["conf/*", ["", "conf"], ["other", "conf/a"]],
    ["conf", ["", "conf", "conf/a"], ["other"]],
    ["**/*.json", ["", "a", "a/b"], ["node_modules", "a/.git"]],
    ["a/*/c*", ["a", "a/x"], ["a/x/c", "b"]],
  ])("%s leads into the folders on the way, and into no others", (glob, leading, others) => {
    const globs = new WatchGlobs([glob]);
    expect(leading.filter((path) => !globs.leadsInto(path))).toEqual([]);
    expect(others.filter((path) => globs.leadsInto(path))).toEqual([]);
  });

  it.each([
    ["!a", 'begins with "!"'],
    ["a/+(b|c)", 'uses "+("'],
    ["{a", 'has a "{"'],
    ["a}{b", 'has a "{"'],
    ["{1..3}", "has braces without a comma"],
    ["[a/b]", 'has a "["'],
    ["a".repeat(2_049), "has 2,049 characters"],
    ["{a,b}".repeat(12), "is too much"],
  ])("%s is refused and fits nothing", (glob, fault) => {
    expect(faultsOfGlobs(["fine", glob])).toEqual([{ index: 1, fault: expect.stringContaining(fault) }]);
    expect(new WatchGlobs([glob]).fits(glob)).toBe(false);
  });

  it("is refused once where all of them are too much", () => {
    const globs = Array.from({ length: 300 }, (_, index) => `folder-${index}/**/*.json`);
    expect(faultsOfGlobs(globs)).toHaveLength(1);
  });
});

/** Counts the steps, since a time says more of the machine: every step over a text reads a character of it. */
function charactersRead(glob: string, name: string): number {
  let count = 0;
  const at = (index: number): number | undefined => (count++, name.codePointAt(index));
  const counted = {
    length: name.length,
    codePointAt: at,
    startsWith: (text: string, index: number) => (count++, name.startsWith(text, index)),
  };
  const path = { split: () => [counted] } as unknown as string;
  expect(new WatchGlobs([glob]).fits(path)).toBe(false);
  return count;
}

describe("the cost of matching", () => {
  it.each(["*a", "?*a", "*[a-z]", "*?"])(
    "grows with the length of glob and name alone, for repeated %s",
    (piece) => {
      for (const repeated of [4, 8, 16, 32]) {
        const glob = `${piece.repeat(repeated)}b`;
        const name = "a".repeat(200);
        expect(charactersRead(glob, name)).toBeLessThanOrEqual(glob.length * name.length);
      }
    },
  );
});
