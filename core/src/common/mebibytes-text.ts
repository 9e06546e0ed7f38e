/** An amount of memory as people read it: `1,024 MB`. @internal */
export function mebibytesText(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20).toLocaleString("en")} MB`;
}
