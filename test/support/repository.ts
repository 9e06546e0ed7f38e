/**
 * The repository as data: where it lies, which files it tracks, what its source files are.
 * Reads the disk afresh on each call; holds nothing.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** Absolute path of the top of the repository. */
export const repositoryRoot = fileURLToPath(new URL("../..", import.meta.url));

/** Absolute path of a file given from the top. */
export const inRepository = (...parts: string[]): string => join(repositoryRoot, ...parts);

/** Every file that is tracked or would be, as paths from the top with forward slashes. */
export function repositoryFiles(): string[] {
  const list = execFileSync(
    "git",
    ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    {
      cwd: repositoryRoot,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  return list
    .split("\0")
    .filter((file) => file !== "" && existsSync(inRepository(file)))
    .sort();
}

/** The TypeScript sources of the three packages, generated ones left out. */
export function librarySources(): string[] {
  const generated = /^schemas\/src\/manifest(?:-validator)?\.ts$/;
  return repositoryFiles().filter(
    (file) => /^(?:core|extension-api|schemas)\/src\/.*\.[mc]?ts$/.test(file) && !generated.test(file),
  );
}

/**
 * The pages that are written for readers. Change logs and decisions, which are never edited, are none; nor are the
 * pages of templates, which become some only with an extension's name in them.
 */
export function documentPages(): string[] {
  return repositoryFiles().filter(
    (file) =>
      /^(?:[A-Z]+|(?:core|extension-api|extensions|schemas)\/.*)\.md$/.test(file) &&
      !/(?:^|\/)(?:CHANGELOG\.md$|api-report\.md$|decisions\/|templates\/)/.test(file),
  );
}

/** The text of a file of the repository. */
export const readText = (file: string): string => readFileSync(inRepository(file), "utf8");

/** The syntax tree of a file of the repository. */
export function parseSource(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readText(file), ts.ScriptTarget.Latest, true);
}

/** `file:line` of a node, for messages. */
export function placeOf(node: ts.Node): string {
  const source = node.getSourceFile();
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

/** Every node of a tree, in order of the text. */
export function* descendants(node: ts.Node): Generator<ts.Node> {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) {
    yield child;
    yield* descendants(child);
  }
}
