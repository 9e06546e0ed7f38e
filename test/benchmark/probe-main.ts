/**
 * The program of a measuring process: runs one probe of one row and sends its result to the parent. A
 * process measures one thing only, so that nothing is warm, or in the heap, from something else.
 */
import { loadRow } from "./rows/all-rows.ts";

const [rowName = "", probeName = "", input = "null"] = process.argv.slice(2);
const probe = (await loadRow(rowName))?.probes[probeName];
if (probe === undefined) throw new Error(`There is no probe ${rowName} ${probeName}.`);
const result = await probe(JSON.parse(input) as never);
if (process.send === undefined) console.log(JSON.stringify(result));
else process.send({ result }, () => process.disconnect());
