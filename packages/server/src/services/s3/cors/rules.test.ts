import {
  PutBucketCorsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3'
import { describe, expect, test } from 'vitest'
import { ruleFor } from '#services/s3/cors/rules.ts'
import { useS3 } from '../../../../../testkit/src/s3-bench.ts'

const { bench, s3, Bucket } = useS3('orders')

describe('rules', () => {
  const rule = (AllowedOrigins: string[], AllowedHeaders: string[] = []) => [
    { AllowedMethods: ['GET'], AllowedOrigins, AllowedHeaders },
  ]
  test.each([
    ['https://a.example', ['https://a.example'], true],
    ['https://a.example', ['https://*.example'], true],
    ['https://a.example', ['*'], true],
    ['https://a.example', ['http://*'], false],
    ['https://a.example', ['https://a.example.org'], false],
    ['https://ab', ['https://ab*ab'], false],
    ['null', ['*'], true],
  ])('%s with %j: %s', (origin, origins, expected) => {
    expect(ruleFor(rule(origins), { origin, method: 'GET', headers: [] }) !== undefined).toBe(expected)
    expect(ruleFor(rule(origins), { origin, method: 'PUT', headers: [] })).toBeUndefined()
  })

  test('every header that is asked for must be allowed', () => {
    const asked = { origin: 'https://a', method: 'GET', headers: ['x-amz-date', 'authorization'] }
    expect(ruleFor(rule(['*'], ['X-Amz-*', 'Authorization']), asked)).toBeDefined()
    expect(ruleFor(rule(['*'], ['x-amz-*']), asked)).toBeUndefined()
    expect(ruleFor(rule(['*']), asked)).toBeUndefined()
  })
})

describe('pages of other origins', () => {
  const page = 'https://app.example.org'
  const ask = (path: string, init: RequestInit) => fetch(`${bench().url}${path}`, init)
  const preflight = (path: string, method: string, origin = page) =>
    ask(path, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'x-amz-date' },
    })
  const allow = (AllowedOrigins: string[]) =>
    s3().send(
      new PutBucketCorsCommand({
        Bucket,
        CORSConfiguration: {
          CORSRules: [
            {
              AllowedMethods: ['GET', 'PUT'],
              AllowedOrigins,
              AllowedHeaders: ['x-amz-*'],
              ExposeHeaders: ['ETag'],
              MaxAgeSeconds: 60,
            },
          ],
        },
      }),
    )

  test('get in where the bucket lets them, for what it says, and nowhere else', async () => {
    expect((await preflight(`/${Bucket}/k`, 'GET')).status).toBe(403)
    await allow([page])
    const answer = await preflight(`/${Bucket}/k`, 'PUT')
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': page,
      'access-control-allow-methods': 'GET, PUT',
      'access-control-allow-headers': 'x-amz-date',
      'access-control-max-age': '60',
    })
    expect((await preflight(`/${Bucket}/k`, 'DELETE')).status).toBe(403)
    expect((await preflight(`/${Bucket}/k`, 'PUT', 'https://evil.example')).status).toBe(403)
    expect((await preflight('/other/k', 'PUT')).status).toBe(403)
    expect((await preflight('/v1/brokers', 'GET')).status).toBe(403)
    expect((await preflight('/', 'GET')).status).toBe(403)
  })

  test('read the answer, with the headers that are exposed', async () => {
    await allow(['*'])
    await s3().send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: {} }))
    const Policy = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` },
    }
    await s3().send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(Policy) }))
    await s3().send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'hello' }))
    const answer = await ask(`/${Bucket}/k`, { headers: { origin: page } })
    expect(await answer.text()).toBe('hello')
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'ETag',
    })
    expect((await ask(`/${Bucket}/k`, { method: 'DELETE', headers: { origin: page } })).status).toBe(403)
  })
})
