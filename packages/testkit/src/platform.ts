import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')

/** A whole platform in a process of its own, as a user starts it. */
export interface TestPlatform {
  readonly url: string
  readonly pid: number
  readonly data: string
  /** Everything it wrote so far, standard output and error together; at most the last million characters. */
  output(): string
  /** SIGTERM (or another signal), and waits until the process has ended; resolves with its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  /** kill -9, and waits. */
  kill(): Promise<void>
}

export interface TestPlatformOptions {
  /** A new temporary directory when left out; see {@link temporaryDirectory}. */
  readonly data: string
  readonly port?: number
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
}

const KEPT_OUTPUT = 1_000_000
/** Longest wait for `Ready.`; a fresh data directory on a busy machine takes a few seconds. */
const START_PATIENCE_MILLIS = 60_000

/** Starts `sluice start` on a free port and waits for `Ready.`. */
export async function startTestPlatform(options: TestPlatformOptions): Promise<TestPlatform> {
  const args = [
    '--disable-warning=ExperimentalWarning',
    join(ROOT, 'packages/cli/src/main.ts'),
    'start',
    '--port',
    String(options.port ?? 0),
    '--data',
    options.data,
    ...(options.args ?? []),
  ]
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/node-compile'),
    ...options.env,
  }
  // What vitest sets for itself must not reach the platform.
  delete env['NODE_OPTIONS']
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const ready = new Promise<string>((found, failed) => {
    let url = ''
    const hear = (line: string): void => {
      output = `${output}${line}\n`.slice(-KEPT_OUTPUT)
      url = /^Endpoint +(\S+)/.exec(line)?.[1] ?? url
      if (line === 'Ready.') found(url)
    }
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', hear)
    child.once('exit', (code) =>
      failed(new Error(`the platform ended with ${String(code)} before it was ready:\n${output}`)),
    )
    setTimeout(() => failed(new Error(`the platform was not ready in time:\n${output}`)), START_PATIENCE_MILLIS).unref()
  })
  const url = await ready.catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  return {
    url,
    pid: child.pid as number,
    data: options.data,
    output: () => output,
    stop: async (signal = 'SIGTERM') => end(child, signal),
    kill: async () => {
      await end(child, 'SIGKILL')
    },
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const exited = once(child, 'exit')
  child.kill(signal)
  const [code] = (await exited) as [number | null]
  return code
}

/** A directory for one test, removed by the function that comes with it. */
export function temporaryDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'sluice-e2e-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) }
}

/** Where engines are kept between test runs: the user's own cache, so that CI downloads once. */
export const engineCache = (): string => process.env['SLUICE_CACHE'] ?? join(homedir(), '.cache', 'sluice')
