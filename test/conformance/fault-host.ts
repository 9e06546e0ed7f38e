/**
 * An application that is given up to a fault which its runtime does not contain: it lets the culprit do the
 * fault it is named, then asks another extension, looks at itself, and prints what it found as JSON. It may
 * never come that far.
 */
import { faults } from "./fault-cases.ts";
import { aSubject, RuntimeHere } from "./conformance-host.ts";

const fault = faults.find((candidate) => candidate.fault === process.argv[2]);
if (fault === undefined) throw new Error("Name a fault.");
const runtime = new RuntimeHere({ kind: "in-process", options: {}, passesReferences: true, lacks: {} }, {});
const kit = await runtime.createHost({
  limits: { ...fault.limits, unresponsiveMs: 500 },
  // Names on standard error what lets nothing else go on.
  watchdog: "print",
  extensions: [aSubject({ id: "acme.culprit", ...fault.culprit }), aSubject({ id: "acme.bystander" })],
});
await kit.run("bystander", "before");
// The watchdog's thread has to be on its way before it can see anything.
await new Promise((later) => setTimeout(later, 1_000));
if (fault.act === "deactivate") {
  await kit.run("culprit", "fault");
  await kit.host.deactivate("acme.culprit");
} else {
  await kit.run("culprit", "fault", { timeoutMs: fault.timeoutMs }).catch(() => undefined);
}
const answer = await kit.run("bystander", "after");
process.stdout.write(JSON.stringify({ answer, isDamaged: "polluted" in {} }));
process.exit();
