/** Amounts of data as people read them. */

const units = ["KB", "MB", "GB"];

/** `812 B`, `1.4 KB`, `12 MB`. @internal */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value).toString()} ${units[unit] ?? ""}`;
}
