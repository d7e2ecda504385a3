import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A running server to compare with, in a process of its own like the platform. */
export interface Floor {
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

/** The least that any server of signed JSON requests must do. */
export const startFloor = (): Promise<Floor> => startServer('floor-server.ts')

/** `node:http` with the wire and no platform behind it. */
export const startWire = (): Promise<Floor> => startServer('wire-server.ts')

/** Objects to files and back, and nothing else. */
export const startObjects = (): Promise<Floor> => startServer('objects-server.ts')

async function startServer(file: string): Promise<Floor> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let url = ''
  for await (const line of createInterface({ input: child.stdout })) {
    url = /^Endpoint (\S+)/.exec(line)?.[1] ?? url
    if (line === 'Ready.') break
  }
  return {
    url,
    pid: child.pid as number,
    async stop() {
      const exited = once(child, 'exit')
      child.kill()
      await exited
    },
  }
}
