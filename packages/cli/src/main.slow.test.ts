import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTestPlatform } from '../../testkit/src/platform.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
const DATA_DIRECTORY = fileURLToPath(new URL('../../server/src/kernel/data-directory.ts', import.meta.url))

let directory: string
const started: ChildProcess[] = []
const closers: (() => void)[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cli-'))
})
afterEach(() => {
  for (const child of started.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
  for (const close of closers.splice(0)) close()
  rmSync(directory, { recursive: true, force: true })
})

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command as a shell would: in a directory of its own, without settings of whoever runs the tests. */
async function sluice(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:SLUICE_|AWS_|NODE_OPTIONS$|FORCE_COLOR$)/.test(name),
  )
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    cwd: directory,
    env: { ...Object.fromEntries(inherited), SLUICE_DATA: join(directory, 'data'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      output[name] += chunk.toString()
    })
  }
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...output }
}

/** Something that answers like a platform, as far as the command line asks. */
async function platform(
  answers: Readonly<Record<string, { readonly status?: number; readonly body: unknown }>>,
): Promise<string> {
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? '']
    response.writeHead(answer === undefined ? 404 : (answer.status ?? 200), { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer?.body ?? { message: 'nothing there' }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  closers.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
}

test('env points AWS tools at the platform of the configuration in the current directory', async () => {
  writeFileSync(join(directory, 'sluice.toml'), 'port = 7777\n')
  const { code, stdout } = await sluice(['env'])
  expect([code, stdout]).toEqual([0, expect.stringContaining('export AWS_ENDPOINT_URL=http://127.0.0.1:7777\n')])
})

test.each([
  {
    name: 'an unknown setting',
    args: ['env'],
    env: { SLUICE_PROT: '1' },
    says: 'sluice: SLUICE_PROT is not a setting of Sluice',
  },
  {
    name: 'a port that is none',
    args: ['env', '--port', 'x'],
    env: {},
    says: '--port is "x", but it must be a port number',
  },
  {
    name: 'a file that is not there',
    args: ['env', '--config', 'none.toml'],
    env: {},
    says: 'sluice: there is no configuration file',
  },
  { name: 'a broker that nobody named', args: ['why'], env: {}, says: "missing required argument 'broker'" },
  { name: 'a command that nobody knows', args: ['frobnicate'], env: {}, says: "unknown command 'frobnicate'" },
])('$name ends with code 1 and one sentence', async ({ args, env, says }) => {
  const { code, stderr } = await sluice(args, env)
  expect([code, stderr]).toEqual([1, expect.stringContaining(says)])
  expect(stderr).not.toContain('    at ')
})

const HEALTH = { body: { status: 'degraded', version: '1.2.3', troubles: { columnStore: 'it is restarting' } } }

test('status says how the platform is and which brokers it has', async () => {
  const brokerSummaries = [{ brokerId: 'b-1', brokerName: 'orders', brokerState: 'RUNNING' }]
  const url = await platform({ '/_sluice/health': HEALTH, '/v1/brokers': { body: { brokerSummaries } } })
  const { code, stdout } = await sluice(['status'], { AWS_ENDPOINT_URL: url })
  expect([code, stdout]).toEqual([
    0,
    `Sluice 1.2.3 at ${url}: degraded\n  columnStore: it is restarting\n  RUNNING                orders  b-1\n`,
  ])
})

test('status without a platform says how to start one, and ends with code 1', async () => {
  const { code, stdout } = await sluice(['status'], { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' })
  expect([code, stdout]).toEqual([1, 'No platform answers at http://127.0.0.1:1. Start one with: sluice start\n'])
})

const DIAGNOSIS = { brokerId: 'b-1', brokerName: 'orders', steps: [{ ok: true, title: 'All is well' }], fix: [] }

test.each([
  { name: 'all is well', diagnosis: DIAGNOSIS, code: 0, says: 'Nothing to mend.' },
  {
    name: 'something is wrong',
    diagnosis: { ...DIAGNOSIS, steps: [{ ok: false, title: 'No policy' }], fix: ['aws logs …'] },
    code: 1,
    says: 'To mend it:\n  aws logs …',
  },
])('why: when $name the exit code is $code', async ({ diagnosis, code, says }) => {
  const url = await platform({ '/_sluice/why/my%20orders': { body: diagnosis } })
  const ended = await sluice(['why', 'my orders'], { AWS_ENDPOINT_URL: url })
  expect([ended.code, ended.stdout]).toEqual([code, expect.stringContaining(says)])
})

test('why: what the platform refuses is said in its words', async () => {
  const url = await platform({
    '/_sluice/why/x': { status: 404, body: { message: "Can't find requested broker [x]." } },
  })
  const { code, stderr } = await sluice(['why', 'x'], { AWS_ENDPOINT_URL: url })
  expect([code, stderr]).toEqual([1, "sluice: Can't find requested broker [x].\n"])
})

test('stop says when there is nothing to stop', async () => {
  const { code, stdout } = await sluice(['stop'])
  expect([code, stdout]).toEqual([0, `No platform runs on ${join(directory, 'data')}.\n`])
})

/** A process that holds the data directory and ends a moment after a signal, as a platform does. */
async function owner(): Promise<{ readonly child: ChildProcess; readonly signals: () => string }> {
  const program = `
    const { takeDataDirectory } = await import(${JSON.stringify(DATA_DIRECTORY)})
    const data = takeDataDirectory(process.argv[1])
    data.announce('http://127.0.0.1:1')
    for (const signal of ['SIGTERM', 'SIGUSR2']) process.on(signal, () => {
      process.stdout.write(signal)
      setTimeout(() => { data.release(); process.exit(0) }, 300)
    })
    setInterval(() => {}, 1000)
    process.stdout.write('held ')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, join(directory, 'data')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  started.push(child)
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  await once(child.stdout, 'data')
  return { child, signals: () => said }
}

test.each([
  { args: ['stop'], signal: 'SIGTERM', says: 'Stopped.\n' },
  {
    args: ['stop', '--keep-brokers'],
    signal: 'SIGUSR2',
    says: 'Stopped; its brokers keep running and the next start adopts them.\n',
  },
])('$args sends $signal to the owner of the data directory and waits for its end', async ({ args, signal, says }) => {
  const { child, signals } = await owner()
  const { code, stdout } = await sluice(args)
  expect([code, stdout, signals()]).toEqual([0, says, `held ${signal}`])
  if (child.exitCode === null) await once(child, 'exit')
  expect(child.exitCode).toBe(0)
})

test('status tells a platform that is still starting from one that is not there', async () => {
  const { child } = await owner()
  const { code, stdout } = await sluice(['status'])
  expect([code, stdout]).toEqual([
    1,
    `Process ${String(child.pid)} holds ${join(directory, 'data')} but does not answer at http://127.0.0.1:1 (yet).\n`,
  ])
})

test('a real platform is found by its data directory: status, env, ca and stop', async () => {
  const platform = await startTestPlatform({ data: join(directory, 'data') })
  expect(await sluice(['status'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Sluice .+ at http:.+: running\nNo brokers\.\n$/) as string,
  })
  expect((await sluice(['env'])).stdout).toContain(`export AWS_ENDPOINT_URL=${platform.url}\n`)
  expect((await sluice(['ca'])).stdout).toMatch(/^-----BEGIN CERTIFICATE-----/)
  const second = await sluice(['start', '--port', '0'])
  expect([second.code, second.stderr]).toEqual([
    1,
    expect.stringContaining(`is in use by process ${String(platform.pid)} at ${platform.url}`),
  ])
  expect(await sluice(['stop'])).toMatchObject({ code: 0, stdout: 'Stopped.\n' })
  expect(await platform.stop()).toBe(0)
  expect((await sluice(['status'])).code).toBe(1)
})
