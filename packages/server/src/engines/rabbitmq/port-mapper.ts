import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

/** Comes with Erlang, in the path. */
const PORT_MAPPER = 'epmd'

/** It hears of the end of a node that was killed a moment later. */
const TRIES = 50
const EVERY_MILLIS = 100

/** The first node of a broker starts a port mapper, which outlives them all; ends the one at `port` when no node is left. */
export async function endPortMapper(port: number): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (!(await isRefused(port))) return
    await sleep(EVERY_MILLIS)
  }
}

/** It refuses to end while it knows of a node; where none runs, there is nothing to end. */
async function isRefused(port: number): Promise<boolean> {
  const ending = spawn(PORT_MAPPER, ['-port', String(port), '-kill'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const said = await Promise.race([text(ending.stdout), once(ending, 'error').then(() => '')])
  return said.includes('not allowed')
}
