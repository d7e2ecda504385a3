import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type CompactModel, modelText } from './compact.ts'
import { BOTOCORE_VERSION, MODEL_SOURCES } from './services.ts'
import { catalogText, typesText } from './types.ts'

const WIRE = join(import.meta.dirname, '../../packages/wire')
const read = (path: string): string => readFileSync(join(WIRE, path), 'utf8')
const committed = MODEL_SOURCES.map(({ id }) => JSON.parse(read(`models/${id}.json`)) as CompactModel)

test.each(committed)('the committed model and types of $service are what the generator makes of them', (model) => {
  expect(read(`models/${model.service}.json`)).toBe(modelText(model))
  expect(read(`src/types/${model.service}.ts`)).toBe(typesText(model))
  expect(model.source).toBe(`botocore ${BOTOCORE_VERSION}`)
})

test('the committed catalog lists every service', () => {
  expect(read('src/types/catalog.ts')).toBe(catalogText(committed))
})

test('enums of mq are plain strings, because it takes and gives them in any case; others are unions', () => {
  expect(read('src/types/mq.ts')).toContain('readonly EngineType: string\n')
  expect(read('src/types/logs.ts')).toContain("export type LogGroupClass = 'STANDARD'")
})

test('an event stream is an async iterable of its events, without its errors', () => {
  const types = read('src/types/logs.ts')
  expect(types).toContain('readonly responseStream?: AsyncIterable<StartLiveTailResponseStream> | undefined')
  expect(types).toContain(
    'export interface StartLiveTailResponseStream {\n  readonly sessionStart?: LiveTailSessionStart | undefined\n  readonly sessionUpdate?: LiveTailSessionUpdate | undefined\n}',
  )
})
