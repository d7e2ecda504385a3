/** Counts the steps of a match, so that its cost can be proved without a clock. */
export interface Meter {
  steps: number
}
