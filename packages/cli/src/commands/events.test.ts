import fc from 'fast-check'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { eventLine, eventQuery, events } from '#cli/commands/events.ts'
import { csvLine } from '#cli/events/csv.ts'
import type { LookedUpEvent } from '#cli/events/looked-up.ts'
import type { PlatformClient } from '#cli/platform-client.ts'

const AT = Date.UTC(2026, 10, 21, 9, 30) / 1_000

const event = (id: string, changes: Partial<LookedUpEvent> = {}, details: object = {}): LookedUpEvent => ({
  EventId: id,
  EventName: 'CreateBroker',
  EventTime: AT,
  EventSource: 'amazonmq.amazonaws.com',
  ReadOnly: 'false',
  Username: 'bob',
  AccessKeyId: 'AKIABOB',
  Resources: [{ ResourceType: 'AWS::AmazonMQ::Broker', ResourceName: 'b-1' }],
  CloudTrailEvent: JSON.stringify({ eventID: id, awsRegion: 'us-east-1', ...details }),
  ...changes,
})

/** LookupEvents that answers one page after the other, and remembers what it was asked. */
function scripted(...answers: readonly (readonly LookedUpEvent[])[]) {
  const asked: object[] = []
  const client: PlatformClient = {
    json: async (_service, _operation, input) => {
      asked.push(input)
      const page = answers[asked.length - 1] ?? []
      return { Events: page, ...(asked.length < answers.length ? { NextToken: String(asked.length) } : {}) } as never
    },
    rest: () => Promise.reject(new Error('only LookupEvents is asked')),
  }
  return { client, asked }
}
const PLAIN = { follow: false, download: undefined, accessKeyId: 'AKIAME' }
const textOf = async (pieces: AsyncIterable<string>): Promise<string> => {
  let text = ''
  for await (const piece of pieces) text += piece
  return stripVTControlCharacters(text)
}

test('the newest page is printed, oldest first: when, who, what, on what, and how it ended', async () => {
  const denied = event('2', { EventName: 'DeleteBroker' }, { errorCode: 'AccessDenied' })
  const { client, asked } = scripted([denied, event('1')], [event('0')])
  expect(await textOf(events(client, {}, PLAIN))).toBe(
    '2026-11-21T09:30:00Z  bob  amazonmq:CreateBroker  b-1\n2026-11-21T09:30:00Z  bob  amazonmq:DeleteBroker  b-1  AccessDenied\n',
  )
  expect(asked).toEqual([{}])
})

test('a call of a service is named after it', () => {
  const { Username: _none, ...call } = event(
    '1',
    {},
    { userIdentity: { type: 'AWSService', invokedBy: 'mq.amazonaws.com' } },
  )
  expect(stripVTControlCharacters(eventLine(call))).toContain('  mq.amazonaws.com  ')
})

test('a download asks for every page', async () => {
  const { client, asked } = scripted([event('2')], [event('1')], [])
  const json = await textOf(events(client, { StartTime: 1 }, { ...PLAIN, download: 'json' }))
  expect((JSON.parse(json) as { Records: { eventID: string }[] }).Records.map(({ eventID }) => eventID)).toEqual([
    '2',
    '1',
  ])
  expect(asked).toEqual([{ StartTime: 1 }, { StartTime: 1, NextToken: '1' }, { StartTime: 1, NextToken: '2' }])
  expect(JSON.parse(await textOf(events(scripted([]).client, {}, { ...PLAIN, download: 'json' })))).toEqual({
    Records: [],
  })
  const csv = await textOf(events(scripted([event('2')], [event('1')]).client, {}, { ...PLAIN, download: 'csv' }))
  expect(csv.split('\r\n').map((line) => line.split(',')[0])).toEqual(['Event ID', '2', '1', ''])
  await expect(textOf(events(client, {}, { ...PLAIN, download: 'xml' }))).rejects.toThrow('--download is csv or json')
})

test('following prints what is new, once, and not its own questions', async () => {
  const own = event('q', { EventName: 'LookupEvents', AccessKeyId: 'AKIAME' })
  const others = event('o', { EventName: 'LookupEvents' })
  const answers = [[event('1')], [event('2'), own, event('1')], [others, event('2'), own, event('1')]]
  const stop = new AbortController()
  let round = 0
  const asked: object[] = []
  const client: PlatformClient = {
    json: async (_service, _operation, input) => {
      asked.push(input)
      const page = answers[round] ?? []
      round += 1
      if (round === answers.length) stop.abort()
      return { Events: page } as never
    },
    rest: () => Promise.reject(new Error('only LookupEvents is asked')),
  }
  const text = await textOf(events(client, {}, { ...PLAIN, follow: true, pause: 1, signal: stop.signal }))
  expect(text.split('\n').map((line) => line.split('  ')[2])).toEqual([
    'amazonmq:CreateBroker',
    'amazonmq:CreateBroker',
    'amazonmq:LookupEvents',
    undefined,
  ])
  expect(asked[1]).toEqual({ StartTime: AT - 30 })
})

test('attributes and times are read, and what cannot be read is said', () => {
  expect(eventQuery({ by: 'ResourceName=a=b', start: '2026-11-21T09:30:00Z', end: undefined })).toEqual({
    LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: 'a=b' }],
    StartTime: AT,
  })
  expect(() => eventQuery({ by: 'bob', start: undefined, end: undefined })).toThrow('--by is an attribute')
  expect(() => eventQuery({ by: undefined, start: 'yesterday', end: undefined })).toThrow('--start is a time')
})

test('no text of a caller moves the cursor of a terminal', () => {
  const line = eventLine(event('1', { Username: 'bob\u001b[2J\nfake line' }))
  expect(stripVTControlCharacters(line).split('\n')).toHaveLength(2)
  expect(line).not.toContain('\u001b[2J')
})

/** The cells of a line, read back as RFC 4180 says. */
function cellsOf(line: string): readonly string[] {
  const cells: string[] = []
  let rest = line.replace(/\r\n$/, '')
  for (;;) {
    const quoted = /^"((?:[^"]|"")*)"(,|$)/.exec(rest)
    const bare = quoted ?? /^([^,"]*)(,|$)/.exec(rest)
    if (bare === null) throw new Error(`no cell at ${rest}`)
    cells.push((bare[1] ?? '').replaceAll('""', '"'))
    rest = rest.slice(bare[0].length)
    if (bare[2] === '') return cells
  }
}

test('whatever a caller is called, the line has the same cells, and none is a formula', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('=', '+', '-', '@', ',', '"', '\n', 'a'), minLength: 1 }), (name) => {
      const cells = cellsOf(csvLine(event('1', { Username: name })))
      expect(cells).toHaveLength(14)
      expect(cells[2]?.replace(/^'/, '')).toBe(name.replace(/^'/, ''))
      expect(cells[2]).not.toMatch(/^[=+\-@]/)
    }),
  )
})
