import { isDeepStrictEqual } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import {
  type Fault,
  type FaultTarget,
  WireError,
  identify,
  identifyHead,
  readInput,
  readSignature,
  verifySignature,
  writeFault,
} from '../../index.ts'
import { SECRET } from '../clients.ts'
import { type HostileRequest, capturedRequests } from './captured.ts'
import { usedHeap } from './heap.ts'
import { MUTATIONS, mutated } from './mutations.ts'
import { seededRandom } from './random.ts'
import { NOWHERE, isReadersCode, isSignersRefusal, toldBy } from './verdict.ts'

/** How many mutated requests; see CONTRIBUTING.md. */
const REQUESTS = Number(process.env['HOSTILE_REQUESTS'] ?? 30_000)
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_129)
const MEGABYTE = 1024 * 1024
/** What readers, once compiled, and V8's own code may take; a leak of a hundred bytes a request is more. */
const MOST_GROWTH_BYTES = 48 * MEGABYTE
const PATIENCE_MILLIS = 30_000 + REQUESTS * 10

let valid: readonly HostileRequest[]
beforeAll(async () => {
  valid = await capturedRequests(SEED, 1)
}, PATIENCE_MILLIS)

/** As `expect`, which costs more than all that the wire does with a request. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}

/** The error that a step ends with; `undefined`: it ends well. Whatever it throws must be a fault for the client. */
function faultOf(step: () => unknown): WireError | undefined {
  try {
    step()
    return undefined
  } catch (error) {
    if (error instanceof WireError) return error
    throw error
  }
}

/** The fault arrives as it was thrown, with a status that says whose fault it is. */
function tell(target: FaultTarget, fault: Fault): void {
  must((fault.status >= 400 && fault.status < 500) || fault.code === 'NotImplemented', `status ${String(fault.status)}`)
  const reply = writeFault(target, fault, 'r')
  const told = toldBy(target, reply)
  must(reply.status === fault.status, `answered with status ${String(reply.status)}`)
  must(told.code === fault.code, `${fault.code} arrives as ${told.code}`)
  must(told.message === wellFormed(target, fault.message), `${fault.message} arrives as ${told.message}`)
}

/** XML cannot say every character, and JSON's UTF-8 has no halves of characters. */
function wellFormed({ protocol }: FaultTarget, text: string): string {
  const whole = protocol.startsWith('aws-json') || protocol === 'rest-json-1' ? text : text.toWellFormed()
  return /^(?:aws-query|ec2-query|rest-xml)$/.test(protocol)
    ? whole.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    : whole
}

/** Takes one request through the wire. @returns whether it was refused by its reader or before */
function drive({ head, body }: HostileRequest): boolean {
  const identification = identify(head, body)
  const early = identifyHead(head)
  must(early.kind === 'form' || isDeepStrictEqual(early, identification), 'another operation once the body is there')
  if (identification.kind === 'unknown') {
    const { target, fault } = identification
    must(NOWHERE.get(fault.code) === fault.status, `${fault.code} with status ${String(fault.status)}`)
    tell(target, fault)
    return true
  }
  const { operation } = identification
  const unsigned = faultOf(() =>
    verifySignature(readSignature(head, operation), head, body, SECRET, Date.now(), operation),
  )
  if (unsigned !== undefined) {
    must(isSignersRefusal(operation.protocol, unsigned), `signed wrongly: ${unsigned.code}`)
    tell(operation, unsigned)
  }
  const unread = faultOf(() => readInput(operation, head, body))
  if (unread === undefined) return unsigned !== undefined
  must(unread.status === 400, `read with status ${String(unread.status)}`)
  must(isReadersCode(operation.service, unread.code), `${operation.service} does not answer ${unread.code}`)
  tell(operation, unread)
  return true
}

const labelOf = (name: string, { service, protocol, operation }: HostileRequest, run: number): string =>
  `request ${String(run)}, ${service} ${operation} in ${protocol}, ${name}`

test('the requests that are made wrong are right as they are', () => {
  const refused = valid.filter(({ head, body, service, operation }) => {
    const identification = identify(head, body)
    if (identification.kind !== 'operation' || identification.operation.operation !== operation) return true
    expect(identification.operation.service).toBe(service)
    return faultOf(() => readInput(identification.operation, head, body)) !== undefined
  })
  expect(refused).toEqual([])
  // Fewer would mean that clients no longer send what is captured.
  expect(valid.length).toBeGreaterThan(900)
})

test(
  'no request makes the wire throw anything but its own faults, keep memory, or touch what all objects share',
  () => {
    const random = seededRandom(SEED)
    const shared = [Object.prototype, Array.prototype, String.prototype].map((prototype) => Reflect.ownKeys(prototype))
    const applied = new Map<string, number>()
    const refusals = new Map<string, number>()
    // Readers are compiled on first use, and stay.
    for (const request of valid) drive(request)
    const before = usedHeap()
    for (let run = 0; run < REQUESTS; run++) {
      const original = valid[run % valid.length] as HostileRequest
      const { name, request } = mutated(original, random)
      applied.set(name, (applied.get(name) ?? 0) + 1)
      try {
        if (drive(request)) refusals.set(name, (refusals.get(name) ?? 0) + 1)
      } catch (error) {
        throw new Error(labelOf(name, original, run), { cause: error })
      }
    }
    expect(usedHeap() - before).toBeLessThan(MOST_GROWTH_BYTES)
    expect(
      [Object.prototype, Array.prototype, String.prototype].map((prototype) => Reflect.ownKeys(prototype)),
    ).toEqual(shared)
    if (REQUESTS < 10_000) return
    // A mutation that nothing ever notices mutates nothing.
    expect([...applied.keys()].toSorted()).toEqual(MUTATIONS.map(({ name }) => name).toSorted())
    expect(MUTATIONS.map(({ name }) => name).filter((name) => !refusals.has(name))).toEqual([])
  },
  PATIENCE_MILLIS,
)
