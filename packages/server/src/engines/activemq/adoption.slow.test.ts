import { stompRoundTrip } from '@sluice/testkit/broker-clients.ts'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { identifyProcess } from '#kernel/process-identity.ts'
import { testBroker, testEngine } from '#engines/testing/test-broker.ts'
import type { TestEngine } from '#engines/testing/test-broker.ts'

const ID = 'b-0a1b2c3d-0000-4000-8000-000000000002'
const LAUNCHER = fileURLToPath(new URL('../testing/launch-broker.ts', import.meta.url))

let data: string
let platform: ChildProcess | undefined
let later: TestEngine

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'sluice-adoption-'))
  later = await testEngine(data)
})
afterEach(async () => {
  platform?.kill('SIGKILL')
  await later.engine.remove(ID)
  await rm(data, { recursive: true, force: true })
})

/** Starts a broker in a platform of its own, kills that platform, and returns the broker's pid. */
async function brokerOfKilledPlatform(): Promise<number> {
  const child = spawn(process.execPath, [LAUNCHER, data, ID], { stdio: ['ignore', 'pipe', 'inherit'] })
  platform = child
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  child.kill('SIGKILL')
  await once(child, 'exit')
  return Number(line)
}

test('a broker outlives a killed platform; the next one adopts it, and can stop it', async () => {
  const pid = await brokerOfKilledPlatform()
  const adopted = await later.engine.adopt(ID, 1)
  expect(adopted?.pid).toBe(pid)
  expect(adopted?.address).toEqual(await later.engine.reserveAddress(ID, 1))
  const login = { username: 'app', password: 'app-password-22' }
  expect(
    await stompRoundTrip(adopted?.address.endpoints[2] ?? '', later.ca.certificatePem, login, 'q', 'still here'),
  ).toBe('still here')
  const reading = await later.engine.readMetrics(ID, 1)
  expect(reading?.destinations.find(({ name }) => name === 'q')?.counters).toMatchObject({ EnqueueCount: 1 })
  await later.engine.stop(ID, 1)
  expect(await adopted?.exited).toMatchObject({ code: null, signal: null })
  expect(identifyProcess(pid)).toBeUndefined()
  expect(await later.engine.adopt(ID, 1)).toBeUndefined()
})

test('a leftover that was not adopted is ended before the broker starts anew at the same address', async () => {
  const pid = await brokerOfKilledPlatform()
  const address = await later.engine.reserveAddress(ID, 1)
  const broker = await later.engine.start(testBroker(ID), new AbortController().signal)
  expect(broker.pid).not.toBe(pid)
  expect(broker.address).toEqual(address)
  expect(identifyProcess(pid)).toBeUndefined()
  process.kill(broker.pid, 'SIGKILL')
  expect(await broker.exited).toMatchObject({ code: null, signal: 'SIGKILL' })
})
