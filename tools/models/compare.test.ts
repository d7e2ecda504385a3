import { expect, test } from 'vitest'
import { compare } from './compare.ts'

const files = (entries: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(entries))

test('files that are as generated need no word', () => {
  expect(compare(files({ 'models/mq.json': 'x' }), files({ 'models/mq.json': 'x' }))).toEqual([])
})

test('a file that is missing, changed or left over is named, with what to do', () => {
  const committed = files({ 'models/mq.json': 'x', 'models/old.json': 'x' })
  const generated = files({ 'models/mq.json': 'y', 'models/new.json': 'x' })
  expect(compare(committed, generated)).toEqual([
    'packages/wire/models/mq.json differs from its model; run node tools/models/main.ts',
    'packages/wire/models/new.json is missing; run node tools/models/main.ts',
    'packages/wire/models/old.json comes from no model; run node tools/models/main.ts',
  ])
})
