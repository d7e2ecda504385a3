/** Whether a value is beyond a threshold, and how AWS says so in state reasons. */
interface Comparison {
  readonly breaches: (value: number, threshold: number) => boolean
  readonly words: string
}

/** The comparisons with a fixed threshold; those with an anomaly band are not among them. */
export const COMPARISONS = {
  GreaterThanThreshold: { breaches: (value, threshold) => value > threshold, words: 'greater than' },
  GreaterThanOrEqualToThreshold: {
    breaches: (value, threshold) => value >= threshold,
    words: 'greater than or equal to',
  },
  LessThanThreshold: { breaches: (value, threshold) => value < threshold, words: 'less than' },
  LessThanOrEqualToThreshold: { breaches: (value, threshold) => value <= threshold, words: 'less than or equal to' },
} as const satisfies Readonly<Record<string, Comparison>>

export type ComparisonName = keyof typeof COMPARISONS

export const isComparison = (name: string): name is ComparisonName => Object.hasOwn(COMPARISONS, name)
