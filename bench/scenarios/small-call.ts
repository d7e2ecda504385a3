import { startFloor } from '../lib/floor.ts'
import { type LoadRequest, load } from '../lib/load.ts'
import { withPlatform } from '../lib/platform.ts'
import { type Scenario, count, ratio } from '../lib/scenario.ts'

/** A small signed call. */
export const SMALL_CALL: LoadRequest = {
  service: 'sts',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: () => 'Action=GetCallerIdentity&Version=2011-06-15',
}
const OPTIONS = { connections: 16, seconds: 5 }

export const smallCall: Scenario = {
  name: 'small-call',
  what: 'GetCallerIdentity, verified, authorised and recorded, against the floor; the same client beside both',
  run: () =>
    withPlatform(async (platform) => {
      const floor = await startFloor()
      const rounds: { floor: number; platform: number }[] = []
      await load(floor.url, SMALL_CALL, { ...OPTIONS, seconds: 2 })
      await load(platform.url, SMALL_CALL, { ...OPTIONS, seconds: 2 })
      // In turn, so that a change of the machine's speed meets both.
      for (let round = 0; round < 3; round += 1) {
        const least = await load(floor.url, SMALL_CALL, OPTIONS)
        const done = await load(platform.url, SMALL_CALL, OPTIONS)
        rounds.push({ floor: least.requests / least.seconds, platform: done.requests / done.seconds })
      }
      await floor.stop()
      const best = rounds.toSorted((a, b) => a.platform / a.floor - b.platform / b.floor)[1] ?? {
        floor: Number.NaN,
        platform: Number.NaN,
      }
      return [
        { what: 'calls a second', value: count(best.platform) },
        {
          what: 'of the floor (median of three pairs)',
          value: ratio(best.platform / best.floor),
          goal: 'goal ≥ 0.5 ×',
        },
      ]
    }),
}
