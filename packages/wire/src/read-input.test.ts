import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { WireError } from './fault.ts'
import { readInput } from './read-input.ts'
import type { Identified, RequestHead, ServiceId } from './request.ts'
import { serviceModel } from './service-model.ts'

const HEAD: RequestHead = { method: 'POST', rawUrl: '/', headers: {} }
const FORM: RequestHead = { ...HEAD, headers: { 'content-type': 'application/x-www-form-urlencoded' } }

function identified(service: ServiceId, operation: string, labels: Readonly<Record<string, string>> = {}): Identified {
  return { protocol: serviceModel(service).protocols[0], service, operation, labels }
}
const logs = (operation: string, body: string | Uint8Array, head = HEAD): unknown =>
  readInput(identified('logs', operation), head, Buffer.from(body))
const iam = (operation: string, form: string): unknown =>
  readInput(identified('iam', operation), FORM, Buffer.from(form))
const mq = (operation: string, body: string, labels = {}, rawUrl = '/'): unknown =>
  readInput(identified('mq', operation, labels), { ...HEAD, rawUrl }, Buffer.from(body))

function refusal(read: () => unknown): Pick<WireError, 'code' | 'message' | 'members'> & { readonly status: number } {
  try {
    read()
  } catch (error) {
    const { code, status, message, members } = error as WireError
    return { code, status, message, members }
  }
  throw new Error('it was accepted')
}

describe('JSON that cannot be read is a SerializationException', () => {
  const put = (events: string): string => `{"logGroupName":"g","logStreamName":"s","logEvents":${events}}`
  test.each([
    ['not JSON', '{', 'The request body is not valid JSON'],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'The request body is not valid UTF-8'],
    ['an array at the top', '[]', 'START_ARRAY can not be converted to a structure'],
    ['a string at the top', '"x"', 'STRING_VALUE can not be converted to a structure'],
    ['null at the top', 'null', 'NULL_VALUE can not be converted to a structure'],
    [
      'a number for a string',
      put('[{"timestamp":1,"message":5}]'),
      "NUMBER_VALUE can not be converted to a String (at 'logEvents.1.member.message')",
    ],
    [
      'a string for a long',
      put('[{"timestamp":1,"message":"a"},{"timestamp":"1","message":"a"}]'),
      "STRING_VALUE can not be converted to a Long (at 'logEvents.2.member.timestamp')",
    ],
    [
      'a fraction for a long',
      put('[{"timestamp":1.5,"message":"a"}]'),
      "NUMBER_VALUE can not be converted to a Long (at 'logEvents.1.member.timestamp')",
    ],
    [
      'a long beyond 64 bits',
      put('[{"timestamp":1e19,"message":"a"}]'),
      "NUMBER_VALUE can not be converted to a Long (at 'logEvents.1.member.timestamp')",
    ],
    ['an object for a list', put('{}'), "START_OBJECT can not be converted to a List (at 'logEvents')"],
    [
      'a boolean for a structure',
      put('[true]'),
      "TRUE_VALUE can not be converted to a structure (at 'logEvents.1.member')",
    ],
    ['null in a list', put('[null]'), "A list can not hold null (at 'logEvents.1.member')"],
    [
      'the same key twice',
      '{"logGroupName":"a","logGroupName":"b"}',
      'The request body has the same key twice in one object',
    ],
    [
      'the same key twice, with spaces and an unknown member',
      '{"x":{"a":1,"a" : 2},"logGroupName":"b"}',
      'The request body has the same key twice in one object',
    ],
    [
      'an unknown member that is nested too deep',
      `${'{"x":'.repeat(200)}1${'}'.repeat(200)}`,
      'The request is nested deeper than 64 levels',
    ],
  ])('%s', (_, body, message) => {
    expect(refusal(() => logs('PutLogEvents', body))).toEqual({
      code: 'SerializationException',
      status: 400,
      message,
      members: {},
    })
  })

  test.each([
    [
      'a number for a boolean',
      'FilterLogEvents',
      '{"interleaved":1}',
      "NUMBER_VALUE can not be converted to a Boolean (at 'interleaved')",
    ],
    [
      'an integer beyond 32 bits',
      'DescribeLogGroups',
      '{"limit":2147483648}',
      "NUMBER_VALUE can not be converted to an Integer (at 'limit')",
    ],
    [
      'a number in a map of strings',
      'TagResource',
      '{"resourceArn":"a","tags":{"k":1}}',
      "NUMBER_VALUE can not be converted to a String (at 'tags.k')",
    ],
    ['null in a map', 'TagResource', '{"resourceArn":"a","tags":{"k":null}}', "A map can not hold null (at 'tags.k')"],
    [
      'a list for a map',
      'TagResource',
      '{"resourceArn":"a","tags":[]}',
      "START_ARRAY can not be converted to a Map (at 'tags')",
    ],
    [
      '__proto__ as a key of a map',
      'TagResource',
      '{"resourceArn":"a","tags":{"__proto__":"x"}}',
      "A map can not have the key __proto__ (at 'tags')",
    ],
  ])('%s', (_, operation, body, message) => {
    expect(refusal(() => logs(operation, body))).toMatchObject({ code: 'SerializationException', message })
  })

  test('a timestamp that is text, and one beyond all dates', () => {
    const lookup = (time: string): unknown =>
      readInput(identified('cloudtrail', 'LookupEvents'), HEAD, Buffer.from(`{"StartTime":${time}}`))
    expect(refusal(() => lookup('"2026-11-21T10:00:00Z"')).message).toBe(
      "STRING_VALUE can not be converted to a Timestamp (at 'startTime')",
    )
    expect(refusal(() => lookup('1e300')).message).toBe(
      "NUMBER_VALUE can not be converted to a Timestamp (at 'startTime')",
    )
    expect(lookup('1700000000.123')).toEqual({ StartTime: 1_700_000_000_123 })
  })

  test('the message never holds the body', () => {
    expect(refusal(() => logs('PutLogEvents', '{"message":"hunter2"')).message).not.toContain('hunter2')
  })
})

