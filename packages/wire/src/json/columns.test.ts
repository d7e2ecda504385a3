import fc from 'fast-check'
import { expect, test } from 'vitest'
import { familyOf } from '../families.ts'
import { loadModel } from '../model/load.ts'
import type { Model, StructureShape } from '../model/model.ts'
import { Cursor } from '../reading/cursor.ts'
import { columnsReader } from './columns.ts'
import { TreeReaders } from './read.ts'
import { TextColumns } from './text-columns.ts'
import { parseJson, refuseRepeatedKeys } from './text.ts'

const REQUEST = 'PutLogEventsRequest'
const model = loadModel('logs')
const family = familyOf('logs')
const read = new TreeReaders(model, family, 'aws-json-1.1').reader(REQUEST)
const readColumns = columnsReader(model, family, REQUEST, read)

interface Event {
  readonly timestamp: number
  readonly message: string
}

/** What the usual reader makes of a body. `undefined`: it refuses it. */
function usual(body: Buffer): unknown {
  const cursor = new Cursor()
  try {
    const parsed = parseJson(body)
    const value = read(parsed.value, cursor, 0)
    refuseRepeatedKeys(parsed, cursor.strings)
    return cursor.failures.length === 0 ? value : undefined
  } catch {
    return undefined
  }
}

/** What is read of a body as columns, as objects. `undefined`: it is left to the usual reader. */
function columnsOf(body: Buffer): unknown {
  const value = readColumns?.(body)
  if (value === undefined) return undefined
  const { logEvents, ...rest } = value
  expect(logEvents).toBeInstanceOf(TextColumns)
  return { ...rest, logEvents: [...(logEvents as TextColumns)] }
}

const bodyOf = (value: unknown, space?: string): Buffer => Buffer.from(JSON.stringify(value, null, space))
const put = (logEvents: unknown, rest: object = {}): object => ({
  logGroupName: 'g',
  logStreamName: 's',
  logEvents,
  ...rest,
})
const event = (timestamp: number, message: string): Event => ({ timestamp, message })

/** Columns of a body that must be read so. */
function columns(body: Buffer): TextColumns {
  const value = readColumns?.(body)
  if (value === undefined) throw new Error(`not read as columns: ${body.toString().slice(0, 200)}`)
  return value['logEvents'] as TextColumns
}

