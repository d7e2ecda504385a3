import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { RequestHead } from '../request.ts'
import { readSignature } from '../sigv4/claim.ts'
import type { SignatureClaim } from '../sigv4/signature-claim.ts'
import { verifyHead } from '../sigv4/verify.ts'
import { declaredPayload } from './declared.ts'
import { payloadPlan } from './plan.ts'
import { payloadStream } from './stream.ts'
import { drained, inPieces } from './testing/chunked-body.ts'
import { TARGET, faultOf } from './testing/s3-request.ts'

/** Requests to S3 as boto3 1.43 and the AWS CLI 1.45 make them, without headers that are not signed. */
interface Recorded extends RequestHead {
  readonly name: string
  readonly body: string
  /** The bucket in the host's name. */
  readonly bucket?: string
}
const recorded = JSON.parse(
  readFileSync(new URL('recorded-s3-requests.json', import.meta.url), 'utf8'),
) as readonly Recorded[]
const SECRET = 'recorded/secret+key'

/** What each body holds; those not named hold nothing. */
const CONTENT: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    recorded.flatMap(({ name }) => (/PutObject|put-object|UploadPart|cp$/.test(name) ? [[name, 'hello there']] : [])),
  ),
  'boto3 DeleteObjects':
    '<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>a</Key></Object></Delete>',
}

const momentOf = (claim: SignatureClaim): number => ('timestamp' in claim ? claim.timestamp : claim.expiresAt) - 1_000

async function received(request: Recorded, secret = SECRET): Promise<string> {
  const claim = readSignature(request, TARGET)
  expect(claim).toMatchObject({ accessKeyId: 'AKIARECORDED', signingName: 's3' })
  const payload = declaredPayload(request, claim, TARGET)
  const { bucket } = request
  const check = { claim, head: request, target: TARGET, secret, nowMillis: momentOf(claim) }
  const verified = verifyHead({ ...check, ...(bucket === undefined ? {} : { bucket }) }, payload)
  const source = inPieces(Buffer.from(request.body), [1, 5])
  return (await drained(payloadStream(payloadPlan(request, payload, verified), source))).content.toString()
}

test('the recording has what the clients do by themselves', () => {
  const forms = recorded.map((request) => {
    const { version, form } = readSignature(request, TARGET)
    return `${String(version)} ${form}`
  })
  expect([...new Set(forms)].toSorted()).toEqual(['2 header', '2 query', '4 header', '4 query'])
})

test.each(recorded)('$name: its signature verified, its body read', async (request) => {
  expect(await received(request)).toBe(CONTENT[request.name] ?? '')
})

test.each(recorded)('$name: refused with another secret, another path, another method', async (request) => {
  const refused = { code: 'SignatureDoesNotMatch', status: 403 }
  expect(await faultOf(() => received(request, `${SECRET}x`))).toMatchObject(refused)
  expect(await faultOf(() => received({ ...request, rawUrl: request.rawUrl.replace('/', '/x') }))).toMatchObject(
    refused,
  )
  expect(await faultOf(() => received({ ...request, method: 'PATCH' }))).toMatchObject(refused)
})

test('a session token is part of the claim, however it is signed', () => {
  const withToken = recorded.filter(({ name }) => name.includes('session token'))
  expect(withToken).toHaveLength(3)
  for (const request of withToken) expect(readSignature(request, TARGET).sessionToken).toBe('tok/en+==')
})
