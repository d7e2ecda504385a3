/**
 * The column store's process. It belongs to the parent that started it and ends with it: when the channel to the parent
 * closes, it kills itself, since the engine's own exit waits for whatever query still runs.
 */
import { unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CHILD_FILES, type ChildMessage } from './child-contract.ts'
import { Engine } from './engine.ts'
import { ENGINE_CONFIG } from './engine-config.ts'
import { clickHouseServer } from './http-protocol.ts'
import { writeOwner } from './leftover.ts'

const [, , directory, socketPath] = process.argv as [string, string, string, string]

/** A predecessor that is just dying may hold the directory a little longer. */
const OPEN_FOR_MILLIS = 10_000
const RETRY_MILLIS = 200
const STOP_WITHIN_MILLIS = 2_000
const QUIET_MILLIS = 3_000

const tell = (message: ChildMessage): void => void process.send?.(message)
const die = (): void => void process.kill(process.pid, 'SIGKILL')

async function openEngine(): Promise<Engine> {
  const configFile = join(directory, CHILD_FILES.config)
  writeFileSync(configFile, ENGINE_CONFIG)
  const deadline = Date.now() + OPEN_FOR_MILLIS
  for (;;) {
    try {
      return new Engine(join(directory, CHILD_FILES.data), configFile)
    } catch (error) {
      if (Date.now() >= deadline) throw error
      await sleep(RETRY_MILLIS)
    }
  }
}

async function main(): Promise<void> {
  writeOwner(join(directory, CHILD_FILES.owner))
  const engine = await openEngine()
  const server = clickHouseServer(engine)
  try {
    unlinkSync(socketPath)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  restWhenQuiet(engine)
  process.on('message', () => void stop(engine))
  server.listen(socketPath, () => tell({ kind: 'ready' }))
}

/** Once no statement has come for a while, what the last ones used is given back; once more only after others came. */
function restWhenQuiet(engine: Engine): void {
  let [seen, rested] = [0, -1]
  setInterval(() => {
    const { statements } = engine
    if (statements === seen && statements !== rested) {
      rested = statements
      void engine.rest()
    }
    seen = statements
  }, QUIET_MILLIS)
}

/** Any message asks to stop: running statements get a moment, then the process ends either way. */
async function stop(engine: Engine): Promise<void> {
  const deadline = Date.now() + STOP_WITHIN_MILLIS
  while (engine.busy && Date.now() < deadline) await sleep(10)
  if (!engine.busy) engine.close()
  die()
}

process.on('disconnect', die)
process.on('uncaughtException', (error) => {
  tell({ kind: 'failed', reason: error.message })
  setTimeout(die, 100)
})
main().catch((error: unknown) => {
  tell({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) })
  setTimeout(die, 100)
})
