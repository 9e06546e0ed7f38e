/**
 * What a row of the benchmark measures: samples of a floor and of ours, taken in turns, and the goal that
 * their comparison is held to. Medians and quartiles everywhere: a mean says how noisy the machine was.
 */

/** The middle of some samples, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
  readonly least: number;
  readonly most: number;
  readonly samples: number;
}

/** What the samples are measured in. */
export type Unit = "ns" | "us" | "ms" | "calls/s" | "KB" | "MB" | "";

/** How ours is held against the floor: divided by it, less it, or alone. */
export type Comparison = "ratio" | "difference" | "alone";

/** One line of the report. */
export interface Figure {
  readonly what: string;
  readonly unit: Unit;
  /** What ours is compared with, in words. */
  readonly floorName: string | undefined;
  readonly floor: Spread | undefined;
  readonly ours: Spread;
  readonly comparison: Comparison;
  /** Ours against the floor, in pairs that were measured one after the other. */
  readonly compared: Spread;
  /** The most that the comparison may be (the least, for rates); undefined for what is only told. */
  readonly goal: number | undefined;
  /** Whether the median meets the goal; undefined where there is none. */
  readonly isMet: boolean | undefined;
  /** What a reader has to know to judge it. */
  readonly note: string | undefined;
}

/** What a figure is made of. */
export interface FigureSource {
  readonly what: string;
  readonly unit: Unit;
  readonly floorName?: string;
  /** As many as `ours`, measured in turns with them. */
  readonly floor?: readonly number[];
  readonly ours: readonly number[];
  readonly comparison: Comparison;
  readonly goal?: number;
  readonly note?: string;
}

/** Makes a line of the report from samples. */
export function figureOf(source: FigureSource): Figure {
  const { floor, ours, comparison, goal } = source;
  const compared = spreadOf(ours.map((value, index) => compare(comparison, value, floor?.[index])));
  return {
    what: source.what,
    unit: source.unit,
    floorName: source.floorName,
    floor: floor === undefined ? undefined : spreadOf(floor),
    ours: spreadOf(ours),
    comparison,
    compared,
    goal,
    isMet:
      goal === undefined
        ? undefined
        : isRate(source.unit)
          ? compared.median >= goal
          : compared.median <= goal,
    note: source.note,
  };
}

/** Whether more is better. */
export function isRate(unit: Unit): boolean {
  return unit === "calls/s";
}

/** The middle and the quartiles of at least one sample. */
export function spreadOf(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    lowerQuartile: quantile(sorted, 0.25),
    upperQuartile: quantile(sorted, 0.75),
    least: quantile(sorted, 0),
    most: quantile(sorted, 1),
    samples: sorted.length,
  };
}

function compare(comparison: Comparison, ours: number, floor: number | undefined): number {
  if (comparison === "alone") return ours;
  if (floor === undefined) throw new TypeError("A comparison needs as many samples of the floor as of ours.");
  return comparison === "ratio" ? ours / floor : ours - floor;
}

function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new TypeError("No samples were taken.");
  return below + (above - below) * (place - Math.floor(place));
}
