/** What other extensions supply to the point {{contribution}}-sections. */
export interface Section {
  /** From the manifest. */
  readonly title: string;
  /** What stands in the section on that day. */
  text(day: string): string | Promise<string>;
}
