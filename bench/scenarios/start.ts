import { setTimeout as sleep } from 'node:timers/promises'
import { startTestPlatform, temporaryDirectory } from '@sluice/testkit/platform.ts'
import { childrenOf, residentMegabytes } from '../lib/processes.ts'
import { type Scenario, count, median, millis, ratio } from '../lib/scenario.ts'
import { startFloor } from '../lib/floor.ts'

const ROUNDS = 5

export const start: Scenario = {
  name: 'start',
  what: 'process start to Ready. on existing data, against a bare node:http server; resident memory when idle',
  run: async () => {
    const directory = temporaryDirectory()
    const first = await startTestPlatform({ data: directory.path })
    await first.stop()
    const starts: number[] = []
    const floors: number[] = []
    const resident: { platform: number; store: number }[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      let from = performance.now()
      const floor = await startFloor()
      floors.push(performance.now() - from)
      await floor.stop()
      from = performance.now()
      const platform = await startTestPlatform({ data: directory.path })
      starts.push(performance.now() - from)
      await sleep(2_000)
      resident.push({
        platform: residentMegabytes(platform.pid),
        store: childrenOf(platform.pid).reduce((sum, pid) => sum + residentMegabytes(pid), 0),
      })
      await platform.stop()
    }
    directory.remove()
    const platformMegabytes = median(resident.map((sample) => sample.platform))
    return [
      { what: 'start to Ready. (median)', value: millis(median(starts)), goal: 'goal ≤ 1,000 ms' },
      { what: 'of starting the bare server', value: ratio(median(starts) / median(floors)) },
      { what: 'resident MB, platform alone', value: count(platformMegabytes), goal: 'goal ≤ 130' },
      {
        what: 'resident MB, with the column store',
        value: count(platformMegabytes + median(resident.map((sample) => sample.store))),
        goal: 'goal ≤ 420',
      },
    ]
  },
}
