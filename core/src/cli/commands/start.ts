/** `start`: a host that runs and follows its folders until it is asked to stop. */
import { resolve } from "node:path";
import type { Disposable, ExtensionHost } from "../../index.js";
import type { CommandContext } from "../command-context.js";
import { hostSetup, missingText, type HostSetup } from "../host-setup.js";
import { exitCode } from "../exit-code.js";
import { folderText } from "../output/path-text.js";
import { extensionHappening, happeningLogger, type Happening, type HostView } from "../start/happening.js";
import { JsonDriver } from "../start/json-driver.js";
import { jsonView } from "../start/json-view.js";
import { liveView } from "../start/live-view.js";
import { plainView } from "../start/plain-view.js";

/** Runs until a signal, a `stop` command, or the end of standard input if that is asked for. @internal */
export async function startHost(
  context: CommandContext,
  options: { readonly exitWithStdin: boolean },
): Promise<number> {
  const { io, output, services } = context;
  const setup = await hostSetup(context);
  const view = viewFor(context, setup);
  const stopping = Promise.withResolvers<void>();
  const stop = () => stopping.resolve();
  if (io.signal.aborted) stop();
  else io.signal.addEventListener("abort", stop, { once: true });

  const show = (happening: Happening) => view.show(happening);
  const logger = happeningLogger(show);
  const host = services.createHost({ ...setup.hostOptions, watch: true, watchdog: "print", logger });
  const listening: readonly Disposable[] = [
    host.extensions.onDidChange((event) => show(extensionHappening(event, host))),
    host.onDidChangeContributions((change) => show({ kind: "contributions", ...change })),
    io.onStrayOutput(({ level, text }) => show({ kind: "log", level, message: text, fields: {} })),
  ];
  let driver: JsonDriver | undefined;
  try {
    view.open(host);
    const ready = becomeReady(host, setup, show);
    // Waited for below; a command that waits for it as well gets the same reason.
    ready.catch(() => undefined);
    if (output.isJson) {
      driver = new JsonDriver({ host, output, cwd: io.cwd, ready, stop });
      void driver.read(io.stdin).then(() => options.exitWithStdin && stop(), stop);
    } else if (options.exitWithStdin) {
      io.stdin.once("end", stop).once("error", stop).resume();
    }
    // A start that fails is the host's own fault and ends the command.
    await Promise.race([ready.then(() => stopping.promise), stopping.promise]);
  } finally {
    show({ kind: "stopping" });
    await host.stop();
    await driver?.close();
    for (const listener of listening) listener.dispose();
    io.signal.removeEventListener("abort", stop);
    show({ kind: "stopped" });
    view.close();
  }
  return exitCode.done;
}

async function becomeReady(
  host: ExtensionHost,
  setup: HostSetup,
  show: (happening: Happening) => void,
): Promise<void> {
  const startedAt = performance.now();
  const starting = host.start();
  // A start that fails lists nothing; its reason counts.
  await Promise.race([host.listed, starting]);
  await setup.enableListed(host);
  show({ kind: "ready", extensions: host.extensions.size, elapsedMs: performance.now() - startedAt });
  await starting;
}

function viewFor(context: CommandContext, setup: HostSetup): HostView {
  const { io, output } = context;
  if (output.isJson) return jsonView(output, io.cwd);
  const [first = "extensions"] = setup.hostOptions.extensionFolders ?? [];
  const name = folderText(resolve(io.cwd, first), io.cwd);
  const isMissing = setup.missingFolders.length > 0;
  const missing = isMissing ? `${missingText(setup.missingFolders, io.cwd)} Create it at any time. ` : "";
  const hint = `${missing}Drop a folder into ${name} to add an extension, remove it to take it out. Ctrl-C stops.`;
  const folders = setup.folders.map((folder) => folderText(folder, io.cwd)).join(", ");
  return io.stdout.isTTY === true && io.env["TERM"] !== "dumb"
    ? liveView(io, output, { hint, folders })
    : plainView(output, { cwd: io.cwd, hint });
}
