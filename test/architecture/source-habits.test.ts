/**
 * Habits of the library's sources that no type and no lint rule holds. Each message names the place.
 */
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { descendants, librarySources, parseSource, placeOf, repositoryFiles } from "../support/repository.ts";

describe("the library's source", () => {
  it("holds no mutable state at the level of a module", () => {
    const findings = librarySources().flatMap((file) => {
      const source = parseSource(file);
      return [...source.statements.flatMap(mutableVariables), ...mutableStaticMembers(source)];
    });
    expect(findings).toEqual([]);
  });

  it("prints nothing and takes over nothing of the process", () => {
    const findings = librarySources()
      .filter((file) => !file.startsWith("core/src/cli/"))
      .flatMap((file) => [...descendants(parseSource(file))])
      .filter(
        (node) =>
          ts.isPropertyAccessExpression(node) &&
          (node.expression.getText() === "console" ||
            /^process\.(?:on|once|addListener|prependListener|exit|exitCode|chdir|stdout|stderr)$/.test(
              node.getText(),
            )),
      )
      // The programs that a runtime starts own their process.
      .filter((node) => !/-main\.ts$/.test(node.getSourceFile().fileName))
      .map((node) => `${placeOf(node)} uses ${node.getText()}; the process belongs to the application`);
    expect(findings).toEqual([]);
  });
});

describe("a look at the disk", () => {
  it("goes through the one place where nothing that lies there throws", () => {
    const throwing = new Set(["statSync", "lstatSync", "readdirSync"]);
    // What watches, loads and checks the folders of others. Elsewhere a failing look fails what somebody asked for.
    const rooms = /^core\/src\/(?:discovery|guest|lifecycle|doctor|runtime\/in-process)\//;
    const findings = librarySources()
      .filter((file) => rooms.test(file))
      // They look at the system's own files.
      .filter((file) => file !== "core/src/discovery/watch-needs.ts")
      .flatMap((file) => [...descendants(parseSource(file))])
      .filter((node) => ts.isImportSpecifier(node) && throwing.has((node.propertyName ?? node.name).text))
      .map((node) => `${placeOf(node)} imports ${node.getText()}; use common/look-at.ts`);
    expect(findings).toEqual([]);
  });

  it("does not take the option that keeps Node from throwing at a missing entry for more than that", () => {
    const findings = librarySources()
      .filter((file) => file !== "core/src/common/look-at.ts")
      .flatMap((file) => [...descendants(parseSource(file))])
      .filter((node) => ts.isPropertyAssignment(node) && node.name.getText() === "throwIfNoEntry")
      .map((node) => `${placeOf(node)} still throws for other reasons; use common/look-at.ts`);
    expect(findings).toEqual([]);
  });
});

describe("a file's name", () => {
  it("says what the file owns", () => {
    const vague = /(?:^|[-_.])(?:utils?|helpers?|managers?|misc|common|impl|stuff)\.[mc]?[jt]s$/;
    const findings = repositoryFiles().filter(
      (file) => vague.test(file.split("/").at(-1) ?? "") && !file.startsWith("test/fixtures/"),
    );
    expect(findings).toEqual([]);
  });

  it("is in kebab-case", () => {
    const findings = repositoryFiles().filter(
      (file) =>
        /^(?:core|extension-api|schemas|extensions|test)\/.*\.[mc]?[jt]s$/.test(file) &&
        !file.startsWith("test/fixtures/") &&
        !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9-]+)*\.[mc]?[jt]s$/.test(file.split("/").at(-1) ?? ""),
    );
    expect(findings).toEqual([]);
  });
});

function mutableVariables(statement: ts.Statement): string[] {
  if (!ts.isVariableStatement(statement)) return [];
  const list = statement.declarationList;
  return list.declarations
    .filter((declaration) => !(list.flags & ts.NodeFlags.Const) || isMutableCollection(declaration))
    .map(
      (declaration) => `${placeOf(declaration)} keeps ${declaration.name.getText()} for all hosts at once`,
    );
}

/**
 * A collection or an empty literal that waits to be filled. One that is given a type is taken to be read-only,
 * unless the type is plainly that of a collection that can be written.
 */
function isMutableCollection({ type, initializer }: ts.VariableDeclaration): boolean {
  if (initializer === undefined) return false;
  if (
    type !== undefined &&
    !/^(?:(?:Weak)?(?:Map|Set)|Array|Record)\b|^(?!readonly\b).*\[\]$/.test(type.getText())
  ) {
    return false;
  }
  if (ts.isNewExpression(initializer)) {
    return /^(?:Weak)?(?:Map|Set)$|^Array$/.test(initializer.expression.getText());
  }
  if (ts.isArrayLiteralExpression(initializer)) return initializer.elements.length === 0;
  return ts.isObjectLiteralExpression(initializer) && initializer.properties.length === 0;
}

function mutableStaticMembers(source: ts.SourceFile): string[] {
  return [...descendants(source)]
    .filter((node) => ts.isPropertyDeclaration(node))
    .filter(({ modifiers }) => {
      const kinds = new Set(modifiers?.map(({ kind }) => kind));
      return kinds.has(ts.SyntaxKind.StaticKeyword) && !kinds.has(ts.SyntaxKind.ReadonlyKeyword);
    })
    .map((node) => `${placeOf(node)} keeps ${node.name.getText()} for all hosts at once`);
}
