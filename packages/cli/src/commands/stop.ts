import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '@sluice/server/config'
import { ownerOf } from '@sluice/server/data-directory'
import { isRunning, signalProcess } from '@sluice/server/process-identity'

/** Longest wait for a platform to stop its brokers and flush, in milliseconds. */
const PATIENCE_MILLIS = 120_000

/** Stops the platform of the data directory in order, and waits until it has ended. */
export async function stop(config: Config, options: { readonly keepBrokers: boolean }): Promise<void> {
  const owner = ownerOf(config.data)
  if (owner === undefined) {
    process.stdout.write(`No platform runs on ${config.data}.\n`)
    return
  }
  signalProcess(owner, options.keepBrokers ? 'SIGUSR2' : 'SIGTERM')
  const deadline = Date.now() + PATIENCE_MILLIS
  while (isRunning(owner)) {
    if (Date.now() > deadline)
      throw new Error(
        `process ${String(owner.pid)} has not ended after ${String(PATIENCE_MILLIS / 1_000)} s; see its log, or end it with kill -9 ${String(owner.pid)}: nothing acknowledged is lost`,
      )
    await sleep(100)
  }
  process.stdout.write(
    options.keepBrokers ? 'Stopped; its brokers keep running and the next start adopts them.\n' : 'Stopped.\n',
  )
}
