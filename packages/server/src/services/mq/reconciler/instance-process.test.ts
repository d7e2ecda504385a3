import { expect, test } from 'vitest'
import type { BrokerExit, BrokerSpec } from '#engines/broker-engine.ts'
import { InstanceProcess } from '#services/mq/reconciler/instance-process.ts'
import { fakeEngine } from '#services/mq/testing/fake-engine.ts'
import { World } from '#services/mq/testing/world.ts'

const spec: BrokerSpec = {
  brokerId: 'b-1',
  instance: 1,
  brokerName: 'MyBroker',
  engineVersion: '5.18.3',
  hostInstanceType: 'mq.m5.large',
  users: [],
  instances: [1],
  configuration: { name: 'broker', attributes: [], children: [] },
  logs: { general: true, audit: false, security: false },
}
const signal = new AbortController().signal
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))

const open = () => {
  const world = new World()
  const exits: BrokerExit[] = []
  return { world, exits, process: new InstanceProcess(fakeEngine(world), 'b-1', 1, (exit) => exits.push(exit)) }
}

test('an end that nobody asked for is told, once', async () => {
  const { world, exits, process } = open()
  await process.start(spec, signal)
  world.end('b-1', { code: 137, signal: null, lastOutput: 'out of memory' })
  await settled()
  expect(exits).toEqual([{ code: 137, signal: null, lastOutput: 'out of memory' }])
  expect(process.current).toBeUndefined()
})

test('stopping is no crash', async () => {
  const { exits, process } = open()
  await process.start(spec, signal)
  await process.stop()
  await settled()
  expect(exits).toEqual([])
  expect(process.current).toBeUndefined()
})

test('the end of a process that a new start replaces is no crash', async () => {
  const world = new World()
  const exits: BrokerExit[] = []
  const engine = fakeEngine(world)
  const slow: typeof engine = {
    ...engine,
    start: async (...parameters) => {
      world.end('b-1', { code: null, signal: 'SIGKILL', lastOutput: '' })
      await settled()
      return engine.start(...parameters)
    },
  }
  const process = new InstanceProcess(slow, 'b-1', 1, (exit) => exits.push(exit))
  const first = await process.start(spec, signal)
  const second = await process.start(spec, signal)
  await settled()
  expect(exits).toEqual([])
  expect(second.pid).not.toBe(first.pid)
  expect(process.current?.pid).toBe(second.pid)
})

test('a process of an earlier life is taken over and followed', async () => {
  const { world, exits, process } = open()
  world.launch(spec)
  expect((await process.adopt())?.pid).toBe(world.processes.get('b-1')?.pid)
  world.end('b-1', { code: null, signal: 'SIGKILL', lastOutput: '' })
  await settled()
  expect(exits).toHaveLength(1)
})

test('adoption is tried once: later there is nothing of an earlier life', async () => {
  const { world, process } = open()
  expect(await process.adopt()).toBeUndefined()
  world.launch(spec)
  expect(await process.adopt()).toBeUndefined()
})

test('adoption that failed is tried again', async () => {
  const world = new World()
  world.launch(spec)
  let failures = 1
  const engine = fakeEngine(world)
  const process = new InstanceProcess(
    {
      ...engine,
      adopt: (id, instance) => (failures-- > 0 ? Promise.reject(new Error('unreadable')) : engine.adopt(id, instance)),
    },
    'b-1',
    1,
    () => {},
  )
  await expect(process.adopt()).rejects.toThrow('unreadable')
  expect(await process.adopt()).toBeDefined()
})

test('a process whose end cannot be waited for counts as ended', async () => {
  const { exits, world } = open()
  const engine = fakeEngine(world)
  const process = new InstanceProcess(
    {
      ...engine,
      start: async (...parameters) => ({
        ...(await engine.start(...parameters)),
        exited: Promise.reject(new Error('no such process')),
      }),
    },
    'b-1',
    1,
    (exit) => exits.push(exit),
  )
  await process.start(spec, signal)
  await settled()
  expect(exits).toEqual([{ code: null, signal: null, lastOutput: 'no such process' }])
})
