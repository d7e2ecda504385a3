import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { encodeCbor } from './cbor/encode.ts'
import { CborTimestamp } from './cbor/timestamp.ts'
import { WireError } from './fault.ts'
import { identify } from './identify.ts'
import { readInput } from './read-input.ts'
import type { Identified, Protocol, RequestHead, ServiceId } from './request.ts'
import { writeFault } from './write-fault.ts'
import { writeOutput } from './write-output.ts'

const HEAD: RequestHead = {
  method: 'POST',
  rawUrl: '/',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
}

/** What a request is refused with, `CODE: message`; nothing when it is taken. */
function refusal(
  service: ServiceId,
  protocol: Protocol,
  operation: string,
  body: Uint8Array | string,
  more: Partial<Identified> & { readonly head?: Partial<RequestHead> } = {},
): string {
  const { head, ...identified } = more
  try {
    readInput({ service, protocol, operation, ...identified }, { ...HEAD, ...head }, Buffer.from(body as string))
    return ''
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    return `${error.code}: ${error.message}`
  }
}

describe('one rule in three protocols', () => {
  const datum = { MetricName: 'm', Value: 1 }
  const metrics = (changes: object, namespace: unknown = 'n'): object => ({
    Namespace: namespace,
    MetricData: [{ ...datum, ...changes }],
  })
  const form = (changes: Readonly<Record<string, string>>): string =>
    new URLSearchParams({
      Action: 'PutMetricData',
      Version: '2010-08-01',
      Namespace: 'n',
      'MetricData.member.1.MetricName': 'm',
      ...changes,
    }).toString()
  const at = (member: string): string => `MetricData.member.1.${member}`

  test.each<readonly [what: string, tree: object, form: string, says: string]>([
    ['a text that is too short', metrics({}, ''), form({ Namespace: '' }), 'length greater than or equal to 1'],
    [
      'a text that is too long',
      metrics({}, 'a'.repeat(256)),
      form({ Namespace: 'a'.repeat(256) }),
      'length less than or equal to 255',
    ],
    ['a pattern', metrics({}, ':a'), form({ Namespace: ':a' }), 'regular expression pattern: [^:].*'],
    ['an enum', metrics({ Unit: 'Parsec' }), form({ [at('Unit')]: 'Parsec' }), 'enum value set: [Seconds'],
    [
      'a number that is too small',
      metrics({ StorageResolution: 0 }),
      form({ [at('StorageResolution')]: '0' }),
      'value greater than or equal to 1',
    ],
    [
      'a number beyond its type',
      metrics({ StorageResolution: 2 ** 31 }),
      form({ [at('StorageResolution')]: String(2 ** 31) }),
      'can not be converted to an Integer',
    ],
    [
      'a member that is missing',
      { MetricData: [] },
      form({}).replace('Namespace=n&', ''),
      "Value null at 'namespace' failed to satisfy constraint: Member must not be null",
    ],
    [
      'a member that is missing in a list',
      metrics({ MetricName: undefined }),
      form({ [at('Value')]: '1' }).replace('MetricData.member.1.MetricName=m&', ''),
      "at 'metricData.1.member.metricName'",
    ],
  ])('%s', (_what, tree, text, says) => {
    expect(refusal('cloudwatch', 'aws-json-1.0', 'PutMetricData', JSON.stringify(tree))).toContain(says)
    expect(refusal('cloudwatch', 'rpc-v2-cbor', 'PutMetricData', encodeCbor(tree))).toContain(says)
    expect(refusal('cloudwatch', 'aws-query', 'PutMetricData', text)).toContain(says)
  })

  test('what is right is taken in each', () => {
    const tree = metrics({ Unit: 'Count', StorageResolution: 1 })
    expect(refusal('cloudwatch', 'aws-json-1.0', 'PutMetricData', JSON.stringify(tree))).toBe('')
    expect(refusal('cloudwatch', 'rpc-v2-cbor', 'PutMetricData', encodeCbor(tree))).toBe('')
    expect(refusal('cloudwatch', 'aws-query', 'PutMetricData', form({ [at('StorageResolution')]: '1' }))).toBe('')
  })

  test.each<readonly [what: string, changes: object]>([
    ['a number for a text', { MetricName: 7 }],
    ['a text for a number', { Value: '7' }],
    ['a text for a timestamp', { Timestamp: '2026' }],
    ['an object for a text', { MetricName: {} }],
    ['a text for a list', { Values: 'a' }],
    ['a list for a structure', { StatisticValues: [] }],
    ['null in a list', { Values: [null] }],
  ])('%s can not be read in JSON, nor in CBOR', (_what, changes) => {
    const tree = metrics(changes)
    expect(refusal('cloudwatch', 'aws-json-1.0', 'PutMetricData', JSON.stringify(tree))).toMatch(/^SerializationExc/)
    expect(refusal('cloudwatch', 'rpc-v2-cbor', 'PutMetricData', encodeCbor(tree))).toMatch(/^SerializationExc/)
  })

  test('booleans are booleans', () => {
    const alarm = { AlarmName: 'a', ActionsEnabled: 'true' }
    expect(refusal('cloudwatch', 'aws-json-1.0', 'PutMetricAlarm', JSON.stringify(alarm))).toContain('a Boolean')
    expect(refusal('cloudwatch', 'rpc-v2-cbor', 'PutMetricAlarm', encodeCbor(alarm))).toContain('a Boolean')
    expect(
      refusal('cloudwatch', 'aws-query', 'PutMetricAlarm', 'Action=PutMetricAlarm&AlarmName=a&ActionsEnabled=yes'),
    ).toContain('Unexpected boolean')
  })

  test('CBOR has timestamps and bytes of its own, which are nothing else', () => {
    const read = (changes: object): string =>
      refusal('cloudwatch', 'rpc-v2-cbor', 'PutMetricData', encodeCbor(metrics(changes)))
    expect(read({ Timestamp: new CborTimestamp(1) })).toBe('')
    expect(read({ Timestamp: 1 })).toContain('a Timestamp')
    expect(read({ StatisticValues: new Uint8Array() })).toContain('BYTES can not be converted to a structure')
    expect(read({ StatisticValues: new CborTimestamp(1) })).toContain('TIMESTAMP can not be converted to a structure')
  })
})

