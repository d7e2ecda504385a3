/** One line of a scenario's result. */
export interface Row {
  readonly what: string
  readonly value: string
  /** What it is meant to reach, with the comparison, e.g. `goal ≤ 3.5`. */
  readonly goal?: string
}

export interface Scenario {
  readonly name: string
  /** One sentence. */
  readonly what: string
  readonly run: () => Promise<readonly Row[]>
}

export const ratio = (value: number): string => `${value.toFixed(2)} ×`
export const count = (value: number): string => Math.round(value).toLocaleString('en-US')
export const millis = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`

/** The value below which `share` (0 to 1) of the samples lie. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5)
