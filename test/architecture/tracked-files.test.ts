/**
 * What is tracked says nothing about the machine it was written on, and unit tests stand where their sources do.
 */
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { describe, expect, it, test } from "vitest";
import { inRepository, readText, repositoryFiles } from "../support/repository.ts";

const texts = repositoryFiles()
  .filter((file) => statSync(inRepository(file)).isFile() && statSync(inRepository(file)).size < 4_000_000)
  .map((file) => ({ file, lines: readText(file).split("\n") }))
  .filter(({ lines }) => !lines.some((line) => line.includes("\0")));

/** `file:line` of each line that matches. */
const find = (pattern: RegExp, exempt?: RegExp): string[] =>
  texts
    .filter(({ file }) => exempt?.test(file) !== true)
    .flatMap(({ file, lines }) =>
      lines.flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}`] : [])),
    );

describe("a tracked file", () => {
  it("names no path of someone's machine", () => {
    // The classes keep this file from finding itself.
    expect(find(/(?:^|[\s"'`(=:])(?:[/]work|[/]root|[/]home|[/]Users|[A-Z]:[\\]+Users)[/\\]\w/)).toEqual([]);
  });

  it("names no registry host", () => {
    expect(
      find(/\b(?:registry|npm|pypi|deb|mirrors?)\.[\w-]+(?:\.[\w-]+)*\.?(?:org|com|net|io|dev)\b/),
    ).toEqual([]);
  });

  it("names no place to download from in the lock file", () => {
    const lock = JSON.parse(readText("package-lock.json")) as {
      packages: Record<string, { resolved?: string; link?: boolean }>;
    };
    const hosts = Object.entries(lock.packages).filter(
      ([, { resolved, link }]) => resolved !== undefined && link !== true,
    );
    expect(hosts.map(([path]) => path)).toEqual([]);
  });
});

test("unit tests stand in folders that mirror those of the sources", () => {
  const folders = new Set(
    repositoryFiles()
      .filter((file) => file.startsWith("test/unit/"))
      .map(dirname),
  );
  const strays = [...folders].filter((folder) => {
    const [, , unit = "", ...rest] = folder.split("/");
    const extension = inRepository("extensions", unit);
    return !existsSync(
      existsSync(extension) ? join(extension, "src", ...rest) : inRepository(unit, "src", ...rest),
    );
  });
  expect(strays).toEqual([]);
});
