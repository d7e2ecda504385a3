import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { eventStreamOf } from '../event-stream/write.ts'
import { identify, readInput, readSignature, verifySignature, writeOutput } from '../index.ts'
import { loadModel, SERVICE_IDS } from '../model/load.ts'
import { type Model, operationOf } from '../model/model.ts'
import type { ByteStream, Identified, RequestHead, ServiceId } from '../request.ts'
import { serviceModel } from '../service-model.ts'
import { CATALOG } from '../types/catalog.ts'
import { eventsArbitrary, mapTimestamps, valueArbitrary } from './arbitrary.ts'
import { ACCESS_KEY_ID, SECRET, SESSION_TOKEN, fuzzClient } from './clients.ts'
import { exceptionsOf } from './exceptions.ts'

const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_121)
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 4)
const REQUEST_ID = 'c1e2d3f4-0000-4000-8000-000000000000'

const spoken = SERVICE_IDS.flatMap((service) => CATALOG[service].protocols.map((protocol) => ({ service, protocol })))

describe.each(spoken)('$service in $protocol', ({ service, protocol }) => {
  const model = loadModel(service)
  const client = fuzzClient(service, protocol)
  const exceptions = exceptionsOf(service, protocol)
  const shared = Object.keys(model.operations).filter((name) => !exceptions.onlyInModel.includes(name))
  afterAll(() => client.destroy())
  const inputs = valueArbitrary(model, exceptions.input)
  const outputs = valueArbitrary(model, exceptions.output)

  test('the official client knows the same operations', () => {
    const { onlyInClient } = exceptions
    const known = client.operations.filter((name) =>
      onlyInClient === 'many' ? shared.includes(name) : !onlyInClient.includes(name),
    )
    expect(known.toSorted()).toEqual(shared.toSorted())
  })

  test.each(shared)('%s arrives as it was sent and its answer as it was written', async (name) => {
    const { input, output } = operationOf(model, name)
    const property = fc.asyncProperty(
      input === undefined ? fc.constant({}) : inputs(input),
      answers(model, output, outputs),
      async (sent, { written, expected }) => {
        let arrived: unknown
        const answered = await client.send(name, toClient(model, input, sent), async (head, body) => {
          const identified = operationIn(head, body)
          expect(identified).toMatchObject({ service, operation: name, protocol })
          if (!isUnsigned(service, name)) verify(identified, head, body)
          arrived = await collected(readInput(identified, head, body))
          return writeOutput(identified, written(), REQUEST_ID)
        })
        expect(await receivedBy(model, output, answered)).toEqual(expected)
        expect(withoutAdded(arrived, sent, exceptions.added)).toEqual(sent)
      },
    )
    await fc.assert(property, { seed: SEED, numRuns: RUNS, includeErrorInReport: true })
  })
})

interface Answer {
  /** What the handler gives; made anew for each writing, since a stream is read once. */
  readonly written: () => object
  readonly expected: unknown
}

/** Random answers of an operation; of one that answers a stream, random events. */
function answers(
  model: Model,
  output: string | undefined,
  values: (shape: string) => fc.Arbitrary<unknown>,
): fc.Arbitrary<Answer> {
  if (output === undefined) return fc.constant({ written: () => ({}), expected: {} })
  const stream = eventStreamOf(model, output)
  if (stream === undefined) return values(output).map((value) => ({ written: () => value as object, expected: value }))
  return eventsArbitrary(model, stream.events, values).map((events) => ({
    written: () => ({ [stream.member]: iterate(events) }),
    expected: { [stream.member]: events },
  }))
}

async function* iterate<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item)
}

/** What the client made of an answer, with its streams read and its dates as handlers write them. */
async function receivedBy(model: Model, output: string | undefined, answer: Record<string, unknown>): Promise<unknown> {
  if (output === undefined) return {}
  const stream = eventStreamOf(model, output)
  const { $metadata: _, ...members } = answer
  if (stream !== undefined) {
    const events: unknown[] = []
    for await (const event of members[stream.member] as AsyncIterable<Readonly<Record<string, unknown>>>) {
      for (const [name, value] of Object.entries(event))
        events.push({ [name]: fromClient(model, stream.events.members[name]?.shape, value) })
    }
    return { [stream.member]: events }
  }
  return fromClient(model, output, await collected(members))
}

/** The members of `value` with streams of bytes read to their ends. */
async function collected(value: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  const read: Record<string, unknown> = {}
  for (const [name, item] of Object.entries(value)) {
    const isStream = typeof item === 'object' && item !== null && Symbol.asyncIterator in item
    read[name] = isStream ? await bytesOf(item as ByteStream) : item
  }
  return read
}

async function bytesOf(stream: ByteStream): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of stream) pieces.push(piece)
  return new Uint8Array(Buffer.concat(pieces))
}

function withoutAdded(arrived: unknown, sent: unknown, added: RegExp): unknown {
  const kept = Object.entries(arrived as object).filter(([name]) => name in (sent as object) || !added.test(name))
  return Object.fromEntries(kept)
}

const isUnsigned = (service: ServiceId, operation: string): boolean => serviceModel(service).isOptionalAuth(operation)

function operationIn(head: RequestHead, body: Uint8Array): Identified {
  const identification = identify(head, body)
  if (identification.kind === 'unknown') throw new Error(identification.fault.message)
  return identification.operation
}

function verify(operation: Identified, head: RequestHead, body: Uint8Array): void {
  const claim = readSignature(head, operation)
  expect(claim).toMatchObject({ accessKeyId: ACCESS_KEY_ID, region: 'us-east-1', sessionToken: SESSION_TOKEN })
  verifySignature(claim, head, body, SECRET, Date.now(), operation)
}

const toClient = (model: Model, shape: string | undefined, value: unknown): object =>
  (shape === undefined ? {} : mapTimestamps(model, shape, value, (millis) => new Date(millis as number))) as object

const fromClient = (model: Model, shape: string | undefined, value: unknown): unknown =>
  shape === undefined ? {} : mapTimestamps(model, shape, value, (date) => (date as Date).getTime())
