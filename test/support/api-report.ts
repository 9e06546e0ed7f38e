/**
 * Compares the public surface of each package with the report that is committed beside it, or writes the
 * report with `--accept`. One report a package, one section an entry point, read from the `exports` of its
 * package.json. An export without a comment or a release tag is an error, accepted or not.
 * Run it after a build: it reads the declaration files.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import {
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type ExtractorMessage,
} from "@microsoft/api-extractor";
import { inRepository, repositoryRoot } from "./repository.ts";

const packages = ["extension-api", "core"];
const isAccepting = process.argv.includes("--accept");
const scratch = mkdtempSync(join(tmpdir(), "plugboard-api-"));
const complaints: string[] = [];

try {
  for (const folder of packages) compareOrAccept(folder);
} finally {
  rmSync(scratch, { recursive: true });
}
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length > 0 ? 1 : 0;

function compareOrAccept(folder: string): void {
  const reportFile = inRepository(folder, "api-report.md");
  const before = existsSync(reportFile) ? readFileSync(reportFile, "utf8") : "";
  const now = entryPoints(folder)
    .map(({ specifier, declarations }) => describeEntryPoint(folder, specifier, declarations))
    .join("\n");
  if (now === before) {
    console.log(`${folder}/api-report.md is as the sources say.`);
  } else if (isAccepting) {
    writeFileSync(reportFile, now);
    console.log(`${folder}/api-report.md is written.`);
  } else {
    complaints.push(
      `The public surface of ${folder} differs from ${folder}/api-report.md:\n${difference(before, now)}\n` +
        "Run `npm run api:accept` if that is meant, review the report, and add a changeset.",
    );
  }
}

/** The entry points that have a source; one that is still to be written is named, not passed over. */
function entryPoints(folder: string): { specifier: string; declarations: string }[] {
  const { name, exports } = JSON.parse(readFileSync(inRepository(folder, "package.json"), "utf8")) as {
    name: string;
    exports: Record<string, string | { types: string }>;
  };
  return Object.entries(exports).flatMap(([path, target]) => {
    if (typeof target === "string") return [];
    const source = target.types.replace("/dist/", "/src/").replace(/\.d\.ts$/, ".ts");
    const specifier = name + path.slice(1);
    if (existsSync(inRepository(folder, source))) {
      return [{ specifier, declarations: inRepository(folder, target.types) }];
    }
    console.log(`${specifier} has no source yet.`);
    return [];
  });
}

function describeEntryPoint(folder: string, specifier: string, declarations: string): string {
  const file = `${specifier.replaceAll(/\W+/g, "-")}.api.md`;
  const config = ExtractorConfig.prepare({
    configObjectFullPath: inRepository(folder, "api-extractor.json"),
    packageJsonFullPath: inRepository(folder, "package.json"),
    configObject: {
      projectFolder: inRepository(folder),
      mainEntryPointFilePath: declarations,
      newlineKind: "lf",
      compiler: { tsconfigFilePath: inRepository(folder, "tsconfig.json") },
      apiReport: {
        enabled: true,
        reportFileName: file,
        reportFolder: scratch,
        reportTempFolder: join(scratch, "temp"),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Error },
          // The tag says it; a second mark in the name would be noise.
          "ae-internal-missing-underscore": { logLevel: ExtractorLogLevel.None },
          // Its resolver knows no overloads and no names of another entry point.
          "ae-unresolved-link": { logLevel: ExtractorLogLevel.None },
        },
        // Comments are written for people and editors first; TSDoc's stricter syntax is not asked of them.
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  });
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message: ExtractorMessage) => {
      const isOfMain =
        message.messageId === "ae-forgotten-export" &&
        specifier !== readName(folder) &&
        isExportedByMain(folder, message);
      if (message.logLevel === ExtractorLogLevel.Error && !isOfMain) {
        const file = relative(repositoryRoot, message.sourceFilePath ?? inRepository(folder));
        complaints.push(`${file}:${message.sourceFileLine ?? 1} ${message.text}`);
      }
      message.handled = true;
    },
  });
  return readFileSync(join(scratch, file), "utf8");
}

/** Whether what a second entry point mentions can be imported from the package's first. */
function isExportedByMain(folder: string, message: ExtractorMessage): boolean {
  const [, symbol = ""] = /The symbol "(\w+)"/.exec(message.text) ?? [];
  return new RegExp(`\\b${symbol}\\b`).test(readFileSync(inRepository(folder, "src/index.ts"), "utf8"));
}

function readName(folder: string): string {
  return (JSON.parse(readFileSync(inRepository(folder, "package.json"), "utf8")) as { name: string }).name;
}

/** Lines that only one side has, marked as in a patch. */
function difference(before: string, now: string): string {
  const old = before.split("\n");
  const fresh = now.split("\n");
  return [
    ...old.filter((line) => !fresh.includes(line)).map((line) => `- ${line}`),
    ...fresh.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
  ].join("\n");
}
