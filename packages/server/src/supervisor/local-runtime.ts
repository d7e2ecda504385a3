import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readIfThere } from '#kernel/files.ts'
import { boundOutput, outputTail } from '#supervisor/output-file.ts'
import { NOTE_AND_EXEC, readLaunched, stillRuns } from '#supervisor/launched.ts'
import type { Launched } from '#supervisor/launched.ts'
import type { LaunchSpec, ProcessExit, Runtime, SupervisedProcess } from '#supervisor/runtime.ts'

const NOTE = 'process'
const OUTPUT = 'output.log'

/** How often an adopted process is looked at, and how often one that was asked to end. */
const WATCH_MILLIS = 250
const ENDING_MILLIS = 25
const BOUND_OUTPUT_MILLIS = 10_000
/** A killed process is gone within moments, unless the kernel holds it in a device. */
const KILL_MILLIS = 10_000

type Ended = Omit<ProcessExit, 'lastOutput'>

interface Watched {
  readonly launched: Launched
  readonly process: SupervisedProcess
  /** Of a process that this life of the platform launched. */
  readonly environment: LaunchSpec['environment'] | undefined
}

/** Runs processes on this machine. */
export function localRuntime(): Runtime {
  const running = new Map<string, Watched>()
  const closed = new AbortController()
  const bounding = setInterval(() => {
    for (const directory of running.keys()) void boundOutput(join(directory, OUTPUT))
  }, BOUND_OUTPUT_MILLIS).unref()

  function supervise(
    directory: string,
    launched: Launched,
    ended: Promise<Ended>,
    environment?: LaunchSpec['environment'],
  ): SupervisedProcess {
    const exited = ended.then((how) => {
      if (running.get(directory) === watching) running.delete(directory)
      return withOutput(directory, how)
    })
    const watching = { launched, process: { pid: launched.pid, exited }, environment }
    running.set(directory, watching)
    return watching.process
  }

  return {
    async launch(spec) {
      const old = readLaunched(join(spec.directory, NOTE))
      if (old !== undefined && stillRuns(old)) {
        throw new Error(`process ${String(old.pid)} still runs in ${spec.directory}; stop it first`)
      }
      await rm(join(spec.directory, NOTE), { force: true })
      const { pid, ended } = await spawnApart(spec)
      const launched = await noted(spec.directory, ended)
      if (launched === undefined) return { pid, exited: ended.then((how) => withOutput(spec.directory, how)) }
      return supervise(spec.directory, launched, ended, spec.environment)
    },

    async adopt(directory) {
      const launched = running.get(directory)?.launched ?? readLaunched(join(directory, NOTE))
      if (launched === undefined || !stillRuns(launched)) return undefined
      return running.get(directory)?.process ?? supervise(directory, launched, goneByItself(launched, closed.signal))
    },

    async environment(directory) {
      const watching = running.get(directory)
      const launched = watching?.launched ?? readLaunched(join(directory, NOTE))
      if (launched === undefined || !stillRuns(launched)) return undefined
      return watching?.environment ?? environmentOf(launched.pid)
    },

    async stop(directory, graceMillis) {
      const watching = running.get(directory)
      const launched = watching?.launched ?? readLaunched(join(directory, NOTE))
      if (launched !== undefined) await end(launched, graceMillis, directory)
      if (watching !== undefined) await awake(watching.process.exited)
      await rm(join(directory, NOTE), { force: true })
    },

    close() {
      clearInterval(bounding)
      closed.abort()
      running.clear()
    },
  }
}

/** Only the owner of a process may read it; where there is no `/proc`, nobody can. */
async function environmentOf(pid: number): Promise<LaunchSpec['environment'] | undefined> {
  const text = await readIfThere(`/proc/${String(pid)}/environ`)
  if (text === undefined) return undefined
  const entries = text.split('\0').filter((entry) => entry.includes('='))
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  )
}

interface Spawned {
  readonly pid: number
  readonly ended: Promise<Ended>
}

/** Spawns in a session of its own, so that neither the terminal's signals nor the platform's death reach it. */
async function spawnApart({ directory, command, args, environment }: LaunchSpec): Promise<Spawned> {
  await rm(join(directory, OUTPUT), { force: true })
  const output = await open(join(directory, OUTPUT), 'a', 0o600)
  try {
    const child = spawn('/bin/sh', ['-c', NOTE_AND_EXEC, join(directory, NOTE), command, ...args], {
      cwd: directory,
      env: environment,
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    })
    child.unref()
    const ended = new Promise<Ended>((resolve) => {
      child.once('exit', (code, signal) => {
        resolve({ code, signal })
      })
    })
    await once(child, 'spawn')
    const { pid } = child
    if (pid === undefined)
      throw new Error(`the operating system started ${command} without giving its process a number`)
    return { pid, ended }
  } finally {
    await output.close()
  }
}

/** The process as the shell notes it before it becomes the command; undefined when it ended instead: the exit tells why. */
async function noted(directory: string, ended: Promise<Ended>): Promise<Launched | undefined> {
  let over = false
  void ended.then(() => (over = true))
  for (;;) {
    const launched = readLaunched(join(directory, NOTE))
    if (launched !== undefined || over) return launched
    await sleep(2)
  }
}

const withOutput = async (directory: string, how: Ended): Promise<ProcessExit> => ({
  ...how,
  lastOutput: await outputTail(join(directory, OUTPUT)),
})

/** Looks at a process that is no child of this platform until it has ended. Never resolves after `closed`. */
async function goneByItself(launched: Launched, closed: AbortSignal): Promise<Ended> {
  while (stillRuns(launched)) {
    await sleep(WATCH_MILLIS, undefined, { ref: false, signal: closed }).catch(() => new Promise(() => {}))
  }
  return { code: null, signal: null }
}

/** Children do not keep the platform running, but somebody who waits for one's end does. */
async function awake<T>(promise: Promise<T>): Promise<T> {
  const timer = setInterval(() => {}, WATCH_MILLIS)
  try {
    return await promise
  } finally {
    clearInterval(timer)
  }
}

async function end(launched: Launched, graceMillis: number, directory: string): Promise<void> {
  if (await goneAfter(launched, launched.pid, 'SIGTERM', graceMillis)) return
  // The whole group, so that nothing the process started is left behind.
  if (await goneAfter(launched, -launched.pid, 'SIGKILL', KILL_MILLIS)) return
  throw new Error(`process ${String(launched.pid)} of ${directory} did not end even when it was killed; end it by hand`)
}

async function goneAfter(launched: Launched, target: number, signal: NodeJS.Signals, millis: number): Promise<boolean> {
  if (!stillRuns(launched)) return true
  try {
    process.kill(target, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
  const deadline = performance.now() + millis
  while (stillRuns(launched)) {
    if (performance.now() > deadline) return false
    await sleep(ENDING_MILLIS)
  }
  return true
}