describe('JSON that breaks constraints', () => {
  test('all failures are told in one message, in AWS words', () => {
    expect(refusal(() => logs('PutLogEvents', '{"logGroupName":"","logEvents":[{"timestamp":-1}]}'))).toEqual({
      code: 'InvalidParameterException',
      status: 400,
      members: {},
      message:
        "5 validation errors detected: Value '' at 'logGroupName' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
        "Value at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+; " +
        "Value '-1' at 'logEvents.1.member.timestamp' failed to satisfy constraint: Member must have value greater than or equal to 0; " +
        "Value null at 'logEvents.1.member.message' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'logStreamName' failed to satisfy constraint: Member must not be null",
    })
  })

  test.each([
    [
      'too long',
      'CreateLogGroup',
      { logGroupName: 'x'.repeat(513) },
      `Value '${'x'.repeat(513)}' at 'logGroupName' failed to satisfy constraint: Member must have length less than or equal to 512`,
    ],
    [
      'a pattern, for which Logs hides the value',
      'CreateLogGroup',
      { logGroupName: 'a b' },
      "Value at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+",
    ],
    [
      'an enum',
      'CreateLogGroup',
      { logGroupName: 'a', logGroupClass: 'CHEAP' },
      "Value 'CHEAP' at 'logGroupClass' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, INFREQUENT_ACCESS, DELIVERY]",
    ],
    [
      'a range',
      'DescribeLogGroups',
      { limit: 51 },
      "Value '51' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 50",
    ],
    [
      'an empty list',
      'PutLogEvents',
      { logGroupName: 'g', logStreamName: 's', logEvents: [] },
      "Value '[]' at 'logEvents' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'an element of a list of strings',
      'FilterLogEvents',
      { logStreamNames: ['a', 'b:c'] },
      "Value '[a, b:c]' at 'logStreamNames' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 512, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [^:*]*]",
    ],
    [
      'the key of a map',
      'TagResource',
      { resourceArn: 'a', tags: { '': 'v' } },
      "Value '{=v}' at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: ^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+)$]",
    ],
  ])('%s', (_, operation, input, text) => {
    expect(refusal(() => logs(operation, JSON.stringify(input))).message).toBe(`1 validation error detected: ${text}`)
  })

  test('lengths count Unicode characters, not UTF-16 units', () => {
    expect(logs('TagResource', JSON.stringify({ resourceArn: 'a', tags: { k: '𝒳'.repeat(256) } }))).toMatchObject({
      tags: { k: '𝒳'.repeat(256) },
    })
    expect(
      refusal(() => logs('TagResource', JSON.stringify({ resourceArn: 'a', tags: { k: '𝒳'.repeat(257) } }))).message,
    ).toContain('Map value must satisfy constraint')
  })

  test('a value far too long is not matched against its pattern, and is cut in the message', () => {
    const { message } = refusal(() => logs('CreateLogGroup', JSON.stringify({ logGroupName: ' '.repeat(1_000_000) })))
    expect(message).toContain('less than or equal to 512')
    expect(message).not.toContain('pattern')
    expect(message.length).toBeLessThan(3_000)
  })

  test('ten thousand failures make one bounded message', () => {
    const logEvents = Array.from({ length: 10_000 }, () => ({ timestamp: -1, message: 'x' }))
    expect(
      refusal(() => logs('PutLogEvents', JSON.stringify({ logGroupName: 'g', logStreamName: 's', logEvents }))).message,
    ).toMatch(/^100 validation errors detected: /)
  })

  test('newer operations of Logs, which do not model InvalidParameterException, say ValidationException', () => {
    expect(refusal(() => logs('PutDeliverySource', '{}')).code).toBe('ValidationException')
    expect(refusal(() => logs('CreateLogGroup', '{}')).code).toBe('InvalidParameterException')
    expect(
      refusal(() => readInput(identified('cloudtrail', 'CreateTrail'), HEAD, Buffer.from('{"EventName":1}'))).message,
    ).toContain("at 'name'")
  })

  test('a union needs exactly one member', () => {
    const put = (config: object): unknown =>
      logs(
        'PutIntegration',
        JSON.stringify({ integrationName: 'a', integrationType: 'OPENSEARCH', resourceConfig: config }),
      )
    expect(refusal(() => put({})).message).toBe("Exactly one member of a union must be set (at 'resourceConfig')")
  })
})

