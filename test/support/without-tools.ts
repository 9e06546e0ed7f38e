/**
 * Runs a command on a machine that seems to lack some tools: `node without-tools.ts bwrap git -- npm run test:unit`.
 * Its PATH is a folder of links to everything that the real one finds, save the programs named.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const end = process.argv.indexOf("--");
const hidden = new Set(process.argv.slice(2, end));
const [program, ...parameters] = process.argv.slice(end + 1);
if (end < 3 || program === undefined) {
  console.error("usage: node without-tools.ts <tool…> -- <command…>");
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "plugboard-path-"));
try {
  const linked = new Set<string>();
  for (const place of (process.env["PATH"] ?? "").split(delimiter)) {
    for (const name of namesIn(place)) {
      if (hidden.has(name) || linked.has(name)) continue;
      linked.add(name);
      symlinkSync(join(realpathSync(place), name), join(folder, name));
    }
  }
  const { status, error } = spawnSync(program, parameters, {
    stdio: "inherit",
    env: { ...process.env, PATH: folder },
  });
  if (error !== undefined) throw error;
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function namesIn(place: string): readonly string[] {
  try {
    return readdirSync(place);
  } catch {
    // A folder that the PATH names need not be there.
    return [];
  }
}