describe('forms', () => {
  const topic = (...pairs: readonly string[]): string =>
    refusal('sns', 'aws-query', 'CreateTopic', ['Action=CreateTopic', 'Name=t', ...pairs].join('&'))
  const attribute = (index: number, key: string): readonly string[] => [
    `Attributes.entry.${String(index)}.key=${key}`,
    `Attributes.entry.${String(index)}.value=v`,
  ]

  test('a map has each key once, and none that the language knows', () => {
    expect(topic(...attribute(1, 'a'), ...attribute(2, 'b'))).toBe('')
    expect(topic(...attribute(1, 'a'), ...attribute(2, 'a'))).toContain('A map can not have the same key twice')
    expect(topic(...attribute(1, '__proto__'))).toContain('A map can not have the key __proto__')
    expect(topic(...attribute(1, 'a').slice(1))).toContain('A map entry needs a key and a value')
  })

  test('a value has no members, and a structure no value', () => {
    expect(topic('Name.first=x')).toContain('Unexpected complex element')
    expect(topic('Tags.member.1=x', 'Tags.member.1.Key=k', 'Tags.member.1.Value=v')).toContain('Unexpected text')
  })
})

describe('XML', () => {
  const bucket = { labels: { Bucket: 'bucket', Key: 'k' } }
  test.each<readonly [what: string, operation: string, body: string, says: string]>([
    ['nothing wrong', 'DeleteObjects', '<Delete><Object><Key>k</Key></Object></Delete>', ''],
    [
      'an enum',
      'PutBucketVersioning',
      '<VersioningConfiguration><Status>On</Status></VersioningConfiguration>',
      "InvalidArgument: 1 validation error detected: Value 'On'",
    ],
    [
      'another root',
      'DeleteObjects',
      '<Remove><Object><Key>k</Key></Object></Remove>',
      'MalformedXML: The root element is not Delete',
    ],
    ['a member that is missing', 'DeleteObjects', '<Delete><Quiet>true</Quiet></Delete>', 'Member must not be null'],
    ['a member of an item that is missing', 'DeleteObjects', '<Delete><Object/></Delete>', 'Member must not be null'],
    [
      'an element twice',
      'DeleteObjects',
      '<Delete><Quiet>true</Quiet><Quiet>true</Quiet><Object><Key>k</Key></Object></Delete>',
      'MalformedXML: The element was sent twice',
    ],
    [
      'a text that is no boolean',
      'DeleteObjects',
      '<Delete><Quiet>maybe</Quiet><Object><Key>k</Key></Object></Delete>',
      'MalformedXML: Unexpected boolean',
    ],
    [
      'text in a structure',
      'DeleteObjects',
      '<Delete>text<Object><Key>k</Key></Object></Delete>',
      'MalformedXML: Unexpected text',
    ],
    [
      'elements in a text',
      'DeleteObjects',
      '<Delete><Object><Key><b/></Key></Object></Delete>',
      'MalformedXML: Unexpected element',
    ],
    [
      'a list twice',
      'PutBucketTagging',
      '<Tagging><TagSet/><TagSet/></Tagging>',
      'MalformedXML: The list was sent twice',
    ],
    [
      'another item in a list',
      'PutBucketTagging',
      '<Tagging><TagSet><Other/></TagSet></Tagging>',
      'MalformedXML: Unexpected element: the list holds elements named Tag',
    ],
    [
      'a key that is too short',
      'DeleteObjects',
      '<Delete><Object><Key></Key></Object></Delete>',
      'length greater than or equal to 1',
    ],
    [
      'a number that is none',
      'CompleteMultipartUpload',
      '<CompleteMultipartUpload><Part><PartNumber>x</PartNumber></Part></CompleteMultipartUpload>',
      'MalformedXML: Unexpected text: it can not be converted to an Integer',
    ],
  ])('%s', (_what, operation, body, says) => {
    const told = refusal('s3', 'rest-xml', operation, body, {
      ...bucket,
      head: { rawUrl: '/bucket/k?delete&uploadId=u', headers: {} },
    })
    if (says === '') expect(told).toBe('')
    else expect(told).toContain(says)
  })
})

