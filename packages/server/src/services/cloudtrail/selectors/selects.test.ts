import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type SelectableEvent, selects } from '#services/cloudtrail/selectors/selects.ts'
import type { AdvancedSelector, BasicSelector } from '#services/cloudtrail/types.ts'

const event = (changes: Partial<SelectableEvent> = {}): SelectableEvent => ({
  category: 'Management',
  readOnly: false,
  eventSource: 'amazonmq.amazonaws.com',
  eventName: 'CreateBroker',
  eventType: 'AwsApiCall',
  userArn: 'arn:aws:iam::111122223333:user/bob',
  resources: [],
  ...changes,
})
const put = event({
  category: 'Data',
  eventSource: 's3.amazonaws.com',
  eventName: 'PutObject',
  resources: [
    { type: 'AWS::S3::Object', name: 'arn:aws:s3:::logs/a/b' },
    { type: 'AWS::S3::Bucket', name: 'arn:aws:s3:::logs' },
  ],
})
const basic = (selector: BasicSelector, of: SelectableEvent): boolean =>
  selects({ kind: 'basic', selectors: [selector] }, of)
const advanced = (fields: AdvancedSelector['FieldSelectors'], of: SelectableEvent): boolean =>
  selects({ kind: 'advanced', selectors: [{ FieldSelectors: fields }] }, of)

test('without selectors: management events, and no data events', () => {
  expect(selects(undefined, event())).toBe(true)
  expect(selects(undefined, event({ readOnly: true }))).toBe(true)
  expect(selects(undefined, put)).toBe(false)
})

describe('basic', () => {
  test.each([
    ['All', true, true],
    ['ReadOnly', true, false],
    ['WriteOnly', false, true],
  ] as const)('%s selects reads: %s, writes: %s', (ReadWriteType, reads, writes) => {
    expect(basic({ ReadWriteType }, event({ readOnly: true }))).toBe(reads)
    expect(basic({ ReadWriteType }, event())).toBe(writes)
  })

  test('sources are excluded, and management events as a whole', () => {
    const noKms = { ExcludeManagementEventSources: ['kms.amazonaws.com'] }
    expect(basic(noKms, event({ eventSource: 'kms.amazonaws.com' }))).toBe(false)
    expect(basic(noKms, event())).toBe(true)
    expect(basic({ IncludeManagementEvents: false }, event())).toBe(false)
  })

  test.each([
    ['arn:aws:s3', true],
    ['arn:aws:s3:::', true],
    ['arn:aws:s3:::logs/', true],
    ['arn:aws:s3:::logs/a/', true],
    ['arn:aws:s3:::logs/b/', false],
    ['arn:aws:s3:::log/', false],
  ])('objects of %s: %s', (value, want) => {
    expect(basic({ DataResources: [{ Type: 'AWS::S3::Object', Values: [value] }] }, put)).toBe(want)
    expect(basic({ DataResources: [{ Type: 'AWS::Lambda::Function', Values: [value] }] }, put)).toBe(false)
  })
})

describe('advanced', () => {
  const data = { Field: 'eventCategory', Equals: ['Data'] }
  test.each<readonly [string, AdvancedSelector['FieldSelectors'], boolean]>([
    ['its type', [data, { Field: 'resources.type', Equals: ['AWS::S3::Object'] }], true],
    ['another category', [{ Field: 'eventCategory', Equals: ['Management'] }], false],
    ['an ARN that begins so', [data, { Field: 'resources.ARN', StartsWith: ['arn:aws:s3:::logs/'] }], true],
    [
      'type and ARN of different resources',
      [data, { Field: 'resources.type', Equals: ['AWS::S3::Bucket'] }, { Field: 'resources.ARN', EndsWith: ['/b'] }],
      false,
    ],
    ['a name that is excluded', [data, { Field: 'eventName', NotEquals: ['PutObject'] }], false],
    ['one of several', [data, { Field: 'eventName', Equals: ['GetObject'], StartsWith: ['Put'] }], true],
    [
      'begins so, and does not end so',
      [data, { Field: 'eventName', StartsWith: ['Put'], NotEndsWith: ['Object'] }],
      false,
    ],
    ['who calls', [data, { Field: 'userIdentity.arn', NotEndsWith: ['user/bob'] }], false],
    ['read only', [data, { Field: 'readOnly', Equals: ['true'] }], false],
  ])('%s', (_name, fields, want) => {
    expect(advanced(fields, put)).toBe(want)
  })

  test('a condition and its negation select each event exactly once between them', () => {
    const operators = [
      ['Equals', 'NotEquals'],
      ['StartsWith', 'NotStartsWith'],
      ['EndsWith', 'NotEndsWith'],
    ] as const
    const short = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 3 })
    fc.assert(
      fc.property(short, fc.array(short, { minLength: 1, maxLength: 3 }), fc.nat(2), (eventName, values, index) => {
        const [is, isNot] = operators[index] ?? operators[0]
        const of = event({ eventName })
        expect(advanced([{ Field: 'eventName', [is]: values }], of)).not.toBe(
          advanced([{ Field: 'eventName', [isNot]: values }], of),
        )
      }),
    )
  })
})
