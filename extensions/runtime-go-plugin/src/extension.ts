/** Contributes the runtime `go-plugin`. */
import { isExtensionError, runtimes, type ExtensionContext } from "@plugboard/extension-api";
import { GoPluginRuntime } from "./go-plugin-runtime.js";

/** Sessions are ended beside this extension when the host stops, and have to let go of their plugins in order. */
const hostStopPatienceMs = 3_000;

export function activate(context: ExtensionContext): void {
  const { signal } = context;
  const runtime = new GoPluginRuntime({ environment: process.env });
  context.contribute(runtimes, "go-plugin", { start: (request, context) => runtime.start(request, context) });
  context.subscriptions.push(() =>
    runtime.dispose({
      patienceMs: isExtensionError(signal.reason, "HOST_STOPPED") ? hostStopPatienceMs : 0,
    }),
  );
}