describe('JSON that AWS accepts', () => {
  test('no body is an empty structure', () => {
    expect(logs('DescribeLogGroups', '')).toEqual({})
  })

  test('unknown members, __type and __proto__ are dropped; null is as good as absent', () => {
    const input = logs(
      'DescribeLogGroups',
      '{"__type":"x","__proto__":{"a":1},"unknown":{"b":[{"c":1}]},"limit":null,"nextToken":"t"}',
    )
    expect(input).toEqual({ nextToken: 't' })
    expect(Object.getPrototypeOf(input)).toBe(Object.prototype)
    expect(refusal(() => logs('CreateLogGroup', '{"logGroupName":null}')).message).toContain(
      "Value null at 'logGroupName'",
    )
  })

  test("Java's largest long, which clients send for no end", () => {
    expect(logs('FilterLogEvents', '{"endTime":9223372036854775807}')).toEqual({ endTime: 2 ** 63 })
  })

  test('a gzipped body; not one that unfolds to more than it may', () => {
    const head = { ...HEAD, headers: { 'content-encoding': 'gzip' } }
    expect(logs('DescribeLogGroups', gzipSync('{"limit":5}'), head)).toEqual({ limit: 5 })
    expect(refusal(() => logs('DescribeLogGroups', gzipSync(Buffer.alloc(17 * 1024 * 1024)), head)).message).toContain(
      'unfolds to more',
    )
    expect(
      refusal(() => logs('DescribeLogGroups', '{}', { ...HEAD, headers: { 'content-encoding': 'br' } })).message,
    ).toContain('send gzip or none')
  })

  test('members in any order, again and again', () => {
    const events = [
      { timestamp: 1, message: 'a' },
      { message: 'b', timestamp: 2 },
      { extra: 1, message: 'c', timestamp: 3 },
      { timestamp: 4, message: 'd' },
    ]
    expect(logs('PutLogEvents', JSON.stringify({ logStreamName: 's', logEvents: events, logGroupName: 'g' }))).toEqual({
      logGroupName: 'g',
      logStreamName: 's',
      logEvents: events.map(({ timestamp, message }) => ({ timestamp, message })),
    })
  })
})

