import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { identify } from './identify.ts'
import type { RequestHead } from './request.ts'

const EMPTY = new Uint8Array()
const scope = (service: string): Record<string, string> => ({
  authorization: `AWS4-HMAC-SHA256 Credential=AKIA/20261121/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
})
const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
const request = (method: string, rawUrl: string, headers: RequestHead['headers'] = {}): RequestHead => ({
  method,
  rawUrl,
  headers,
})
const found = (service: string, operation: string, more: object = {}): object => ({
  kind: 'operation',
  operation: { service, operation, ...more },
})
const unknown = (code: string, status: number): object => ({ kind: 'unknown', fault: { code, status } })

describe('JSON', () => {
  test.each([
    ['Logs_20140328.PutLogEvents', found('logs', 'PutLogEvents', { protocol: 'aws-json-1.1' })],
    ['CloudTrail_20131101.LookupEvents', found('cloudtrail', 'LookupEvents')],
    ['com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents', found('cloudtrail', 'LookupEvents')],
    [
      'Logs_20140328.Nope',
      { ...unknown('UnknownOperationException', 404), target: { protocol: 'aws-json-1.1', service: 'logs' } },
    ],
    ['Logs_20140328.constructor', unknown('UnknownOperationException', 404)],
    [
      'Logs_19990101.PutLogEvents',
      { ...unknown('UnknownOperationException', 404), target: { protocol: 'aws-json-1.1' } },
    ],
    ['PutLogEvents', unknown('UnknownOperationException', 404)],
    ['', unknown('UnknownOperationException', 404)],
  ])('the target %s', (target, want) => {
    expect(identify(request('POST', '/', { 'x-amz-target': target }), EMPTY)).toMatchObject(want)
  })
})

describe('Query', () => {
  test.each([
    ['Action=GetUser&Version=2010-05-08', scope('iam'), found('iam', 'GetUser', { protocol: 'aws-query' })],
    ['Version=2011-06-15&Action=GetCallerIdentity', scope('sts'), found('sts', 'GetCallerIdentity')],
    // Unsigned operations have no scope to name their service.
    ['Action=AssumeRoleWithWebIdentity&Version=2011-06-15', {}, found('sts', 'AssumeRoleWithWebIdentity')],
    [
      'Action=GetUser&Version=2010-05-08',
      scope('sts'),
      { ...unknown('InvalidAction', 400), target: { protocol: 'aws-query', service: 'sts' } },
    ],
    ['Action=toString&Version=2010-05-08', scope('iam'), unknown('InvalidAction', 400)],
    ['Action=GetUser&Version=1999-01-01', {}, unknown('InvalidAction', 400)],
    ['Version=2010-05-08', scope('iam'), unknown('MissingAction', 400)],
    ['XAction=GetUser&Version=2010-05-08', scope('iam'), unknown('MissingAction', 400)],
  ])('the form %s', (form, headers, want) => {
    expect(identify(request('POST', '/', { ...FORM, ...headers }), Buffer.from(form))).toMatchObject(want)
  })

  test('a presigned GET carries its form in the URL', () => {
    const url =
      '/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Credential=AKIA%2F20261121%2Fus-east-1%2Fsts%2Faws4_request'
    expect(identify(request('GET', url), EMPTY)).toMatchObject(found('sts', 'GetCallerIdentity'))
  })

  test('the message names the action and version as AWS does, and cuts what is long', () => {
    const fault = (form: string): object =>
      identify(request('POST', '/', { ...FORM, ...scope('iam') }), Buffer.from(form))
    expect(fault('Action=Nope&Version=2010-05-08')).toMatchObject({
      fault: { message: 'Could not find operation Nope for version 2010-05-08' },
    })
    expect(fault('Action=Nope')).toMatchObject({
      fault: { message: 'Could not find operation Nope for version NO_VERSION_SPECIFIED' },
    })
    expect(JSON.stringify(fault(`Action=${'n'.repeat(5_000)}`)).length).toBeLessThan(400)
  })
})

describe('REST', () => {
  test.each([
    ['GET', '/v1/brokers', found('mq', 'ListBrokers', { protocol: 'rest-json-1', labels: {} })],
    ['GET', '/v1/brokers?maxResults=5', found('mq', 'ListBrokers')],
    ['POST', '/v1/brokers', found('mq', 'CreateBroker')],
    ['GET', '/v1/brokers/b-1', found('mq', 'DescribeBroker', { labels: { 'broker-id': 'b-1' } })],
    ['POST', '/v1/brokers/b-1/reboot', found('mq', 'RebootBroker')],
    [
      'GET',
      '/v1/brokers/b-1/users/a%2Fb',
      found('mq', 'DescribeUser', { labels: { 'broker-id': 'b-1', username: 'a%2Fb' } }),
    ],
    ['DELETE', '/v1/tags/arn%3Aaws%3Amq', found('mq', 'DeleteTags', { labels: { 'resource-arn': 'arn%3Aaws%3Amq' } })],
    [
      'PATCH',
      '/v1/brokers',
      { ...unknown('UnknownOperationException', 404), target: { protocol: 'rest-json-1', service: 'mq' } },
    ],
    ['GET', '/v1/brokers/', unknown('UnknownOperationException', 404)],
    ['GET', '/v1/brokers//users', unknown('UnknownOperationException', 404)],
    ['GET', '/', unknown('UnknownOperationException', 404)],
  ])('%s %s', (method, url, want) => {
    expect(identify(request(method, url, scope('mq')), EMPTY)).toMatchObject(want)
  })

  test('an absolute URL, as a proxy sends it, is cut to its path', () => {
    expect(identify(request('GET', 'http://mq.local:4566/v1/brokers?maxResults=5', scope('mq')), EMPTY)).toMatchObject(
      found('mq', 'ListBrokers'),
    )
  })

  test('an unsigned request is routed by its path; whatever no other service has is a bucket or an object', () => {
    expect(identify(request('GET', '/v1/brokers'), EMPTY)).toMatchObject(found('mq', 'ListBrokers'))
    expect(identify(request('GET', '/'), EMPTY)).toMatchObject(found('s3', 'ListBuckets'))
    expect(identify(request('GET', '/b/k'), EMPTY)).toMatchObject(found('s3', 'GetObject'))
    expect(identify(request('PATCH', '/b/k'), EMPTY)).toMatchObject(unknown('MissingAuthenticationTokenException', 403))
  })

  test('a service that is not offered is named', () => {
    expect(identify(request('GET', '/bucket', scope('glacier')), EMPTY)).toMatchObject({
      target: { protocol: 'rest-json-1' },
      fault: {
        code: 'UnknownOperationException',
        message: 'There is no operation GET /bucket in the service glacier.',
      },
    })
  })

  test('two services that are signed for alike are told apart by their paths', () => {
    expect(identify(request('GET', '/2021-01-01/opensearch/domain/d', scope('es')), EMPTY)).toMatchObject(
      found('opensearch', 'DescribeDomain'),
    )
    expect(identify(request('GET', '/2015-01-01/es/domain/d', scope('es')), EMPTY)).toMatchObject(
      found('es', 'DescribeElasticsearchDomain'),
    )
  })

  test('a form sent as an object to a service of REST alone is an object', () => {
    const form = { ...scope('s3'), 'content-type': 'application/x-www-form-urlencoded' }
    expect(identify(request('PUT', '/b/k', form), Buffer.from('Action=ListUsers&Version=2010-05-08'))).toMatchObject(
      found('s3', 'PutObject'),
    )
  })
})

describe('S3 addresses', () => {
  const at = (host: string, url: string, options = {}) =>
    identify({ ...request('GET', url, scope('s3')), headers: { ...scope('s3'), host } }, EMPTY, options)
  const object = found('s3', 'GetObject', { protocol: 'rest-xml', labels: { Bucket: 'b', Key: 'x/y' } })

  test.each([
    ['127.0.0.1:4566', '/b/x/y'],
    ['localhost:4566', '/b/x/y'],
    ['s3.localhost:4566', '/b/x/y'],
    ['s3.us-east-1.amazonaws.com', '/b/x/y'],
    ['b.s3.localhost:4566', '/x/y'],
    ['b.localhost', '/x/y'],
    ['b.s3.eu-west-1.amazonaws.com', '/x/y'],
    ['b.s3.dualstack.eu-west-1.amazonaws.com', '/x/y'],
    ['b.s3-eu-west-1.amazonaws.com', '/x/y'],
    ['B.S3.amazonaws.com', '/x/y'],
    ['b.s3.localhost.localstack.cloud:4566', '/x/y'],
  ])('%s %s is an object of a bucket', (host, url) => {
    expect(at(host, url)).toMatchObject(object)
  })

  test('a bucket with dots, and one below the configured host', () => {
    expect(at('my.logs.s3.amazonaws.com', '/x/y')).toMatchObject(
      found('s3', 'GetObject', { labels: { Bucket: 'my.logs', Key: 'x/y' } }),
    )
    expect(at('b.mq.example.org', '/x/y', { hosts: ['mq.example.org'] })).toMatchObject(object)
    expect(at('mq.example.org', '/b/x/y', { hosts: ['mq.example.org'] })).toMatchObject(object)
    expect(at('b.s3.eu-west-1.mq.example.org', '/x/y', { hosts: ['mq.example.org'] })).toMatchObject(object)
  })

  test('a bucket is a bucket with and without a slash; a key keeps every slash and dot it has', () => {
    for (const url of ['/b', '/b/', '/b?list-type=2', '/b/?list-type=2'])
      expect(at('localhost', url)).toMatchObject({ operation: { labels: { Bucket: 'b' } } })
    expect(at('b.localhost', '/')).toMatchObject(found('s3', 'ListObjects', { labels: { Bucket: 'b' } }))
    expect(at('localhost', '/b//x/./../y%2Fz/')).toMatchObject(
      found('s3', 'GetObject', { labels: { Bucket: 'b', Key: '/x/./../y%2Fz/' } }),
    )
  })

  test('a method that S3 has not is told so in its words', () => {
    expect(identify(request('PATCH', '/b/k', scope('s3')), EMPTY)).toMatchObject({
      target: { protocol: 'rest-xml', service: 's3' },
      fault: { code: 'MethodNotAllowed', status: 405 },
    })
  })
})

describe('CloudWatch in its three protocols', () => {
  const cbor = { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' }
  test('CBOR by its path', () => {
    const path = '/service/GraniteServiceVersion20100801/operation/PutMetricData'
    expect(identify(request('POST', path, { ...scope('monitoring'), ...cbor }), EMPTY)).toMatchObject(
      found('cloudwatch', 'PutMetricData', { protocol: 'rpc-v2-cbor' }),
    )
    expect(identify(request('POST', path.replace('Put', 'Pull'), cbor), EMPTY)).toMatchObject({
      target: { protocol: 'rpc-v2-cbor', service: 'cloudwatch' },
      fault: { code: 'UnknownOperationException' },
    })
    expect(identify(request('POST', '/service/X/operation/Y', cbor), EMPTY)).toMatchObject({
      target: { protocol: 'rpc-v2-cbor' },
      fault: { status: 404 },
    })
  })

  test('JSON 1.0 by its target, with the mode that asks for codes of Query', () => {
    const head = { 'x-amz-target': 'GraniteServiceVersion20100801.PutMetricData', 'x-amzn-query-mode': 'true' }
    expect(identify(request('POST', '/', { ...scope('monitoring'), ...head }), EMPTY)).toMatchObject(
      found('cloudwatch', 'PutMetricData', { protocol: 'aws-json-1.0', queryMode: true }),
    )
  })

  test('Query by its form, signed or by its version', () => {
    const type = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
    const form = Buffer.from('Action=PutMetricData&Version=2010-08-01')
    const wanted = found('cloudwatch', 'PutMetricData', { protocol: 'aws-query' })
    expect(identify(request('POST', '/', { ...scope('monitoring'), ...type }), form)).toMatchObject(wanted)
    expect(identify(request('POST', '/', type), form)).toMatchObject(wanted)
    const folded = { ...scope('monitoring'), ...type, 'content-encoding': 'gzip' }
    expect(identify(request('POST', '/', folded), gzipSync(form))).toMatchObject(wanted)
    expect(identify(request('POST', '/', folded), form)).toMatchObject(unknown('MissingAction', 400))
  })

  test("EC2's Query is a protocol of its own", () => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    const form = Buffer.from('Action=DescribeVpcs&Version=2016-11-15')
    expect(identify(request('POST', '/', { ...scope('ec2'), ...type }), form)).toMatchObject(
      found('ec2', 'DescribeVpcs', { protocol: 'ec2-query' }),
    )
  })
})

describe('REST, further', () => {
  test('a signed request for a JSON service without a target is answered in JSON', () => {
    expect(identify(request('POST', '/', scope('logs')), EMPTY)).toMatchObject({
      kind: 'unknown',
      target: { protocol: 'aws-json-1.1', service: 'logs' },
    })
  })
})
