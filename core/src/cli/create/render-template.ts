/** Fills a template in. Reads its files and writes none. */
import { readdir, readFile } from "node:fs/promises";
import { platform } from "node:os";
import { extname, join, relative, sep } from "node:path";
import { findPackages, type PackageSources } from "./package-sources.js";
import { contributionOf, type Project } from "./project.js";
import { templates, type TemplateName } from "./templates.js";
import { inCore } from "../core-folder.js";

/** Texts by path below the extension's folder, with forward slashes. @internal */
export type ProjectFiles = Readonly<Record<string, string>>;

/** What comes of a template. @internal */
export interface RenderedTemplate {
  readonly files: ProjectFiles;
  readonly sources: PackageSources;
}

/** The part of a template's package.json that is filled in. */
interface TemplatePackage {
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** What npm would not pack under its own name. */
const hidden = /(?<=^|\/)dot-/;

/** Files in which what is filled in stands between quotes. */
const quoting: ReadonlySet<string> = new Set([".ts", ".js", ".json", ".json5", ".go"]);

/** The files of a new extension in the folder. @internal */
export async function renderTemplate(project: Project, folder: string): Promise<RenderedTemplate> {
  const { "package.json": packageText = "", ...texts } = await readTemplate(project.template);
  const wanted = (JSON.parse(packageText) as TemplatePackage).devDependencies;
  const sources = findPackages(folder, Object.keys(wanted));
  const contribution = contributionOf(project.id);
  const values = {
    ...project,
    contribution,
    description: templates[project.template].description,
    engine: sources.engine,
    packages: sources.modules,
    program: platform() === "win32" ? `${contribution}.exe` : contribution,
  };
  const filled = (path: string, text: string) =>
    fillIn(text, values, { isQuoted: quoting.has(extname(path)) });
  const packageFile = {
    ...(JSON.parse(filled("package.json", packageText)) as TemplatePackage),
    devDependencies: sources.specifiers(wanted),
  };
  const files: Record<string, string> = { "package.json": `${JSON.stringify(packageFile, undefined, 2)}\n` };
  for (const [path, text] of Object.entries(texts)) files[path] = filled(path, text);
  if (sources.kind === "checkout" && templates[project.template].isConfined === true)
    files[".npmrc"] = copying;
  return { files, sources };
}

/** Otherwise npm makes links to packages that are given by their path. */
const copying = `; No link may lead out of the folder of an extension that runs in a process of its own.
install-links=true
`;

async function readTemplate(name: TemplateName): Promise<ProjectFiles> {
  const files: Record<string, string> = {};
  for (const folder of templates[name].folders) {
    const from = join(inCore("templates"), folder);
    for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      const path = relative(from, file).split(sep).join("/").replace(hidden, ".");
      files[path] = await readFile(file, "utf8");
    }
  }
  return files;
}

function fillIn(
  text: string,
  values: Readonly<Record<string, string>>,
  { isQuoted }: { readonly isQuoted: boolean },
): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_all, key: string) => {
    const value = values[key] ?? "";
    return isQuoted ? JSON.stringify(value).slice(1, -1) : value;
  });
}