describe('Query', () => {
  test('lists by number, whatever their order; gaps close; unknown parameters are dropped', () => {
    expect(
      iam(
        'TagUser',
        'Action=TagUser&UserName=u&Tags.member.10.Key=b&Tags.member.10.Value=&Tags.member.2.Key=a&Tags.member.2.Value=x&Nope.1=y',
      ),
    ).toEqual({
      UserName: 'u',
      Tags: [
        { Key: 'a', Value: 'x' },
        { Key: 'b', Value: '' },
      ],
    })
    expect(iam('TagUser', 'UserName=u&Tags=')).toEqual({ UserName: 'u', Tags: [] })
  })

  test.each([
    [
      'broken percent-encoding',
      'UserName=%zz',
      'The query string is malformed: its percent-encoding is not valid UTF-8',
    ],
    ['a parameter twice', 'UserName=a&UserName=b', "The parameter was sent twice (at 'UserName')"],
    ['a list that is text', 'UserName=a&Tags=x', "Unexpected text: a list is expected (at 'tags')"],
    ['a list that ends early', 'UserName=a&Tags.member=x', "Unexpected list element termination (at 'tags')"],
    ['a list numbered from 0', 'UserName=a&Tags.member.0.Key=x', "A list is numbered from 1 on (at 'tags')"],
    [
      'a structure that is text',
      'UserName=a&Tags.member.1=x',
      "Unexpected text: a structure is expected (at 'tags.1.member')",
    ],
    [
      'a value that is a structure',
      'UserName.x=a',
      "Unexpected complex element: a single value is expected (at 'userName')",
    ],
    ['a name of too many parts', `${'a.'.repeat(40)}b=1`, 'A parameter is nested deeper than 32 levels'],
    ['too many parameters', 'a=1&'.repeat(10_001), 'The parameter was sent twice'],
  ])('%s is refused as MalformedInput', (_, form, message) => {
    const fault = refusal(() => iam('TagUser', form))
    expect(fault).toMatchObject({ code: 'MalformedInput', status: 400 })
    expect(fault.message).toContain(message)
  })

  test('more parameters than any input has', () => {
    const form = Array.from({ length: 10_001 }, (_, index) => `a${String(index)}=1`).join('&')
    expect(refusal(() => iam('TagUser', form)).message).toBe('The request has more than 10000 parameters')
  })

  test.each([
    ['MaxItems=ten', "Unexpected text: it can not be converted to an Integer (at 'maxItems')"],
    ['MaxItems=1.0', "Unexpected text: it can not be converted to an Integer (at 'maxItems')"],
    ['MaxItems=99999999999', "Unexpected text: it can not be converted to an Integer (at 'maxItems')"],
    ['OnlyAttached=yes', "Unexpected boolean: it must be true or false (at 'onlyAttached')"],
  ])('%s is refused', (form, message) => {
    expect(refusal(() => iam('ListPolicies', form))).toMatchObject({ code: 'MalformedInput', message })
  })

  test('constraints are a ValidationError, with the value unless it is secret', () => {
    expect(refusal(() => iam('CreateUser', `UserName=${'u'.repeat(65)}`))).toMatchObject({
      code: 'ValidationError',
      status: 400,
      message: `1 validation error detected: Value '${'u'.repeat(65)}' at 'userName' failed to satisfy constraint: Member must have length less than or equal to 64`,
    })
    expect(refusal(() => iam('CreateUser', '')).message).toBe(
      "1 validation error detected: Value null at 'userName' failed to satisfy constraint: Member must not be null",
    )
    const { message } = refusal(() => iam('CreateLoginProfile', `UserName=u&Password=${'p'.repeat(129)}`))
    expect(message).toContain(
      "Value at 'password' failed to satisfy constraint: Member must have length less than or equal to 128",
    )
  })

  test('an operation without input takes any form', () => {
    expect(iam('GetAccountSummary', 'Action=GetAccountSummary&Version=2010-05-08')).toEqual({})
  })
})

