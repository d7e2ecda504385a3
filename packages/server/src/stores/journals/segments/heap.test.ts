import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Heap } from './heap.ts'

test('items come out in order, also when the top changes on the way', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), fc.array(fc.nat(50)), (numbers, changes) => {
      const heap = new Heap<{ value: number }>((a, b) => a.value < b.value)
      const model = numbers.map((value) => ({ value }))
      for (const item of model) heap.push(item)
      for (const change of changes) {
        const { top } = heap
        if (top === undefined) break
        expect(top.value).toBe(Math.min(...model.map(({ value }) => value)))
        top.value += change
        heap.sink()
      }
      const out: number[] = []
      for (let item = heap.pop(); item !== undefined; item = heap.pop()) out.push(item.value)
      expect(out).toEqual(model.map(({ value }) => value).toSorted((a, b) => a - b))
      expect(heap.top).toBeUndefined()
    }),
  )
})
