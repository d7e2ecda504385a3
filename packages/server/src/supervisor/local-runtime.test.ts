import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { localRuntime } from '#supervisor/local-runtime.ts'
import type { Runtime } from '#supervisor/runtime.ts'

let directory: string
let runtime: Runtime

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-runtime-'))
  runtime = localRuntime()
})
afterEach(async () => {
  await runtime.stop(directory, 0)
  runtime.close()
  await rm(directory, { recursive: true, force: true })
})

const shell = (script: string, environment: Record<string, string> = {}) => ({
  directory,
  command: '/bin/sh',
  args: ['-c', script],
  environment: { PATH: process.env['PATH'] ?? '', ...environment },
})
/** A zombie that nobody reaps counts as ended. */
const alive = (pid: number): boolean => {
  const { stdout } = spawnSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.startsWith('Z')
}

test('a process says how it ended and what it last wrote', async () => {
  const { exited } = await runtime.launch(shell('echo one; echo two >&2; exit 3'))
  expect(await exited).toEqual({ code: 3, signal: null, lastOutput: 'one\ntwo' })
})

test('the pid is the command itself, in the directory, with the given environment and no other', async () => {
  const { pid, exited } = await runtime.launch(shell('echo "$$ $SECRET [$HOME] $PWD"', { SECRET: 's3' }))
  const { lastOutput } = await exited
  expect(lastOutput).toBe(`${String(pid)} s3 [] ${directory}`)
})

test('the environment of a process is known as long as it runs, also to a later life of the platform', async () => {
  await runtime.launch(shell('sleep 60', { SECRET: 'a=b' }))
  expect(await runtime.environment(directory)).toMatchObject({ SECRET: 'a=b' })
  const later = localRuntime()
  if (process.platform === 'linux') expect(await later.environment(directory)).toMatchObject({ SECRET: 'a=b' })
  await runtime.stop(directory, 0)
  expect(await runtime.environment(directory)).toBeUndefined()
  expect(await later.environment(directory)).toBeUndefined()
  later.close()
})

test('what the process writes can be read by its owner alone', async () => {
  const { exited } = await runtime.launch(shell('echo x > made; mkdir sub'))
  await exited
  const modes = await Promise.all(
    ['output.log', 'made', 'sub'].map(async (name) => (await stat(join(directory, name))).mode & 0o777),
  )
  expect(modes).toEqual([0o600, 0o600, 0o700])
})

test('a command that does not exist is an exit with the reason', async () => {
  const { exited } = await runtime.launch({ ...shell(''), command: '/no/such/command' })
  const { code, lastOutput } = await exited
  expect(code).toBe(127)
  expect(lastOutput).toContain('/no/such/command')
})

test('a second launch in a directory whose process runs is refused', async () => {
  const first = await runtime.launch(shell('sleep 60'))
  await expect(runtime.launch(shell('sleep 60'))).rejects.toThrow(`process ${String(first.pid)} still runs`)
  expect(alive(first.pid)).toBe(true)
})

test('stop asks first: a process may end in order within the grace', async () => {
  const { exited } = await runtime.launch(shell('trap "echo bye; exit 7" TERM; echo up; while :; do sleep 0.02; done'))
  await expect.poll(() => readFile(join(directory, 'output.log'), 'utf8')).toBe('up\n')
  await runtime.stop(directory, 5_000)
  expect(await exited).toEqual({ code: 7, signal: null, lastOutput: 'up\nbye' })
})

test('stop kills the whole group of a process that does not listen', async () => {
  const { exited } = await runtime.launch(shell('trap "" TERM; sleep 60 & echo $!; wait'))
  await expect.poll(() => readFile(join(directory, 'output.log'), 'utf8')).toMatch(/\d/)
  await runtime.stop(directory, 50)
  const { signal, lastOutput } = await exited
  expect(signal).toBe('SIGKILL')
  await expect.poll(() => alive(Number(lastOutput))).toBe(false)
})

test('stopping twice, or where nothing ever ran, is no error', async () => {
  await runtime.stop(directory, 100)
  await runtime.launch(shell('sleep 60'))
  await runtime.stop(directory, 1_000)
  await runtime.stop(directory, 1_000)
})

test.each([
  {
    name: 'stopping it keeps the platform alive until it has ended',
    script: 'await runtime.stop(directory, 5000)',
    runs: false,
  },
  { name: 'leaving it alone lets the platform end, and the process runs on', script: '', runs: true },
])('$name', async ({ script: rest, runs }) => {
  const script = `const { localRuntime } = await import(${JSON.stringify(new URL('local-runtime.ts', import.meta.url).href)})
    const [directory, runtime] = [${JSON.stringify(directory)}, localRuntime()]
    const { pid } = await runtime.launch({ directory, command: '/bin/sh', args: ['-c', 'sleep 60'], environment: { PATH: process.env.PATH } })
    ${rest}
    console.log(pid)`
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([0, ''])
  expect(alive(Number(stdout))).toBe(runs)
})

test('another runtime adopts the process, notices its end and can stop it', async () => {
  const launched = await runtime.launch(shell('sleep 60'))
  const later = localRuntime()
  const adopted = await later.adopt(directory)
  expect(adopted?.pid).toBe(launched.pid)
  expect((await later.adopt(directory))?.exited).toBe(adopted?.exited)
  await later.stop(directory, 2_000)
  expect(await adopted?.exited).toEqual({ code: null, signal: null, lastOutput: '' })
  expect((await launched.exited).signal).toBe('SIGTERM')
  later.close()
})

test('a process that ended is not adopted', async () => {
  const { exited } = await runtime.launch(shell('exit 0'))
  await exited
  expect(await runtime.adopt(directory)).toBeUndefined()
  expect(await localRuntime().adopt(directory)).toBeUndefined()
})

test('a stranger that got the pid later is neither adopted nor stopped', async () => {
  const stranger = spawn('sleep', ['60'])
  // Start times are counted in hundredths of a second.
  await sleep(30)
  const { pid, exited } = await runtime.launch(shell('exit 0'))
  await exited
  const noted = await readFile(join(directory, 'process'), 'utf8')
  await writeFile(join(directory, 'process'), noted.replaceAll(String(pid), String(stranger.pid)))
  expect(await runtime.adopt(directory)).toBeUndefined()
  await runtime.stop(directory, 100)
  expect(alive(stranger.pid!)).toBe(true)
  stranger.kill()
})
