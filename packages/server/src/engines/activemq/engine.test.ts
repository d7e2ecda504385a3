import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { activemqEngine } from '#engines/activemq/index.ts'
import { LDAP_METADATA } from '#engines/testing/ldap-metadata.ts'
import { VARIABLES } from '#engines/activemq/run-secrets.ts'
import type { BrokerEngine, BrokerSpec } from '#engines/broker-engine.ts'
import { testBroker } from '#engines/testing/test-broker.ts'
import { openCertificateAuthority } from '#kernel/ca.ts'
import type { CertificateAuthority } from '#kernel/ca.ts'
import { silentTelemetry } from '#kernel/telemetry.ts'

// What the engine does around a broker that does not get as far as listening; real brokers are in the slow tests.

const ID = 'b-0a1b2c3d-0000-4000-8000-000000000009'
const never = new AbortController().signal
const SETTINGS = `if [ "$1" = -XshowSettings:properties ]; then
  printf '    java.home = %s\\n    java.specification.version = 17\\n' "$(dirname "$(dirname "$0")")" >&2
  exit 0
fi
`

let authority: string
let ca: CertificateAuthority
let data: string
let engine: BrokerEngine
beforeAll(async () => {
  authority = await mkdtemp(join(tmpdir(), 'sluice-engine-ca-'))
  ca = await openCertificateAuthority(authority)
})
afterAll(() => rm(authority, { recursive: true, force: true }))
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'sluice-engine-'))
  await mkdir(join(data, 'home', 'lib'), { recursive: true })
  await mkdir(join(data, 'java', 'bin'), { recursive: true })
  await writeFile(join(data, 'home', 'lib', 'activemq-broker-5.18.3.jar'), '')
  engine = activemqEngine({
    dataDirectory: data,
    cacheDirectory: join(data, 'cache'),
    home: join(data, 'home'),
    java: join(data, 'java'),
    repository: 'http://127.0.0.1:9/',
    ca,
    telemetry: silentTelemetry,
  })
})
afterEach(async () => {
  await engine.remove(ID)
  await rm(data, { recursive: true, force: true })
})

/** A `java` that does this instead of running a broker. */
async function javaThat(script: string): Promise<void> {
  await writeFile(join(data, 'java', 'bin', 'java'), `#!/bin/sh\n${SETTINGS}${script}\n`)
  await chmod(join(data, 'java', 'bin', 'java'), 0o755)
}
const base = (): string => join(data, 'brokers', ID, '1')
const needs = (engineVersion: string) => ({ engineVersion, hasLdap: false })
const start = (change: Partial<BrokerSpec> = {}, signal = never) => engine.start(testBroker(ID, change), signal)

test('what is needed is found, or a sentence says what is not', async () => {
  await javaThat('exit 0')
  const steps: string[] = []
  await engine.ensureInstalled(needs('5.18.3'), ({ what }) => steps.push(what))
  expect(steps).toEqual([])
  await expect(engine.ensureInstalled(needs('5.17.6'))).rejects.toThrow(
    'apache-activemq-5.17.6-bin.tar.gz could not be downloaded',
  )
  await expect(engine.ensureInstalled(needs('4.0'))).rejects.toThrow(
    'ActiveMQ "4.0" cannot be run; the versions are 5.18.3, 5.17.6',
  )
})

test('an address is reserved once and given back when the broker is removed', async () => {
  const first = await engine.reserveAddress(ID, 1)
  const second = await engine.reserveAddress(ID, 2)
  expect(second.consoleUrl).not.toBe(first.consoleUrl)
  expect(await engine.reserveAddress(ID, 1)).toEqual(first)
  await engine.remove(ID)
  expect(await readdir(join(data, 'brokers'))).toEqual([])
  expect(await engine.reserveAddress(ID, 1)).toEqual(first)
})

test('the broker gets its secrets in the environment and nothing else of the platform’s', async () => {
  await javaThat('env >environment; printf "%s\\n" "$@" >arguments; exit 1')
  await expect(start()).rejects.toThrow()
  const names = (await readFile(join(base(), 'environment'), 'utf8'))
    .split('\n')
    .flatMap((line) => /^(\w+)=/.exec(line)?.[1] ?? [])
  expect(names.filter((name) => !['PWD', 'OLDPWD', '_', 'SHLVL'].includes(name)).toSorted()).toEqual(
    ['LC_ALL', 'PATH', ...Object.values(VARIABLES)].toSorted(),
  )
  const args = await readFile(join(base(), 'arguments'), 'utf8')
  expect(args).toContain(`-Dsluice.broker=${ID}-1\n`)
  expect(args).toContain('-Dorg.apache.activemq.audit=true\n')
})

test('each start has new secrets and keeps the certificate', async () => {
  await javaThat(`printf '%s\\n' "$${VARIABLES.keyStorePassword}" >>../passwords; exit 1`)
  await expect(start()).rejects.toThrow()
  const certificate = await readFile(join(base(), 'certificate.pem'), 'utf8')
  await expect(start()).rejects.toThrow()
  const passwords = (await readFile(join(data, 'brokers', ID, 'passwords'), 'utf8')).trim().split('\n')
  expect(new Set(passwords).size).toBe(2)
  expect(await readFile(join(base(), 'certificate.pem'), 'utf8')).toBe(certificate)
})

