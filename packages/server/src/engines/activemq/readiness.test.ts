import { once } from 'node:events'
import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { LogFollower } from '#engines/activemq/log-follower.ts'
import { whenReady } from '#engines/activemq/readiness.ts'
import { openCertificateAuthority } from '#kernel/ca.ts'
import type { CertificateAuthority, IssuedCertificate } from '#kernel/ca.ts'
import type { ProcessExit } from '#supervisor/runtime.ts'
import { EndedEarly } from '#supervisor/wait-until.ts'

const STARTED =
  '1795256503829 2026-11-21 10:21:43,829 | INFO  | Apache ActiveMQ 5.18.3 (orders, ID:vm-1-2-0:1) started | org.apache.activemq.broker.BrokerService | main\u001E\n'

let directory: string
let ca: CertificateAuthority
let certificate: IssuedCertificate
let log: LogFollower
let console: Server | undefined

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-readiness-'))
  ca = await openCertificateAuthority(join(directory, 'ca'))
  certificate = await ca.issue({ commonName: 'b-1', ipAddresses: ['127.0.0.1'] })
})
afterAll(() => rm(directory, { recursive: true, force: true }))
beforeEach(async () => {
  await rm(join(directory, 'activemq-1.log'), { force: true })
  log = await LogFollower.fromEnd(directory, 'activemq')
})
afterEach(async () => {
  console?.closeAllConnections()
  await new Promise((resolve) => (console === undefined ? resolve(undefined) : console.close(resolve)))
  console = undefined
})

/** The broker's process as far as readiness sees it: a log and a console. */
async function listening(status: (authorization: string | undefined) => number): Promise<number> {
  console = createServer({ cert: certificate.chainPem, key: certificate.privateKeyPem }, (request, response) => {
    response.writeHead(status(request.headers.authorization)).end('page')
  })
  await once(console.listen(0, '127.0.0.1'), 'listening')
  return (console.address() as AddressInfo).port
}
const writes = (text: string): Promise<void> => appendFile(join(directory, 'activemq-1.log'), text)

function ready(
  consolePort: number,
  caPem: string,
  exited: Promise<ProcessExit> = new Promise(() => {}),
  mayStandBy = false,
): Promise<void> {
  const address = { host: '127.0.0.1', advertised: '127.0.0.1', ports: [1, 2, 3, 4, 5, consolePort] }
  const platformUser = { username: 'platform', password: 'secret' }
  return whenReady({
    process: { pid: 1, exited },
    log,
    address,
    caPem,
    platformUser,
    mayStandBy,
    signal: AbortSignal.timeout(10_000),
  })
}

test('a broker is ready when its log says so and its console answers the platform’s user', async () => {
  const expected = `Basic ${Buffer.from('platform:secret').toString('base64')}`
  const port = await listening((authorization) => (authorization === expected ? 200 : 401))
  let isReady = false
  const waiting = ready(port, ca.certificatePem).then(() => (isReady = true))
  await writes(
    '1 2026-11-21 10:21:43,829 | INFO  | Apache ActiveMQ 5.18.3 (orders, ID:vm-1-2-0:1) is starting | x | main\u001E\n',
  )
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(isReady).toBe(false)
  await writes(STARTED)
  expect(await waiting).toBe(true)
})

test('a console that does not listen yet is asked again', async () => {
  await writes(STARTED)
  const port = await listening(() => 200)
  await once(console!.close(), 'close')
  const waiting = ready(port, ca.certificatePem)
  await new Promise((resolve) => setTimeout(resolve, 100))
  await once(console!.listen(port, '127.0.0.1'), 'listening')
  await waiting
})

test.each([
  {
    name: 'a message store that another process holds',
    line: 'Database data/kahadb/lock is locked by another server. This broker is now in slave mode waiting a lock to be acquired',
    level: 'INFO ',
    says: 'message store of this broker is in use',
  },
  {
    name: 'a broker that gave up',
    line: 'Failed to start Apache ActiveMQ (orders, ID:vm-1) | c | main\njava.io.IOException: Address already in use\n\tat x',
    level: 'ERROR',
    says: 'could not start: java.io.IOException: Address already in use',
  },
])('$name is an error in a sentence', async ({ level, line, says }) => {
  await writes(`1795256503829 2026-11-21 10:21:43,829 | ${level} | ${line}\u001E\n`)
  await expect(ready(9, ca.certificatePem)).rejects.toThrow(says)
})

test('what the log says of the end of a process is told, even when the end is noticed first', async () => {
  const exit: ProcessExit = { code: 1, signal: null, lastOutput: 'ERROR: closed' }
  const exited = writes(
    '1 x | ERROR | Failed to start Apache ActiveMQ (a, b) | c | main\njava.io.IOException: why\u001E\n',
  )
  await expect(
    ready(
      9,
      ca.certificatePem,
      exited.then(() => exit),
    ),
  ).rejects.toThrow('could not start: java.io.IOException: why')
})

test('one of two instances is ready when it waits for the store of the other', async () => {
  await writes(
    '1 2026-11-21 10:21:43,829 | INFO  | Database ../store/kahadb/lock is locked by another server. This broker is now in slave mode waiting a lock to be acquired | o.a.a.store.SharedFileLocker | main\u001E\n',
  )
  await ready(9, ca.certificatePem, undefined, true)
})

test('a console whose application could not start is an error, although it listens', async () => {
  const port = await listening(() => 200)
  await writes(STARTED)
  await writes(
    '1 2026-11-21 10:21:43,829 | WARN  | Failed startup of context o.e.j.w.WebAppContext@1{/admin} | o.e.j | main\njava.lang.IllegalStateException: no temp dir\n\tat x\u001E\n',
  )
  await expect(ready(port, ca.certificatePem)).rejects.toThrow(
    'the web console could not start: java.lang.IllegalStateException: no temp dir',
  )
})

test.each([401, 503])('a console that answers %d is an error', async (status) => {
  const port = await listening(() => status)
  await writes(STARTED)
  await expect(ready(port, ca.certificatePem)).rejects.toThrow(`the web console answered ${String(status)}`)
})

test('somebody else’s certificate at the console is an error', async () => {
  const other = await openCertificateAuthority(join(directory, 'other'))
  const port = await listening(() => 200)
  await writes(STARTED)
  await expect(ready(port, other.certificatePem)).rejects.toThrow(/certificate/)
})

test('a process that ends is not waited for', async () => {
  await expect(
    ready(9, ca.certificatePem, Promise.resolve({ code: 1, signal: null, lastOutput: 'bad option' })),
  ).rejects.toThrow(EndedEarly)
})
