/**
 * The repository as data: where it lies, which files it tracks, what its source files are.
 * Reads the disk afresh on each call; holds nothing.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** Absolute path of the top of the repository. */
export const repositoryRoot = fileURLToPath(new URL("../..", import.meta.url));

/** Absolute path of a file given from the top. */
export const inRepository = (...parts: string[]): string => join(repositoryRoot, ...parts);

/** Every file that is tracked or would be, as paths from the top with forward slashes. */
export function repositoryFiles(): string[] {
  const { error, stdout } = spawnSync(
    "git",
    ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    { cwd: repositoryRoot, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  // Without git, or outside a checkout, what is there counts, save what is installed or built.
  const files = error === undefined && stdout !== "" ? stdout.split("\0") : filesBelow("");
  return files.filter((file) => file !== "" && existsSync(inRepository(file))).sort();
}

const madeFolders = new Set([".git", ".plugboard", "coverage", "dist", "node_modules", "tour"]);

function filesBelow(folder: string): string[] {
  return readdirSync(inRepository(folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return madeFolders.has(entry.name) ? [] : filesBelow(path);
    return entry.name.endsWith(".tsbuildinfo") ? [] : [path];
  });
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
