/**
 * The program of a measuring process: runs one probe of one row and sends its result to the parent. A
 * process measures one thing only, so that nothing is warm, or in the heap, from something else.
 */
import { loadRow } from "./rows/all-rows.ts";

const [rowName = "", probeName = "", input = "null"] = process.argv.slice(2);
const probe = (await loadRow(rowName))?.probes[probeName];
if (probe === undefined) throw new Error(`There is no probe ${rowName} ${probeName}.`);
// Whoever asked is gone, and with it whoever would have ended what this process starts.
const endGroup = (): void => {
  process.kill(process.platform === "win32" ? process.pid : -process.pid, "SIGKILL");
};
process.once("disconnect", endGroup);
const result = await probe(JSON.parse(input) as never);
if (process.send === undefined) console.log(JSON.stringify(result));
else {
  process.off("disconnect", endGroup);
  process.send({ result }, () => process.disconnect());
}