describe('REST', () => {
  test('labels and query parameters are decoded, the body is read by wire names', () => {
    expect(
      mq('CreateUser', '{"password":"p","groups":["a"],"consoleAccess":true,"username":"other"}', {
        'broker-id': 'b%2F1',
        username: 'ann',
      }),
    ).toEqual({
      BrokerId: 'b/1',
      Username: 'ann',
      Password: 'p',
      Groups: ['a'],
      ConsoleAccess: true,
    })
    expect(mq('ListBrokers', '', {}, '/v1/brokers?maxResults=7&nextToken=a%20b')).toEqual({
      MaxResults: 7,
      NextToken: 'a b',
    })
  })

  test('enum values pass in any case: MQ normalises them itself', () => {
    const input = {
      brokerName: 'n',
      deploymentMode: 'single_instance',
      engineType: 'ActiveMQ',
      hostInstanceType: 'mq.t3.micro',
      publiclyAccessible: false,
      storageType: 'efs',
    }
    expect(mq('CreateBroker', JSON.stringify(input))).toMatchObject({
      EngineType: 'ActiveMQ',
      DeploymentMode: 'single_instance',
      StorageType: 'efs',
    })
  })

  test.each([
    [
      'a wrong type',
      () => mq('CreateUser', '{"password":5}', { 'broker-id': 'b', username: 'u' }),
      'password',
      "NUMBER_VALUE can not be converted to a String (at 'password')",
    ],
    [
      'a missing member',
      () => mq('CreateUser', '{}', { 'broker-id': 'b', username: 'u' }),
      'password',
      "1 validation error detected: Value null at 'password' failed to satisfy constraint: Member must not be null",
    ],
    [
      'no body at all',
      () => mq('CreateUser', '', { 'broker-id': 'b', username: 'u' }),
      'password',
      "1 validation error detected: Value null at 'password' failed to satisfy constraint: Member must not be null",
    ],
    [
      'a query parameter twice',
      () => mq('ListBrokers', '', {}, '/?maxResults=1&maxResults=2'),
      'maxResults',
      "The query parameter was sent twice (at 'maxResults')",
    ],
    [
      'a query parameter out of range',
      () => mq('ListBrokers', '', {}, '/?maxResults=101'),
      'maxResults',
      "1 validation error detected: Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100",
    ],
    [
      'a label with broken encoding',
      () => mq('DescribeBroker', '', { 'broker-id': '%ff' }),
      'broker-id',
      "The path is malformed: its percent-encoding is not valid UTF-8 (at 'broker-id')",
    ],
    [
      'a nested wrong type',
      () => mq('CreateBroker', '{"users":[{"username":1}]}'),
      'users.1.member.username',
      "NUMBER_VALUE can not be converted to a String (at 'users.1.member.username')",
    ],
  ])('%s is a BadRequestException that names its attribute', (_, read, attribute, message) => {
    expect(refusal(read)).toEqual({
      code: 'BadRequestException',
      status: 400,
      message,
      members: { ErrorAttribute: attribute },
    })
  })
})
