import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Config } from '@sluice/server/config'
import { ownerOf } from '@sluice/server/data-directory'
import { readHealth } from '#cli/commands/status.ts'

/** The platform that a demo plays on. */
export interface DemoPlatform {
  readonly url: string
  /** Whether this demo started it, and so stops it. */
  readonly ours: boolean
  /** Stops it in order, when it is ours. */
  stop(): Promise<void>
}

/** The platform that already answers, or one started for the demo. */
export async function findOrStartPlatform(config: Config): Promise<DemoPlatform> {
  const known = ownerOf(config.data)?.url || `http://${config.host}:${String(config.port)}`
  if ((await readHealth(known)) !== undefined) return { url: known, ours: false, stop: async () => {} }
  return startPlatformProcess(config)
}

async function startPlatformProcess(config: Config): Promise<DemoPlatform> {
  const entry = fileURLToPath(new URL('../main.ts', import.meta.url))
  const flags = [
    '--host',
    config.host,
    '--port',
    String(config.port),
    '--data',
    config.data,
    '--cache',
    config.cache,
    '--log-level',
    'warn',
  ]
  // A group of its own: Ctrl-C reaches the demo alone, which then stops the platform in order.
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, 'start', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const exited = once(child, 'exit')
  let said = ''
  const url = await new Promise<string>((found, failed) => {
    let endpoint = ''
    const hear = (line: string): void => {
      said = `${said}${line}\n`.slice(-10_000)
      endpoint = /^Endpoint +(\S+)/.exec(line)?.[1] ?? endpoint
      if (line === 'Ready.') found(endpoint)
    }
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', hear)
    child.once('error', failed)
    child.once('exit', () => failed(new Error(`the platform did not start:\n${said}`)))
  })
  return {
    url,
    ours: true,
    async stop() {
      if (child.exitCode !== null) return
      child.kill('SIGTERM')
      await exited
    },
  }
}
