/** `keys`: makes keys to sign with, lets one endorse its successor, takes one out of trust. */
import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { Option } from "commander";
import type { CommandSurroundings } from "../command-context.js";
import { subcommand, type CommandDescription } from "../command.js";
import { findConfig } from "../config-file.js";
import { exitCode } from "../exit-code.js";
import { expiryOption } from "../options.js";
import { folderText, pathText } from "../output/path-text.js";
import { keysFolderOf } from "../own-folders.js";

/** What `keys` says of itself. @internal */
export const keysCommand: CommandDescription = {
  examples: [
    "keys create ~/keys/acme",
    "keys endorse ~/keys/acme-2.pub --key ~/keys/acme",
    'keys revoke acme.pub --reason "lost laptop"',
  ],
  common: [],
  subcommands: [
    subcommand({
      usage: "create <file>",
      summary: "create a key pair: the secret key in the file, the public key in the file with .pub added",
      common: [],
      action: (surroundings, [file = ""]) => createKey(surroundings, file),
    }),
    subcommand<{ readonly key: string; readonly expires?: number }>({
      usage: "endorse <public-key>",
      summary: "endorse a new key with an old one: whoever trusts the old key then trusts the new one",
      common: [],
      options: [
        new Option("--key <file>", "file of the old secret key (required)").makeOptionMandatory(),
        expiryOption("day on which the endorsement ends (default: never)"),
      ],
      action: (surroundings, [next = ""], { key, expires }) => endorse(surroundings, { next, key, expires }),
    }),
    subcommand<{ readonly keys?: string; readonly reason?: string }>({
      usage: "revoke <key>",
      summary: "revoke a key, named by its id or by the file of its public key",
      common: ["config", "state"],
      options: [
        new Option(
          "--keys <dir>",
          "folder of trusted keys (default: that of the config file, or keys in the state folder)",
        ),
        new Option("--reason <text>", "why"),
      ],
      action: (surroundings, [key = ""], { keys, reason }) => revoke(surroundings, { key, keys, reason }),
    }),
  ],
};

/** Makes a key pair. */
async function createKey({ io, output }: CommandSurroundings, file: string): Promise<number> {
  const { createSigningKey } = await import("../../packaging.js");
  const { id, secretFile, publicFile } = createSigningKey(resolve(io.cwd, file));
  if (output.isJson) {
    output.json({ id, secretFile: pathText(secretFile, io.cwd), publicFile: pathText(publicFile, io.cwd) });
    return exitCode.done;
  }
  output.line(`${output.style("green", "created")} ${id}`);
  output.line(`secret  ${folderText(secretFile, io.cwd)} (yours alone; keep a copy in a safe place)`);
  output.line(`public  ${folderText(publicFile, io.cwd)} (hand it to those who are to trust you)`);
  return exitCode.done;
}

/** Lets an old key endorse a new one. */
async function endorse(
  { io, output }: CommandSurroundings,
  options: { readonly next: string; readonly key: string; readonly expires: number | undefined },
): Promise<number> {
  const { endorseKey } = await import("../../packaging.js");
  const { next, key, expires } = options;
  const endorsed = await endorseKey(resolve(io.cwd, next), { key: resolve(io.cwd, key), expires });
  if (output.isJson) {
    output.json({ ...endorsed, file: pathText(endorsed.file, io.cwd) });
    return exitCode.done;
  }
  output.line(`${output.style("green", "endorsed")} ${endorsed.new}`);
  output.line(`by      ${endorsed.old}`);
  output.line(
    `file    ${folderText(endorsed.file, io.cwd)} (sign takes it along; it may also lie among trusted keys)`,
  );
  return exitCode.done;
}

/** Takes a key out of trust. */
async function revoke(
  context: CommandSurroundings,
  options: { readonly key: string; readonly keys: string | undefined; readonly reason: string | undefined },
): Promise<number> {
  const { io, output } = context;
  const { revokeKey } = await import("../../packaging.js");
  const keys =
    options.keys === undefined
      ? keysFolderOf(context, await findConfig(context))
      : resolve(io.cwd, options.keys);
  await mkdir(keys, { recursive: true, mode: 0o700 });
  const isId = options.key.startsWith("ed25519-");
  const key = isId ? options.key : resolve(io.cwd, options.key);
  const revoked = await revokeKey(key, { keys, reason: options.reason });
  if (output.isJson) output.json(revoked);
  else output.line(`${output.style("green", "revoked")} ${revoked.key} in ${folderText(keys, io.cwd)}`);
  return exitCode.done;
}
