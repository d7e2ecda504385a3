import { expect, test } from 'vitest'
import { bucketGate } from '#services/s3/buckets/bucket-gate.ts'

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Work that ends when it is told to. */
function held(steps: string[], name: string) {
  const { promise, resolve } = Promise.withResolvers<void>()
  const work = async (): Promise<string> => {
    steps.push(`${name} begins`)
    await promise
    steps.push(`${name} ends`)
    return name
  }
  return { work, end: resolve }
}

test('many work side by side; who wants to be alone waits for them, and others wait for it', async () => {
  const gate = bucketGate()
  const steps: string[] = []
  const [a, b, alone, c] = ['a', 'b', 'alone', 'c'].map((name) => held(steps, name)) as [
    ReturnType<typeof held>,
    ReturnType<typeof held>,
    ReturnType<typeof held>,
    ReturnType<typeof held>,
  ]
  const all = [
    gate.shared('x', a.work),
    gate.shared('x', b.work),
    gate.alone('x', alone.work),
    gate.shared('x', c.work),
  ]
  await tick()
  expect(steps).toEqual(['a begins', 'b begins'])
  a.end()
  await tick()
  expect(steps).not.toContain('alone begins')
  b.end()
  await tick()
  expect(steps.slice(-1)).toEqual(['alone begins'])
  alone.end()
  await tick()
  expect(steps.slice(-1)).toEqual(['c begins'])
  c.end()
  expect(await Promise.all(all)).toEqual(['a', 'b', 'alone', 'c'])
})

test('other buckets are not waited for', async () => {
  const gate = bucketGate()
  const steps: string[] = []
  const alone = held(steps, 'alone')
  const running = gate.alone('x', alone.work)
  await gate.shared('y', async () => {
    steps.push('y')
    await tick()
  })
  expect(steps.toSorted()).toEqual(['alone begins', 'y'])
  alone.end()
  await running
})

test('what fails lets the next one in', async () => {
  const gate = bucketGate()
  const fail = (): Promise<never> => Promise.reject(new Error('no'))
  await expect(gate.alone('x', fail)).rejects.toThrow('no')
  await expect(gate.shared('x', fail)).rejects.toThrow('no')
  expect(await gate.alone('x', () => Promise.resolve(1))).toBe(1)
})
