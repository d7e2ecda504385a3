import { once } from 'node:events'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { allocatedPorts, loopbackAddresses, readAddress } from '#supervisor/addresses.ts'
import { portsInUse } from '#supervisor/ports.ts'

const PORTS = [61617, 5671, 8162]
const none = async (): Promise<readonly string[]> => []

let data: string
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'sluice-addresses-'))
})
afterEach(() => rm(data, { recursive: true, force: true }))

const instance = (name: string): string => join(data, 'brokers', name, '1')

test('an instance keeps its address for as long as its directory exists', async () => {
  const first = await loopbackAddresses(data).reserve(instance('a'), PORTS, none)
  expect(first.host).toMatch(/^127\.\d+\.\d+\.\d+$/)
  expect(first).toEqual({ host: first.host, advertised: first.host, ports: PORTS })
  expect(await loopbackAddresses(data).reserve(instance('a'), PORTS, none)).toEqual(first)
  expect((await stat(join(instance('a'), 'address.json'))).mode & 0o777).toBe(0o600)
})

test('all instances of a data directory are in one /16, each at an address of its own, also when reserved at once', async () => {
  const addresses = loopbackAddresses(data)
  const names = Array.from({ length: 30 }, (_, index) => `b-${String(index)}`)
  const taken = async (): Promise<string[]> => names.map(instance)
  const hosts = (await Promise.all(names.map((name) => addresses.reserve(instance(name), PORTS, taken)))).map(
    ({ host }) => host,
  )
  expect(new Set(hosts).size).toBe(30)
  expect(new Set(hosts.map((host) => host.split('.').slice(0, 2).join('.'))).size).toBe(1)
  expect(hosts.some((host) => host.startsWith('127.0.') || host.endsWith('.0') || host.endsWith('.255'))).toBe(false)
})

test('an address where one port is held by somebody is passed over', async () => {
  const wanted = await loopbackAddresses(data).reserve(instance('a'), PORTS, none)
  const server = createServer()
  await once(server.listen(8162, wanted.host), 'listening')
  await rm(instance('a'), { recursive: true })
  const other = await loopbackAddresses(data).reserve(instance('a'), PORTS, none)
  expect(other.host).not.toBe(wanted.host)
  await once(server.close(), 'close')
})

test('an address that a stopped instance has is passed over although its ports are free', async () => {
  const wanted = await loopbackAddresses(data).reserve(instance('a'), PORTS, none)
  await writeFile(join(data, 'moved'), '')
  const again = loopbackAddresses(join(data))
  await rm(instance('a'), { recursive: true })
  await again.reserve(instance('b'), PORTS, none)
  await writeFile(join(instance('b'), 'address.json'), JSON.stringify(wanted))
  const other = await again.reserve(instance('a'), PORTS, async () => [instance('b')])
  expect(other.host).not.toBe(wanted.host)
})

test('a damaged address is an error, not a new address', async () => {
  await loopbackAddresses(data).reserve(instance('a'), PORTS, none)
  await writeFile(join(instance('a'), 'address.json'), '{"host":')
  await expect(loopbackAddresses(data).reserve(instance('a'), PORTS, none)).rejects.toThrow('address.json is damaged')
  expect(await readAddress(instance('none'))).toBeUndefined()
})

test('elsewhere an instance has ports of its own at the given address, and keeps them', async () => {
  const addresses = allocatedPorts(data, '127.0.0.1')
  const names = Array.from({ length: 10 }, (_, index) => `b-${String(index)}`)
  const taken = async (): Promise<string[]> => names.map(instance)
  const given = await Promise.all(names.map((name) => addresses.reserve(instance(name), PORTS, taken)))
  expect(new Set(given.flatMap(({ ports }) => ports)).size).toBe(30)
  for (const { host, ports } of given) {
    expect(host).toBe('127.0.0.1')
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(20_000)
    expect(Math.max(...ports)).toBeLessThan(32_000)
  }
  expect(await allocatedPorts(data, '127.0.0.1').reserve(instance('b-3'), PORTS, taken)).toEqual(given[3])
})

test('clients are never told the wildcard address', async () => {
  const { host, advertised } = await allocatedPorts(data, '0.0.0.0').reserve(instance('a'), PORTS, none)
  expect(host).toBe('0.0.0.0')
  expect(advertised).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
  expect(advertised).not.toBe('0.0.0.0')
})

test('ports in use are named, and the others are free again afterwards', async () => {
  const server = createServer()
  await once(server.listen(30_001, '127.77.1.1'), 'listening')
  expect(await portsInUse('127.77.1.1', [30_000, 30_001, 30_002])).toEqual([30_001])
  expect(await portsInUse('127.77.1.1', [30_000, 30_002])).toEqual([])
  await once(server.close(), 'close')
  expect(await portsInUse('127.77.1.1', [30_000, 30_001, 30_002])).toEqual([])
})

test('an address that is not of this machine is an error in a sentence', async () => {
  await expect(portsInUse('192.0.2.1', [30_000])).rejects.toThrow('this machine cannot listen on 192.0.2.1')
})