test('what unfolds to more than sixteen megabytes is not unfolded', () => {
  const folded = gzipSync(Buffer.concat([Buffer.from('{"logGroupName":"g"}'), Buffer.alloc(17 * 1024 * 1024, ' ')]))
  const head = { headers: { 'content-encoding': 'gzip' } }
  expect(refusal('logs', 'aws-json-1.1', 'CreateLogGroup', folded, { head })).toContain('unfolds to more than')
})

test('failures beyond a hundred are not told, nor values beyond two thousand characters', () => {
  const many = { Namespace: 'n', MetricData: Array.from({ length: 150 }, () => ({})) }
  expect(refusal('cloudwatch', 'aws-json-1.0', 'PutMetricData', JSON.stringify(many))).toMatch(
    /^\w+: 100 validation err/,
  )
  const long = refusal(
    'cloudwatch',
    'aws-json-1.0',
    'PutMetricData',
    JSON.stringify({ Namespace: 'a'.repeat(9_000), MetricData: [] }),
  )
  expect(long.length).toBeLessThan(3_000)
  expect(long).toContain("aaa...'")
})

describe('REST', () => {
  test('a query parameter twice', () => {
    const head = { method: 'GET', rawUrl: '/v1/brokers?maxResults=5&maxResults=6', headers: {} }
    expect(refusal('mq', 'rest-json-1', 'ListBrokers', '', { head })).toContain('The query parameter was sent twice')
  })

  test('a bucket in the host is the one in the path, with or without a slash at its end', () => {
    const scope = 'AWS4-HMAC-SHA256 Credential=A/20261129/us-east-1/s3/aws4_request'
    const names = (host: string, rawUrl: string): unknown => {
      const found = identify({ method: 'GET', rawUrl, headers: { host, authorization: scope } }, new Uint8Array())
      return found.kind === 'operation' && [found.operation.operation, found.operation.labels]
    }
    const listed = ['ListObjects', { Bucket: 'bucket' }]
    expect(names('bucket.localhost:4566', '/')).toEqual(listed)
    expect(names('localhost:4566', '/bucket')).toEqual(listed)
    expect(names('localhost:4566', '/bucket/')).toEqual(listed)
    expect(names('bucket.localhost', '/a/b')).toEqual(['GetObject', { Bucket: 'bucket', Key: 'a/b' }])
  })

  test('status 204 has no body', () => {
    const write = (service: ServiceId, protocol: Protocol, operation: string) =>
      writeOutput({ service, protocol, operation }, {}, 'r')
    expect(write('mq', 'rest-json-1', 'CreateTags')).toMatchObject({ status: 204, body: '' })
    expect(write('s3', 'rest-xml', 'DeleteObject')).toMatchObject({ status: 204, body: '' })
  })
})

describe('faults', () => {
  const fault = { code: 'ResourceNotFound', status: 404, message: 'm' }

  test('carry the id of their request where clients look for it', () => {
    const ids = (service: ServiceId, protocol: Protocol): unknown => {
      const { headers } = writeFault({ service, protocol }, fault, 'the-id')
      return headers['x-amzn-requestid'] ?? headers['x-amz-request-id']
    }
    expect(ids('cloudwatch', 'aws-json-1.0')).toBe('the-id')
    expect(ids('cloudwatch', 'rpc-v2-cbor')).toBe('the-id')
    expect(ids('cloudwatch', 'aws-query')).toBe('the-id')
    expect(ids('mq', 'rest-json-1')).toBe('the-id')
    expect(ids('ec2', 'ec2-query')).toBe('the-id')
    expect(ids('s3', 'rest-xml')).toBe('the-id')
  })

  test('tell their code of the Query protocol to clients that ask for it, and to no others', () => {
    const header = (queryMode: boolean): unknown =>
      writeFault({ service: 'cloudwatch', protocol: 'aws-json-1.0', queryMode }, fault, 'r').headers[
        'x-amzn-query-error'
      ]
    expect(header(true)).toBe('ResourceNotFound;Sender')
    expect(header(false)).toBeUndefined()
  })
})
