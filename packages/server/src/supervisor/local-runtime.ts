import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { boundOutput, outputTail } from '#supervisor/output-file.ts'
import { IDENTIFY_AND_EXEC, isRunning, readIdentity } from '#supervisor/process-identity.ts'
import type { ProcessIdentity } from '#supervisor/process-identity.ts'
import type { LaunchSpec, ProcessExit, Runtime, SupervisedProcess } from '#supervisor/runtime.ts'

const IDENTITY = 'process'
const OUTPUT = 'output.log'

/** How often an adopted process is looked at, and how often one that was asked to end. */
const WATCH_MILLIS = 250
const ENDING_MILLIS = 25
const BOUND_OUTPUT_MILLIS = 10_000
/** A killed process is gone within moments, unless the kernel holds it in a device. */
const KILL_MILLIS = 10_000

type Ended = Omit<ProcessExit, 'lastOutput'>

/** Runs processes on this machine. */
export function localRuntime(): Runtime {
  const running = new Map<string, SupervisedProcess>()
  const closed = new AbortController()
  const bounding = setInterval(() => {
    for (const directory of running.keys()) void boundOutput(join(directory, OUTPUT))
  }, BOUND_OUTPUT_MILLIS).unref()

  function supervise(directory: string, pid: number, ended: Promise<Ended>): SupervisedProcess {
    const exited = ended.then(async (how) => {
      if (running.get(directory) === supervised) running.delete(directory)
      return { ...how, lastOutput: await outputTail(join(directory, OUTPUT)) }
    })
    const supervised = { pid, exited }
    running.set(directory, supervised)
    return supervised
  }

  return {
    async launch(spec) {
      const old = await readIdentity(join(spec.directory, IDENTITY))
      if (old !== undefined && (await isRunning(old))) {
        throw new Error(`process ${String(old.pid)} still runs in ${spec.directory}; stop it first`)
      }
      await rm(join(spec.directory, IDENTITY), { force: true })
      const child = await spawnApart(spec)
      const ended = endOf(child)
      const supervised = supervise(spec.directory, child.pid!, ended)
      await identified(spec.directory, ended)
      return supervised
    },

    async adopt(directory) {
      const known = running.get(directory)
      if (known !== undefined) return known
      const identity = await readIdentity(join(directory, IDENTITY))
      if (identity === undefined || !(await isRunning(identity))) return undefined
      return running.get(directory) ?? supervise(directory, identity.pid, watched(identity, closed.signal))
    },

    async stop(directory, graceMillis) {
      const identity = await readIdentity(join(directory, IDENTITY))
      if (identity !== undefined) await end(identity, graceMillis, directory)
      await running.get(directory)?.exited
      await rm(join(directory, IDENTITY), { force: true })
    },

    close() {
      clearInterval(bounding)
      closed.abort()
      running.clear()
    },
  }
}

/** Spawns in a session of its own, so that neither the terminal's signals nor the platform's death reach it. */
async function spawnApart({ directory, command, args, environment }: LaunchSpec): Promise<ChildProcess> {
  await rm(join(directory, OUTPUT), { force: true })
  const output = await open(join(directory, OUTPUT), 'a', 0o600)
  try {
    const child = spawn('/bin/sh', ['-c', IDENTIFY_AND_EXEC, join(directory, IDENTITY), command, ...args], {
      cwd: directory,
      env: environment,
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    })
    child.unref()
    await once(child, 'spawn')
    return child
  } finally {
    await output.close()
  }
}

const endOf = (child: ChildProcess): Promise<Ended> =>
  new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ code, signal })
    })
  })

/** Resolves once the shell has noted who it is, or has ended: the exit tells why. */
async function identified(directory: string, ended: Promise<Ended>): Promise<void> {
  let over = false
  void ended.then(() => (over = true))
  while (!over && (await readIdentity(join(directory, IDENTITY))) === undefined) await sleep(2)
}

/** Looks at a process that is not a child of this platform until it has ended. Never resolves after `closed`. */
async function watched(identity: ProcessIdentity, closed: AbortSignal): Promise<Ended> {
  while (await isRunning(identity)) {
    await sleep(WATCH_MILLIS, undefined, { ref: false, signal: closed }).catch(() => new Promise(() => {}))
  }
  return { code: null, signal: null }
}

async function end(identity: ProcessIdentity, graceMillis: number, directory: string): Promise<void> {
  if (await goneAfter(identity, identity.pid, 'SIGTERM', graceMillis)) return
  // The whole group, so that nothing the process started is left behind.
  if (await goneAfter(identity, -identity.pid, 'SIGKILL', KILL_MILLIS)) return
  throw new Error(`process ${String(identity.pid)} of ${directory} did not end even when it was killed; end it by hand`)
}

async function goneAfter(identity: ProcessIdentity, target: number, signal: NodeJS.Signals, millis: number): Promise<boolean> {
  if (!(await isRunning(identity))) return true
  try {
    process.kill(target, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
  const deadline = performance.now() + millis
  while (await isRunning(identity)) {
    if (performance.now() > deadline) return false
    await sleep(ENDING_MILLIS)
  }
  return true
}
