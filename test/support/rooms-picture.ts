/** The rooms of core and who imports whom, as a picture in text that GitHub and editors draw. */
import type { Import } from "./import-graph.ts";

const top = "core/src/";

/** Draws the layers at these paths, most specific first, from the imports alone; no arrow that others imply. */
export function drawRooms(paths: readonly string[], imports: readonly Import[]): string {
  const rooms = paths.filter((path) => path.startsWith(top));
  const roomOf = (file: string) => rooms.find((room) => room === file || file.startsWith(`${room}/`));
  const below = new Map(rooms.map((room) => [room, new Set<string>()]));
  for (const { from, to } of imports) {
    const [upper, lower] = [roomOf(from), typeof to === "object" && "file" in to && roomOf(to.file)];
    if (upper !== undefined && lower && upper !== lower) below.get(upper)?.add(lower);
  }
  const lines = ["flowchart TB"];
  for (const hall of rooms) {
    const inside = rooms.filter((room) => room.startsWith(`${hall}/`));
    if (inside.length > 0) {
      const own = imports.map(({ from }) => from).filter((file) => roomOf(file) === hall);
      const files = [...new Set(own)].map((file) => nameOf(file).replace(/\.ts$/, "")).sort();
      lines.push(`  subgraph ${idOf(hall)}-rooms ["${nameOf(hall)}"]`);
      lines.push(...inside.map((room) => `    ${idOf(room)}["${nameOf(room)}"]`));
      lines.push(`    ${idOf(hall)}["${files.join("<br>")}"]`, "  end");
    } else if (!rooms.some((other) => hall.startsWith(`${other}/`))) {
      lines.push(`  ${idOf(hall)}["${nameOf(hall)}"]`);
    }
  }
  for (const [upper, lowers] of below) {
    const direct = [...lowers].filter(
      (lower) => ![...lowers].some((other) => other !== lower && reaches(below, other, lower)),
    );
    lines.push(
      ...rooms.filter((room) => direct.includes(room)).map((room) => `  ${idOf(upper)} --> ${idOf(room)}`),
    );
  }
  return ["```mermaid", ...lines, "```"].join("\n");
}

function reaches(below: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  const lowers = below.get(from) ?? new Set();
  return lowers.has(to) || [...lowers].some((lower) => reaches(below, lower, to));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function idOf(room: string): string {
  return room.slice(top.length).replaceAll("/", "-").replace(".", "-");
}
