/** `create`: makes a folder with an extension to begin with, out of a template. */
import { resolve } from "node:path";
import { Option } from "commander";
import { canAsk } from "../ask.js";
import type { CommandSurroundings } from "../command-context.js";
import type { CommandDescription } from "../command.js";
import { askForProject } from "../create/project-questions.js";
import { faultOfId, faultOfName, idOf, nameOf, type Project } from "../create/project.js";
import { renderTemplate } from "../create/render-template.js";
import { templateNames, templates, type TemplateName } from "../create/templates.js";
import { examinePlace, writeProject } from "../create/write-project.js";
import { requireCurrentFolder } from "../current-folder.js";
import { exitCode, UsageError } from "../exit-code.js";
import { folderText, pathText } from "../output/path-text.js";

/** What `create` says of itself. @internal */
export const createCommand: CommandDescription<CreateFlags> = {
  examples: ["create ./hello", "create ./hello --template worker --id acme.hello --name Hello --yes"],
  common: [],
  options: [
    new Option("--template <name>", "template to use (default: greeter)").choices(templateNames),
    new Option("--id <id>", "its extension id (default: made from the folder's name)"),
    new Option("--name <text>", "its display name (default: made from the id)"),
    new Option("-y, --yes", "ask nothing, take the defaults"),
  ],
  notes: `
Templates:
${templateNames.map((name) => `  ${name.padEnd(12)} ${templates[name].summary}`).join("\n")}

The folder has to be new or empty. Tests, types and editors need its packages (npm install); a host does not.`,
  action: (surroundings, [folder = ""], { template, id, name, yes = false }) =>
    create(surroundings, { folder, template, id, name, takesDefaults: yes }),
};

interface CreateFlags {
  readonly template?: TemplateName;
  readonly id?: string;
  readonly name?: string;
  readonly yes?: boolean;
}

/** What the command line says of the extension to make. */
interface CreateWords {
  readonly folder: string;
  readonly template: TemplateName | undefined;
  readonly id: string | undefined;
  readonly name: string | undefined;
  /** Whether to ask for nothing, on a terminal too. */
  readonly takesDefaults: boolean;
}

/** Asks for what is not said, on a terminal; elsewhere takes it for granted. */
async function create(surroundings: CommandSurroundings, words: CreateWords): Promise<number> {
  const { io, output } = surroundings;
  requireCurrentFolder(io, words.folder);
  const folder = resolve(io.cwd, words.folder);
  const fault =
    (words.id === undefined ? undefined : faultOfId(words.id)) ??
    (words.name === undefined ? undefined : faultOfName(words.name));
  if (fault !== undefined) throw new UsageError(fault);
  await examinePlace(folder);
  const project = await projectOf(surroundings, folder, words);
  const { files, sources } = await renderTemplate(project, folder);
  await writeProject(folder, files, io.signal);
  const steps = sources.kind === "found" ? ["npm test"] : ["npm install", "npm test"];
  if (output.isJson) {
    output.json({
      ...project,
      folder: pathText(folder, io.cwd),
      files: Object.keys(files).sort(),
      packages: sources.kind,
      next: steps,
    });
    return exitCode.done;
  }
  output.line(
    `${output.style("green", "created")} ${project.id} in ${folderText(folder, io.cwd)}: ${templates[project.template].summary}`,
  );
  if (sources.kind === "checkout") {
    output.line("Its packages come from the checkout that plugboard runs from.");
  }
  if (sources.kind === "published") {
    output.line(
      "Its packages come from npm's registry. As long as @plugboard/core is not there, give npm install the",
    );
    output.line(
      "archives that npm run pack:packages makes in a checkout of Plugboard: npm install --save-dev <archives>",
    );
  }
  output.line("");
  const enter = folder === io.cwd ? [] : [`cd ${shellWord(pathText(folder, io.cwd))}`];
  for (const step of [...enter, ...steps]) output.line(`  ${step}`);
  return exitCode.done;
}

async function projectOf(
  { io, output }: CommandSurroundings,
  folder: string,
  { template, id, name, takesDefaults }: CreateWords,
): Promise<Project> {
  const likelyId = idOf(folder);
  if (!takesDefaults && !output.isJson && canAsk(io)) {
    return askForProject(io, { template, id, name, likelyId });
  }
  const chosenId = id ?? likelyId;
  if (chosenId === undefined) {
    throw new UsageError("no id can be made of the folder's name: give one, such as --id acme.hello");
  }
  return { template: template ?? "greeter", id: chosenId, name: name ?? nameOf(chosenId) };
}

function shellWord(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
