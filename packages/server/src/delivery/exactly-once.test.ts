import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AwsError } from '#kernel/errors.ts'
import type { Deliveries } from '#delivery/delivery.ts'
import { BrokerLogs, FixedClock, NOON, deliveriesTo, record, until } from '#delivery/testing/broker-logs.ts'
import { type Fault, FarEnd, throttled } from '#delivery/testing/far-end.ts'

type Action =
  /** The broker writes, as far as it gets: cut anywhere when it is killed. */
  | { readonly kind: 'write'; readonly bytes: Buffer }
  /** The broker goes on in the next file. */
  | { readonly kind: 'rotate' }
  /** So many calls fail. */
  | { readonly kind: 'fail'; readonly calls: number; readonly when: Fault['when'] }
  /** The platform ends with its next call, before or after the far end has committed it, and starts again. */
  | { readonly kind: 'crash'; readonly when: Fault['when'] }
  /** Time passes. */
  | { readonly kind: 'settle' }

const lines = fc.array(
  fc.record({
    text: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => !text.includes('\u001e')),
    late: fc.nat(5_000),
  }),
  { minLength: 1, maxLength: 30 },
)
const written = lines.map((all) => Buffer.from(all.map(({ text, late }) => record(text, NOON - late)).join('')))
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('write' as const), bytes: written }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(written, fc.nat())
      .map(([bytes, cut]) => ({ kind: 'write' as const, bytes: bytes.subarray(0, cut % (bytes.length + 1)) })),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'rotate' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('crash' as const),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('fail' as const),
      calls: fc.integer({ min: 1, max: 4 }),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'settle' as const }) },
)

/** What must arrive of files with these contents. */
function expected(files: readonly Buffer[]): string[] {
  return files.flatMap((bytes) =>
    bytes
      .toString()
      .split('\u001e\n')
      .map((text) => text.replace(/^\d{13} /, ''))
      .map((text) => (text.endsWith('\u001e') ? text.slice(0, -1) : text))
      .filter((text) => text !== ''),
  )
}

async function play(actions: readonly Action[]): Promise<void> {
  const logs = new BrokerLogs()
  const clock = new FixedClock()
  const farEnd = new FarEnd(clock)
  const files = [Buffer.alloc(0)]
  const write = (bytes: Buffer): void => {
    const last = files.length - 1
    files[last] = Buffer.concat([files[last] ?? Buffer.alloc(0), bytes])
    logs.append(files.length, bytes)
  }
  let deliveries: Deliveries = deliveriesTo(farEnd, { clock, limits: { probeBytes: 120 } })
  const start = (): void => deliveries.start(logs.spec())
  start()
  for (const step of actions) {
    if (step.kind === 'write') write(step.bytes)
    else if (step.kind === 'rotate') files.push(Buffer.alloc(0))
    else if (step.kind === 'settle') await new Promise((resolve) => setTimeout(resolve, 3))
    else if (step.kind === 'fail') failFor(farEnd, step.calls, step.when)
    else {
      crashWithNextCall(farEnd, step.when)
      await new Promise((resolve) => setTimeout(resolve, 4))
      await deliveries.close()
      farEnd.fault = () => undefined
      deliveries = deliveriesTo(farEnd, { clock, limits: { probeBytes: 120 } })
      start()
    }
  }
  files.push(Buffer.alloc(0))
  write(Buffer.from(record('the end')))
  try {
    await until(() => farEnd.messages().at(-1) === 'the end', 'the last line')
    expect(farEnd.messages()).toEqual(expected(files))
    const times = (farEnd.streams.get('/g/s') ?? []).map(({ timestamp }) => timestamp)
    expect(times).toEqual(times.toSorted((one, other) => one - other))
  } finally {
    await deliveries.close()
    logs.remove()
  }
}

function failFor(farEnd: FarEnd, calls: number, when: Fault['when']): void {
  let left = calls
  farEnd.fault = () =>
    left-- > 0
      ? { error: when === 'before' ? throttled() : new AwsError('InternalFailure', 500, 'lost answer'), when }
      : undefined
}

function crashWithNextCall(farEnd: FarEnd, when: Fault['when']): void {
  let first = true
  farEnd.fault = () => {
    const fault: Fault = { error: new Error('the platform is gone'), when: first ? when : 'before' }
    first = false
    return fault
  }
}

test('every event arrives exactly once and in order, whatever crashes, fails or is torn', async () => {
  await fc.assert(fc.asyncProperty(fc.array(action, { maxLength: 14 }), play), { numRuns: 60, endOnFailure: true })
})
