/**
 * Builds the container image with the first of docker, podman and buildah that works here, or with the one that BUILDER
 * names. Other arguments are handed on: `npm run image -- --tag acme/plugboard --build-arg BASE=node:24-alpine`.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const builders = ["docker", "podman", "buildah"];
const asked = process.env["BUILDER"];
const builder = (asked === undefined ? builders : [asked]).find(works);

if (builder === undefined) {
  const wanted = asked ?? "docker, podman or buildah";
  process.stderr.write(`Building the image needs ${wanted}, in working order.\n`);
  process.exitCode = 1;
} else {
  // The OCI's own format has no place for a health check.
  const format = builder === "docker" ? [] : ["--format", "docker"];
  const words = ["build", ...format, "--tag", "plugboard", ...process.argv.slice(2), "."];
  process.stdout.write(`${builder} ${words.join(" ")}\n`);
  const repository = fileURLToPath(new URL("../..", import.meta.url));
  process.exitCode = spawnSync(builder, words, { cwd: repository, stdio: "inherit" }).status ?? 1;
}

/** A client alone, without the service it talks to, does not. */
function works(name: string): boolean {
  return spawnSync(name, ["info"], { stdio: "ignore" }).status === 0;
}
