import { expect, test } from 'vitest'
import { generate } from './generate.ts'

const http = { method: 'POST', requestUri: '/' }
const metadata = {
  apiVersion: '2020-01-01',
  protocol: 'json',
  jsonVersion: '1.1',
  endpointPrefix: 'queue',
  signingName: 'queue',
  targetPrefix: 'Queue_20200101',
}

/** A model as botocore ships it, with prose and with a shape that nothing uses. */
const raw = {
  metadata,
  operations: {
    Put: {
      name: 'Put',
      http,
      input: { shape: 'PutRequest' },
      output: { shape: 'PutResponse' },
      errors: [{ shape: 'Full' }],
      documentation: '<p>Puts.</p>',
    },
    Ask: { name: 'Ask', http },
  },
  shapes: {
    PutRequest: {
      type: 'structure',
      required: ['Body'],
      members: {
        Body: { shape: 'Body', documentation: '<p>What.</p>' },
        At: { shape: 'Time' },
        Kind: { shape: 'Kind' },
      },
    },
    PutResponse: { type: 'structure', members: { Ids: { shape: 'Ids' }, Tags: { shape: 'Tags' } } },
    Body: { type: 'string', min: 1, max: 10, sensitive: true },
    Time: { type: 'timestamp' },
    Kind: { type: 'string', enum: ['fast', "it's"] },
    Ids: { type: 'list', member: { shape: 'Number' } },
    Number: { type: 'long' },
    Tags: { type: 'map', key: { shape: 'Body' }, value: { shape: 'Body' } },
    Full: { type: 'structure', members: {}, exception: true },
    Unused: { type: 'string' },
  },
}

const sources = [{ id: 'queue', folder: 'queue', version: '2020-01-01' }]
const generated = (model: object = raw) =>
  generate('botocore 1.0', sources, new Map([['queue', model as Readonly<Record<string, unknown>>]]))
const changed = (shapes: object): object => ({ ...raw, shapes: { ...raw.shapes, ...shapes } })

test('three files come out: a model, its types, and the catalogue', () => {
  expect([...generated().keys()]).toEqual(['models/queue.json', 'src/types/queue.ts', 'src/types/catalog.ts'])
})

test('the compact model keeps what decides bytes and checks, and neither prose nor unused shapes', () => {
  const text = generated().get('models/queue.json') ?? ''
  const model = JSON.parse(text) as { readonly operations: object; readonly shapes: Readonly<Record<string, unknown>> }
  expect(model).toMatchObject({
    service: 'queue',
    source: 'botocore 1.0',
    protocols: ['aws-json-1.1'],
    signingName: 'queue',
    targetPrefix: 'Queue_20200101',
  })
  expect(Object.keys(model.operations)).toEqual(['Ask', 'Put'])
  expect(model.shapes['Body']).toEqual({ type: 'string', min: 1, max: 10, sensitive: true })
  expect(model.shapes).not.toHaveProperty('Unused')
  expect(text).not.toContain('<p>')
})

test('a shape is one line, so that an update reads well as a diff', () => {
  const text = generated().get('models/queue.json') ?? ''
  expect(text.split('\n').filter((line) => line.startsWith('"Body"'))).toEqual([
    '"Body":{"type":"string","min":1,"max":10,"sensitive":true},',
  ])
})

test('types say what is required, what a list and a map hold, and which values an enum has', () => {
  const text = generated().get('src/types/queue.ts') ?? ''
  expect(text).toContain(
    'export interface PutRequest {\n  readonly At?: number | undefined\n  readonly Body: string\n  readonly Kind?: Kind | undefined\n}',
  )
  expect(text).toContain(String.raw`export type Kind = 'fast' | 'it\'s'`)
  expect(text).toContain('readonly Ids?: readonly number[] | undefined')
  expect(text).toContain('readonly Tags?: { readonly [key: string]: string } | undefined')
  expect(text).toContain('  readonly Put: { readonly input: PutRequest; readonly output: PutResponse }')
})

test('an operation without input has one with no members', () => {
  expect(generated().get('src/types/queue.ts')).toContain(
    '  readonly Ask: { readonly input: { readonly [member: string]: never }; readonly output: { readonly [member: string]: never } }',
  )
})

test('the catalogue has the facts by which a request is recognised', () => {
  expect(generated().get('src/types/catalog.ts')).toContain(
    "  queue: { protocols: ['aws-json-1.1'], signingName: 'queue', apiVersion: '2020-01-01', targetPrefix: 'Queue_20200101' },",
  )
})

test('the same model gives the same text', () => {
  expect([...generated()]).toEqual([...generated()])
})

test.each([
  {
    name: 'a key that nobody decided about',
    model: changed({ Body: { type: 'string', novelty: true } }),
    says: 'shape Body has "novelty", which the generator neither keeps nor drops',
  },
  {
    name: 'a protocol that the wire does not speak',
    model: { ...raw, metadata: { ...metadata, protocol: 'smoke' } },
    says: 'queue speaks smoke 1.1, which packages/wire does not know yet',
  },
  {
    name: 'a shape that is not there',
    model: changed({ Ids: { type: 'list', member: { shape: 'Nowhere' } } }),
    says: 'the shape Nowhere, which it does not have',
  },
  {
    name: 'a type that nobody knows',
    model: changed({ Number: { type: 'quaternion' } }),
    says: 'the shape Number is of the unknown type quaternion',
  },
  {
    name: 'two shapes of one type name',
    model: changed({
      PutResponse: { type: 'structure', members: { a: { shape: 'putRequest' } } },
      putRequest: { type: 'structure', members: {} },
    }),
    says: 'would share one type name',
  },
])('$name stops the generator, and it says where', ({ model, says }) => {
  expect(() => generated(model)).toThrow(says)
})

test('a model that was not fetched stops it too', () => {
  expect(() => generate('botocore 1.0', sources, new Map())).toThrow('there is no model of queue')
})
