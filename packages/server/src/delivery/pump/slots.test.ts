import { expect, test } from 'vitest'
import { Slots } from '#delivery/pump/slots.ts'

test('never more than so many run, and they run in the order they came', async () => {
  const slots = new Slots(2)
  const order: number[] = []
  let running = 0
  let most = 0
  await Promise.all(
    [1, 2, 3, 4, 5, 6].map((name) =>
      slots.use(async () => {
        running += 1
        most = Math.max(most, running)
        order.push(name)
        await new Promise((resolve) => setTimeout(resolve, 1))
        running -= 1
      }),
    ),
  )
  expect(most).toBe(2)
  expect(order).toEqual([1, 2, 3, 4, 5, 6])
})

test('work that fails gives its slot back', async () => {
  const slots = new Slots(1)
  await expect(slots.use(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await slots.use(() => Promise.resolve('ran'))).toBe('ran')
})
