import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { type BotoOutcome, boto3 } from '@sluice/testkit/boto3.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import { BUILT, HEADS, PRESIGNED, REFUSED, UNBUILT } from './boto3-cases.ts'

const SCRIPT = fileURLToPath(new URL('boto3-calls.py', import.meta.url))
const platform = filePlatform()
let outcomes: ReadonlyMap<string, BotoOutcome>

beforeAll(async () => {
  const { port } = new URL(platform.url)
  const calls = [...BUILT, ...UNBUILT, ...REFUSED, ...PRESIGNED, ...HEADS].map((call) =>
    call.endpoint === undefined ? call : { ...call, endpoint: `http://${call.endpoint}:${port}` },
  )
  outcomes = await boto3(SCRIPT, platform.url, calls)
})

function outcomeOf(name: string): BotoOutcome {
  const outcome = outcomes.get(name)
  if (outcome === undefined) throw new Error(`boto3 was not told to call ${name}`)
  return outcome
}

describe('what is built answers boto3', () => {
  test.each(BUILT)('$name', ({ name, answers }) => {
    const { answer, error } = outcomeOf(name)
    expect(error).toBeUndefined()
    expect(answer).toMatchObject(answers)
    expect(answer).toMatchObject({
      ResponseMetadata: { HTTPStatusCode: 200, RequestId: expect.stringMatching(/^[\da-f-]{36}$/) as unknown },
    })
  })

  test('a large PutMetricData comes compressed, as JSON 1.0', () => {
    expect(outcomeOf('CloudWatch: many metrics, compressed').sent?.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': 'application/x-amz-json-1.0',
    })
  })

  test('a bucket in the host is sent as one', () => {
    expect(outcomeOf('S3: a bucket in the host').sent?.url).toContain('//bucket.localhost:')
  })
})

describe('what is not built says so', () => {
  test.each(UNBUILT)('$name', ({ name, type, sent }) => {
    const outcome = outcomeOf(name)
    expect(outcome.error).toMatchObject({
      Error: { Code: 'NotImplemented', Message: expect.stringContaining('is not built') as unknown },
      ResponseMetadata: { HTTPStatusCode: 501, RequestId: expect.stringMatching(/^[\da-f-]{36}$/) as unknown },
    })
    if (type !== undefined) expect(outcome.sent?.headers['content-type']).toBe(type)
    expect(outcome.sent?.headers).toMatchObject(sent ?? {})
  })
})

describe('errors keep their code and text', () => {
  test.each(REFUSED)('$name: $code', ({ name, code, status, says, as, members }) => {
    const outcome = outcomeOf(name)
    expect(outcome.answer).toBeUndefined()
    expect(outcome.error).toMatchObject({
      Error: { Code: code, Message: expect.stringContaining(says) as unknown },
      ResponseMetadata: { HTTPStatusCode: status },
      ...members,
    })
    if (as !== undefined) expect(outcome.class).toBe(as)
  })
})

test('an answer to HEAD has its status', () => {
  expect(outcomeOf('head of no object').error).toMatchObject({ ResponseMetadata: { HTTPStatusCode: 404 } })
  expect(outcomeOf('head of a bucket, wrong secret').error).toMatchObject({
    Error: { Code: '403' },
    ResponseMetadata: { HTTPStatusCode: 403 },
  })
})

describe('presigned URLs', () => {
  const open = async (name: string): Promise<readonly [status: number, text: string]> => {
    const response = await fetch(outcomeOf(name).url ?? '')
    return [response.status, await response.text()]
  }

  test('of version 4 are verified', async () => {
    expect(outcomeOf('presigned, version 4').url).toContain('X-Amz-Signature=')
    expect(await open('presigned, version 4')).toEqual([200, 'content'])
    const forged = (outcomeOf('presigned, version 4').url ?? '').replace('a%20key', 'another')
    expect(await (await fetch(forged)).text()).toContain('<Code>SignatureDoesNotMatch</Code>')
  })

  test('of version 2, which boto3 makes for endpoints of its users, are verified', async () => {
    const { url = '' } = outcomeOf('presigned, as by default')
    expect(url).toContain('AWSAccessKeyId=test')
    expect(await open('presigned, as by default')).toEqual([200, 'content'])
    expect(await (await fetch(url.replace('a%20key', 'another'))).text()).toContain(
      '<Code>SignatureDoesNotMatch</Code>',
    )
  })
})