test('a broker that ends early is an error with the line of its stack trace that says why', async () => {
  await javaThat(
    `printf 'ERROR: x\\nCaused by: java.io.IOException: no such store\\n\\tat a.B(C.java)\\n\\t... 10 more\\n'; exit 1`,
  )
  await expect(start()).rejects.toThrow(
    'the broker ended before it was ready: Caused by: java.io.IOException: no such store',
  )
  expect(await engine.adopt(ID, 1)).toBeUndefined()
})

test('a broker that ends without a word is an error with its exit code', async () => {
  await javaThat('exit 3')
  await expect(start()).rejects.toThrow('the broker ended before it was ready: exit code 3')
})

test('a broker that ends after its connectors came up is no started broker', async () => {
  await javaThat(
    `printf '1 2026-11-21 10:21:43,829 | INFO  | Apache ActiveMQ 5.18.3 (orders, ID:x) started | x | main\\036\\n' >log/activemq-1.log; sleep 0.2; exit 4`,
  )
  await expect(start()).rejects.toThrow('exit code 4')
})

test('stopping a broker that is starting ends the start and the process', async () => {
  await javaThat('echo $$ >../pid; exec sleep 60')
  const starting = start()
  starting.catch(() => {})
  await expect.poll(() => readFile(join(data, 'brokers', ID, 'pid'), 'utf8').catch(() => '')).toMatch(/\d/)
  const pid = Number(await readFile(join(data, 'brokers', ID, 'pid'), 'utf8'))
  expect((await engine.adopt(ID, 1))?.pid).toBe(pid)
  await engine.stop(ID, 1)
  await expect(starting).rejects.toThrow('the broker was stopped while it started')
  expect(await engine.adopt(ID, 1)).toBeUndefined()
})

test('a start that is given up before it began launches nothing', async () => {
  await javaThat('touch ../launched; exit 1')
  await expect(start({}, AbortSignal.abort(new Error('the platform stops')))).rejects.toThrow('the platform stops')
  expect(await readdir(join(data, 'brokers', ID))).toEqual(['1'])
})

test.each([
  {
    name: 'a type that does not exist',
    change: { hostInstanceType: 'mq.huge' },
    says: 'there is no instance type "mq.huge"',
  },
  { name: 'a name that Spring would evaluate', change: { brokerName: '#{1+1}' }, says: 'Spring would evaluate' },
  {
    name: 'a user that would be two',
    change: { users: [{ username: 'a,b', password: 'x', groups: ['g'], consoleAccess: false }] },
    says: 'holds a comma',
  },
])('$name is refused, and nothing is launched', async ({ change, says }) => {
  await javaThat('touch ../launched; exit 1')
  await expect(start(change)).rejects.toThrow(says)
  expect(await readdir(join(data, 'brokers', ID))).toEqual(['1'])
})

test.each(['..', '../..', '.', '', 'a/../../b', '/etc'])('removing %j removes nothing', async (id) => {
  await expect(engine.remove(id)).rejects.toThrow('is no broker id')
  expect(await readdir(data)).toContain('home')
})

test('files that somebody put beside the instances are in nobody’s way', async () => {
  await engine.reserveAddress(ID, 1)
  await writeFile(join(data, 'brokers', 'notes.txt'), 'mine')
  await writeFile(join(data, 'brokers', ID, 'notes.txt'), 'mine')
  await engine.reserveAddress(ID, 2)
  await engine.remove(ID)
  expect(await readdir(join(data, 'brokers'))).toEqual(['notes.txt'])
})

test('the logs of a broker that never ran have a place, too', () => {
  expect(engine.logFiles(ID, 1, 'general')).toEqual({ directory: join(base(), 'log'), prefix: 'activemq' })
  expect(engine.logFiles(ID, 2, 'audit')).toEqual({ directory: join(data, 'brokers', ID, '2', 'log'), prefix: 'audit' })
})

/** Nobody listens there. */
const DIRECTORY = { ...LDAP_METADATA, hosts: ['127.0.63.99'] }

test('a broker that ends early with a directory that does not answer tells of both, and has its secret in the environment', async () => {
  const library = join(data, 'cache', 'jetty-jaas-9.4.53.v20231009')
  await mkdir(library, { recursive: true })
  await writeFile(join(library, '.complete'), '')
  await javaThat('env >environment; printf "%s\\n" "$@" >arguments; echo Caused by: no permissions; exit 1')
  await expect(start({ ldap: DIRECTORY })).rejects.toThrow(
    /Caused by: no permissions; ldaps:\/\/127\.0\.63\.99:636 cannot be asked: /,
  )
  expect(await readFile(join(base(), 'environment'), 'utf8')).toContain('SLUICE_LDAP_PASSWORD=service-secret\n')
  const args = await readFile(join(base(), 'arguments'), 'utf8')
  expect(args).toContain(`-Dactivemq.classpath=${library}/jetty-jaas-9.4.53.v20231009.jar\n`)
  expect(args).not.toContain('service-secret')
})

test('a file of authorities that cannot be used is told with its name, before a server is asked', async () => {
  const file = join(data, 'authorities.pem')
  const strict = activemqEngine({
    dataDirectory: data,
    cacheDirectory: data,
    ca,
    telemetry: silentTelemetry,
    ldapCaFile: file,
  })
  await expect(strict.checkLdap(DIRECTORY)).rejects.toThrow(
    `the setting ldapCaFile names ${file}, which cannot be used: ENOENT`,
  )
  await writeFile(file, 'nothing')
  await expect(strict.checkLdap(DIRECTORY)).rejects.toThrow('which cannot be used: it holds no certificate')
})
