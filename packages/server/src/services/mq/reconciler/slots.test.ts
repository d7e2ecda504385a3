import { expect, test } from 'vitest'
import { slots } from '#services/mq/reconciler/slots.ts'

test('at most so many run at once, the others in order, and all get their turn', async () => {
  const bound = slots(2)
  const begun: number[] = []
  let inside = 0
  let most = 0
  await Promise.all(
    Array.from({ length: 7 }, (_, index) =>
      bound.run(async () => {
        begun.push(index)
        inside += 1
        most = Math.max(most, inside)
        await new Promise((resolve) => setTimeout(resolve, 1))
        inside -= 1
      }),
    ),
  )
  expect(most).toBe(2)
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6])
})

test('work that fails gives its place back', async () => {
  const bound = slots(1)
  await expect(bound.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await bound.run(async () => 'in')).toBe('in')
})

test('a late comer does not overtake whoever was handed the place', async () => {
  const bound = slots(1)
  const first = Promise.withResolvers<void>()
  const order: string[] = []
  const running = bound.run(() => first.promise)
  const waiting = bound.run(async () => void order.push('waiting'))
  first.resolve()
  const late = running.then(() => bound.run(async () => void order.push('late')))
  await Promise.all([waiting, late])
  expect(order).toEqual(['waiting', 'late'])
})
