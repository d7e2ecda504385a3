import { spawnSync } from 'node:child_process'
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { beforeAll, expect, test } from 'vitest'
import { type FaultTarget, identify, serviceModel, signRequest } from '@sluice/wire'
import { clients } from '@sluice/testkit/clients.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import { type RawAnswer, type RawRequest, rawConnection } from '@sluice/testkit/raw-http.ts'
import { type HostileRequest, capturedRequests } from '../../packages/wire/src/fuzz/hostile/captured.ts'
import { mutated } from '../../packages/wire/src/fuzz/hostile/mutations.ts'
import { seededRandom } from '../../packages/wire/src/fuzz/hostile/random.ts'
import { isSignersRefusal, toldBy } from '../../packages/wire/src/fuzz/hostile/verdict.ts'
import { isDataCall } from '../../tools/built-operations/built.ts'

/** How many mutated requests; see CONTRIBUTING.md. */
const REQUESTS = Number(process.env['HOSTILE_HTTP_REQUESTS'] ?? 20_000)
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_129)
const CONNECTIONS = 8
/** How many of the last calls are looked for in the audit trail, fifty a page. */
const AUDITED = 1_000
const MOST_PAGES = 60
/** What the process may hold more at the end than after a third of the requests; V8 collects when it likes to. */
const MOST_GROWTH_KILOBYTES = 160 * 1024
const PATIENCE_MILLIS = 120_000 + REQUESTS * 20

const platform = filePlatform()
let valid: readonly HostileRequest[]

beforeAll(async () => {
  valid = await capturedRequests(SEED, 1)
})

const residentKilobytes = (): number =>
  Number(spawnSync('ps', ['-o', 'rss=', '-p', String(platform.pid)], { encoding: 'utf8' }).stdout.trim())

/** A request as it would be signed by somebody who means it; mutated signatures stay as they are. */
function signed({ service, head, body }: HostileRequest, isSigned: boolean): RawRequest {
  const { host } = new URL(platform.url)
  const { 'content-length': _, host: __, ...headers } = defined(head.headers)
  if (isSigned) return { method: head.method, rawUrl: head.rawUrl, headers: { ...headers, host }, body }
  const { authorization: ___, 'x-amz-security-token': ____, ...unsigned } = headers
  return {
    method: head.method,
    rawUrl: head.rawUrl,
    body,
    headers: signRequest({
      method: head.method,
      url: `http://${host}${head.rawUrl}`,
      headers: unsigned,
      body,
      service: serviceModel(service).signingName,
      region: 'us-east-1',
      accessKeyId: 'test',
      secret: 'test',
    }),
  }
}

const defined = (headers: HostileRequest['head']['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))

/** What is refused before anybody asks who signed: bodies by their length. */
const BEFORE_SIGNATURES: ReadonlySet<string> = new Set(['RequestEntityTooLarge', 'RequestEntityTooLargeException'])

interface Judged {
  /** Whether the call must be in the audit trail. */
  readonly recorded: boolean
  readonly requestId: string | undefined
  /** The call and its error, for messages. */
  readonly what: string
}

/** What an answer may be: a success, or an error in the form of the protocol that the request asks in. */
function judge(request: RawRequest, answer: RawAnswer): Judged {
  const { status, headers, body } = answer
  const requestId = headers['x-amzn-requestid'] ?? headers['x-amz-request-id']
  if (status >= 500 && status !== 501) throw new Error(`status ${String(status)}: ${body.toString().slice(0, 300)}`)
  const identification = identify(request, request.body)
  const isNowhere = identification.kind === 'unknown'
  // A head that is refused before anybody looked for an operation is answered in plain text.
  if (status < 400 || headers['content-type']?.startsWith('text/plain') === true)
    return { recorded: false, requestId, what: '' }
  const target: FaultTarget = isNowhere ? identification.target : identification.operation
  if (request.method === 'HEAD') return { recorded: false, requestId, what: '' }
  const told = toldBy(target, { status, headers, body })
  const what = isNowhere
    ? ''
    : `${identification.operation.service} ${identification.operation.operation}: ${told.code}`
  const isExempt =
    isNowhere ||
    isUnsigned(request) ||
    isDataCall(identification.operation.service, identification.operation.operation) ||
    BEFORE_SIGNATURES.has(told.code)
  return { recorded: !isExempt && !isSignersRefusal(target.protocol, told), requestId, what }
}

/** What nobody signed belongs to the account it asks for, a role's for instance, whose trail this one does not see. */
const isUnsigned = ({ headers, rawUrl }: RawRequest): boolean =>
  headers['authorization'] === undefined && !/[?&](X-Amz-)?Signature=/i.test(rawUrl)

test(
  'thousands of wrong requests: a refusal in the form of the service each, on record, and nothing is kept',
  async () => {
    const random = seededRandom(SEED + 1)
    const recorded: (readonly [requestId: string, what: string])[] = []
    const statuses = new Map<number, number>()
    let settled = 0
    let run = 0
    const work = async (): Promise<void> => {
      const connection = rawConnection(platform.url)
      while (run < REQUESTS) {
        const mine = run++
        const original = valid[mine % valid.length] as HostileRequest
        const { name, request: wrong } = mutated(original, random)
        const request = signed(wrong, name.startsWith('signature'))
        try {
          const answer = await connection.send(request)
          const judged = judge(request, answer)
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
          if (judged.recorded && judged.requestId !== undefined) recorded.push([judged.requestId, judged.what])
        } catch (error) {
          throw new Error(`request ${String(mine)}, ${original.service} ${original.operation}, ${name}`, {
            cause: error,
          })
        }
        if (mine === Math.floor(REQUESTS / 3)) settled = residentKilobytes()
      }
      connection.close()
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, work))
    expect(residentKilobytes() - settled).toBeLessThan(MOST_GROWTH_KILOBYTES)
    expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([501])
    expect(recorded.length).toBeGreaterThan(REQUESTS / 5)
    // A refused read is recorded with the next group commit, which its answer does not wait for.
    await expect.poll(() => missingRecords(recorded.slice(-AUDITED)), { timeout: 20_000 }).toEqual([])
    expect(platform.output()).not.toContain('internal_error')
  },
  PATIENCE_MILLIS,
)

/** Those of `calls` that the audit trail does not have. */
async function missingRecords(
  calls: readonly (readonly [requestId: string, what: string])[],
): Promise<readonly string[]> {
  const { cloudtrail } = clients(platform.url)
  const missing = new Map(calls)
  let token: string | undefined
  for (let page = 0; page < MOST_PAGES && missing.size > 0; page++) {
    const { Events = [], NextToken } = await cloudtrail.send(
      new LookupEventsCommand({ MaxResults: 50, ...(token === undefined ? {} : { NextToken: token }) }),
    )
    for (const { CloudTrailEvent = '{}' } of Events)
      missing.delete((JSON.parse(CloudTrailEvent) as { readonly requestID: string }).requestID)
    if (NextToken === undefined) break
    token = NextToken
  }
  return [...missing.values()]
}
