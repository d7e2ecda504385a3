import type { GroupTotals } from '#stores/journals/segments/totals.ts'
import type { TimeRange } from '#stores/journals/segments/windows.ts'

type Rate = Pick<GroupTotals, 'events' | 'first' | 'last'>

/** How many events of a group a range of time holds, had they come evenly. */
export const eventsWithin = ({ events, first, last }: Rate, { from, to }: TimeRange): number =>
  events * Math.min(1, (to - from + 1) / (last - first + 1))

/** How much time holds so many events of a group, had they come evenly. */
export const millisHolding = ({ events, first, last }: Rate, wanted: number): number =>
  events > 0 ? Math.ceil((wanted / events) * (last - first + 1)) : Infinity
