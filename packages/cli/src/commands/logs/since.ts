const MILLIS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const
const AGO = /^(\d{1,9})([smhdw])$/
/** Date.parse takes much that is no ISO 8601, "10" among it. */
const TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d|$)/

/**
 * The instant that `10m`, `2h`, `1d` or a time in ISO 8601 means, in milliseconds since 1970.
 * @throws Error in one sentence when it means none
 */
export function instantOf(since: string, now: number): number {
  const [, count, unit] = AGO.exec(since) ?? []
  const time = TIME.test(since) ? Date.parse(since) : Number.NaN
  const instant = unit === undefined ? time : now - Number(count) * MILLIS[unit as keyof typeof MILLIS]
  if (Number.isNaN(instant))
    throw new Error(`--since is "${since}", but it must be like 30s, 10m, 2h, 1d, 1w, or a time like 2026-11-21T10:00Z`)
  return Math.max(0, instant)
}