const piece = fc.constantFrom('a', 'logEvents', ' ', '":', '"', '\\', '\\"', '\n', 'é', '🎉', '\ud83d', '{', '}]', ',')
const message = fc.oneof(
  fc.stringMatching(/^[ -!#-[\]-~]{1,40}$/),
  fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join('')),
)
const events = fc.array(
  fc.record({ timestamp: fc.oneof(fc.nat(), fc.integer({ min: 0, max: 10 ** 15 - 1 })), message }),
  { minLength: 1, maxLength: 12 },
)

/** As clients write it: blanks after commas and colons or none, characters escaped or not, members in any order. */
interface Style {
  readonly gap: string
  readonly ascii: boolean
  readonly textFirst: boolean
  readonly listFirst: boolean
}
const style = fc.record({
  gap: fc.constantFrom('', ' ', '  '),
  ascii: fc.boolean(),
  textFirst: fc.boolean(),
  listFirst: fc.boolean(),
})

function written(list: readonly Event[], { gap, ascii, textFirst, listFirst }: Style): string {
  const text = (value: string): string =>
    ascii
      ? JSON.stringify(value).replaceAll(
          /[\u0080-\uffff]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        )
      : JSON.stringify(value)
  const items = list.map(({ timestamp, message: words }) => {
    const members = [`"timestamp":${gap}${String(timestamp)}`, `"message":${gap}${text(words)}`]
    return `{${gap}${(textFirst ? members.toReversed() : members).join(`${gap},${gap}`)}${gap}}`
  })
  const logEvents = `"logEvents":${gap}[${gap}${items.join(`,${gap}`)}${gap}]`
  const names = `"logGroupName":${gap}"a:logEvents",${gap}"logStreamName"${gap}:"s"`.replace('a:', '')
  return `{${gap}${listFirst ? `${logEvents},${names}` : `${names},${gap}${logEvents}`}${gap}}`
}

test('what clients write is read as columns, and says what the usual reader says', () => {
  fc.assert(
    fc.property(events, style, (list, how) => {
      const body = Buffer.from(written(list, how))
      const found = columnsOf(body)
      expect(found).toEqual(usual(body))
      expect((found as { readonly logEvents: unknown }).logEvents).toEqual(list)
    }),
    { seed: 41, numRuns: 500 },
  )
})

/** Small changes of a text, anywhere in it. */
const change = fc.record({
  at: fc.nat(),
  drop: fc.nat({ max: 3 }),
  insert: fc.oneof(
    fc.constantFrom(
      '"',
      '\\',
      ',',
      ':',
      '{',
      '}',
      '[',
      ']',
      ' ',
      '0',
      '-',
      '.',
      'e',
      '\n',
      '\t',
      '\u0001',
      'null',
      '{}',
    ),
    fc.constantFrom('"logEvents":[{"timestamp":1,"message":"m"}],', '"timestamp":2,', '"message":"again",', '\\u0061'),
    fc.constant(''),
  ),
})

test('whatever a body holds, it is read as columns only as the usual reader reads it', () => {
  let accepted = 0
  let refused = 0
  fc.assert(
    fc.property(events, style, fc.array(change, { minLength: 1, maxLength: 3 }), (list, how, changes) => {
      let text = written(list.slice(0, 4), how)
      for (const { at, drop, insert } of changes) {
        const place = at % (text.length + 1)
        text = text.slice(0, place) + insert + text.slice(place + drop)
      }
      const body = Buffer.from(text)
      const found = columnsOf(body)
      if (found === undefined) refused += 1
      else {
        accepted += 1
        expect(found).toEqual(usual(body))
      }
    }),
    { seed: 42, numRuns: 4_000 },
  )
  expect(accepted).toBeGreaterThan(100)
  expect(refused).toBeGreaterThan(1_000)
})

test('changed bytes are read as columns only as the usual reader reads them', () => {
  fc.assert(
    fc.property(events, style, fc.nat(), fc.nat({ max: 255 }), (list, how, at, byte) => {
      const body = Buffer.from(written(list.slice(0, 3), how))
      body[at % body.length] = byte
      const found = columnsOf(body)
      if (found !== undefined) expect(found).toEqual(usual(body))
    }),
    { seed: 43, numRuns: 2_000 },
  )
})

test.each([
  ['no list', { logGroupName: 'g', logStreamName: 's' }],
  ['an empty list', put([])],
  ['another list of the name, deeper', { entity: { attributes: {}, logEvents: [event(1, 'm')] }, logGroupName: 'g' }],
  ['an empty message', put([event(1, 'm'), event(2, '')])],
  ['a negative time', put([event(1, 'm'), event(-2, 'm')])],
  ['a time that is no integer', put([event(1, 'm'), event(1.5, 'm')])],
  ['a time that is not safe', put([event(1, 'm'), event(2 ** 53, 'm')])],
  ['a time as text', put([event(1, 'm'), { timestamp: '2', message: 'm' }])],
  ['a message that is null', put([event(1, 'm'), { timestamp: 2, message: null }])],
  ['a member that the model does not know', put([event(1, 'm'), { timestamp: 2, message: 'm', more: 1 }])],
  ['such a member with strings in it', put([event(1, 'm')], { more: { a: 'b' } })],
  ['a message alone', put([event(1, 'm'), { message: 'm' }])],
  ['a time alone', put([event(1, 'm'), { timestamp: 1 }])],
  ['null among the events', put([event(1, 'm'), null])],
  ['a name that breaks a rule', put([event(1, 'm')], { logGroupName: '*' })],
  ['a name that is missing', put([event(1, 'm')], { logGroupName: undefined })],
  ['more events than there may be', put(Array.from({ length: 10_001 }, () => event(1, 'm')))],
  ['more strings than are looked for', put(Array.from({ length: 30_000 }, () => event(1, 'm')))],
  ['a text of escapes', put([event(1, '"'.repeat(30))])],
])('%s is left to the usual reader', (_what, value) => {
  expect(readColumns?.(bodyOf(value))).toBeUndefined()
})

const LIST = '"logEvents":[{"timestamp":1,"message":"m"},{"timestamp":2,"message":"n"}]'
const NAMES = '"logGroupName":"g","logStreamName":"s"'
test.each([
  ['the list twice', `{${LIST},${NAMES},${LIST}}`],
  ['the list twice, once in other signs', `{${LIST},${NAMES},${LIST.replace('logE', 'log\\u0045')}}`],
  ['a name twice', `{"logGroupName":"g",${NAMES},${LIST}}`],
  ['a time twice', `{${NAMES},${LIST.replace('"message":"n"', '"timestamp":3,"message":"n"')}}`],
  ['a message twice', `{${NAMES},${LIST.replace('"message":"n"', '"message":"n","message":"o"')}}`],
  ['two messages and no time', `{${NAMES},${LIST.replace('"timestamp":2', '"message":"o"')}}`],
  ['a name in other signs', `{${NAMES},${LIST.replace('"message":"n"', '"messag\\u0065":"n"')}}`],
  ['a list whose name only ends like it', `{"a\\"logEvents":[{"timestamp":1,"message":"m"}],${NAMES}}`],
  ['a list below', `{"x":{${LIST}},${NAMES}}`],
  ['a time that begins with a zero', `{${NAMES},${LIST.replace(':2,', ':02,')}}`],
  ['a time with an exponent', `{${NAMES},${LIST.replace(':2,', ':2e1,')}}`],
  ['a time without a digit', `{${NAMES},${LIST.replace(':2,', ':,')}}`],
  ['a time in many digits', `{${NAMES},${LIST.replace(':2,', ':1000000000000000,')}}`],
  ['a comma at the end', `{${NAMES},${LIST.replace('}]', '},]')}}`],
  ['no comma between', `{${NAMES},${LIST.replace('},{', '}{')}}`],
  ['something behind an event', `{${NAMES},${LIST.replace('"n"}', '"n"x}')}}`],
  ['something behind the body', `{${NAMES},${LIST}}x`],
  ['an end that is missing', `{${NAMES},${LIST}`],
  ['line ends', `{\n${NAMES},${LIST}}`],
  ['a control character in a message', `{${NAMES},${LIST.replace('"n"', '"\u0001"')}}`],
  ['an escape that is none', `{${NAMES},${LIST.replace('"n"', '"\\x"')}}`],
  ['half an escape', `{${NAMES},${LIST.replace('"n"', '"\\u12"')}}`],
  ['an array', `[${LIST}]`],
])('%s is left to the usual reader', (_what, text) => {
  expect(readColumns?.(Buffer.from(text))).toBeUndefined()
})

test('bytes that are no UTF-8 are left to the usual reader', () => {
  const body = bodyOf(put([event(1, 'm'), event(2, 'xx')]))
  body[body.lastIndexOf('x')] = 0xc3
  expect(readColumns?.(body)).toBeUndefined()
})

test('a full batch is read across the parts of its body, with an escape at every place of a block', () => {
  const list = Array.from({ length: 10_000 }, (_, index) =>
    event(1_780_000_000_000 + index, `${'x'.repeat(index % 40)}${index % 9 === 0 ? '\\"é' : ''}${String(index)}`),
  )
  expect(columnsOf(bodyOf(put(list)))).toEqual(put(list))
})

test('the members of an operation are read beside the list', () => {
  const entity = { attributes: { a: 'b' }, keyAttributes: { Type: 'Service', Name: 'logEvents' } }
  const value = put([event(1, 'm'), event(2, 'n')], { entity, sequenceToken: 't' })
  expect(columnsOf(bodyOf(value))).toEqual(value)
})

/** A model of a request with such a list, and with a structure that has one of the same name. */
function modelWith(item: StructureShape): Model {
  const items = { shape: 'Items' }
  const shapes: Model['shapes'] = {
    Request: { type: 'structure', members: { inner: { shape: 'Inner' }, items } },
    Inner: { type: 'structure', members: { items } },
    Items: { type: 'list', member: { shape: 'Item' } },
    Item: item,
    Number: { type: 'long' },
    Text: { type: 'string' },
    LongText: { type: 'string', min: 2 },
  }
  return { ...model, shapes }
}
const ITEM: StructureShape = {
  type: 'structure',
  members: { n: { shape: 'Number' }, t: { shape: 'Text' } },
  required: ['n', 't'],
}
const itemFamily = { ...family, columns: 'Items' }

test('a list of the same name in a member is not taken for that of the request', () => {
  const made = modelWith(ITEM)
  const reader = new TreeReaders(made, itemFamily, 'aws-json-1.1').reader('Request')
  const readItems = columnsReader(made, itemFamily, 'Request', reader)
  const { inner, items } =
    readItems?.(bodyOf({ inner: { items: [{ n: 1, t: 'a' }] }, items: [{ n: 2, t: 'b' }] })) ?? {}
  expect(inner).toEqual({ items: [{ n: 1, t: 'a' }] })
  expect([...(items as TextColumns)]).toEqual([{ n: 2, t: 'b' }])
  expect(columnsReader(made, family, 'Request', reader)).toBeUndefined()
})

test.each([
  ['an item with more members', { ...ITEM, members: { ...ITEM.members, more: { shape: 'Text' } } }],
  ['an item that may lack one', { ...ITEM, required: ['n'] }],
  ['an item without a number', { ...ITEM, members: { n: { shape: 'Text' }, t: { shape: 'Text' } } }],
  ['texts with a rule that bytes do not show', { ...ITEM, members: { ...ITEM.members, t: { shape: 'LongText' } } }],
])('a list of %s can not be named as columns', (_what, item) => {
  expect(() => columnsReader(modelWith(item), itemFamily, 'Request', (value) => value)).toThrow(Error)
})

const PLAIN = /^[ !#-[\]-~]*$/

test('a text is told, measured and copied without and with escapes, also of a part of the columns', () => {
  fc.assert(
    fc.property(events, style, fc.nat({ max: 11 }), (list, how, from) => {
      const all = columns(Buffer.from(written(list, how)))
      const first = Math.min(from, list.length)
      const rest = Math.floor((list.length - first) / 2)
      for (const [part, expected] of [
        [all, list],
        [all.slice(first, list.length), list.slice(first)],
        [all.slice(first, list.length).slice(rest, list.length - first), list.slice(first + rest)],
      ] as const) {
        expect([part.length, [...part]]).toEqual([expected.length, expected])
        const room = { bytes: Buffer.alloc(1_000), starts: new Uint32Array(99), ends: new Uint32Array(99) }
        const copied = part.copyTexts(0, room)
        const odd = expected.findIndex(({ message: words }) => !words.isWellFormed())
        expect(copied).toBe(odd === -1 ? expected.length : odd)
        for (const [index, { message: words }] of expected.entries()) {
          const at = part.place(index)
          if (PLAIN.test(words) || at !== undefined) expect(at?.bytes.toString('utf8', at.start, at.end)).toBe(words)
          if (index < copied) expect(room.bytes.toString('utf8', room.starts[index], room.ends[index])).toBe(words)
        }
        for (const [index, { message: words }] of expected.entries()) {
          const bytes = Buffer.from(words)
          expect(part.textBytes(index)).toBe(bytes.length)
          const into = Buffer.alloc(bytes.length + 4, 0xff)
          part.copyText(index, into, 2)
          expect(into).toEqual(Buffer.from([0xff, 0xff, ...bytes, 0xff, 0xff]))
        }
        for (const quoted of ['"', '\\"', '":'])
          expect(part.someQuoting(quoted)).toBe(expected.some(({ message: words }) => words.includes(quoted)))
      }
    }),
    { seed: 44, numRuns: 300 },
  )
})

test('only what is escaped in JSON may be looked for without looking', () => {
  expect(() => columns(bodyOf(put([event(1, 'm')]))).someQuoting('m')).toThrow('without looking')
})
