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

  test('an unsigned request is routed by its path, and refused as unsigned when no path fits', () => {
    expect(identify(request('GET', '/v1/brokers'), EMPTY)).toMatchObject(found('mq', 'ListBrokers'))
    expect(identify(request('GET', '/'), EMPTY)).toMatchObject(unknown('MissingAuthenticationTokenException', 403))
  })

  test('a service that is not offered is named', () => {
    expect(identify(request('GET', '/bucket', scope('s3')), EMPTY)).toMatchObject({
      target: { protocol: 'rest-json-1' },
      fault: { code: 'UnknownOperationException', message: 'There is no operation GET /bucket in the service s3.' },
    })
  })

  test('a signed request for a JSON service without a target is answered in JSON', () => {
    expect(identify(request('POST', '/', scope('logs')), EMPTY)).toMatchObject({
      kind: 'unknown',
      target: { protocol: 'aws-json-1.1', service: 'logs' },
    })
  })
})
