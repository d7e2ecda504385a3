import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ServiceId, serviceModel } from '@sluice/wire'
import type { GatewayBench } from '../../../testkit/src/gateway-bench.ts'
import { type KmsBench, openKmsBench } from '../../../testkit/src/kms-bench.ts'
import { type LogsBench, openLogsBench } from '../../../testkit/src/logs-bench.ts'
import { memoryApiJournal } from '../../../testkit/src/memory-api-journal.ts'
import { type S3Bench, openS3Bench } from '../../../testkit/src/s3-bench.ts'
import { planted, textsAt } from '../../../testkit/src/planted-input.ts'
import { openAudit } from '#audit/audit.ts'
import { type LogFields, silentTelemetry } from '#kernel/telemetry.ts'
import { record } from '#gateway/record.ts'
import { ACCOUNT, contextOf, rootOf } from '#services/iam/test-bench.ts'
import { type Bench as MqBench, openBench as openMqBench } from '#services/mq/testing/bench.ts'

const SECRET = 'hunter2-Planted-Secret-0123456789'
const FORMS = [SECRET, Buffer.from(SECRET).toString('base64')]

/**
 * What the model calls sensitive and CloudTrail shows all the same: which key encrypts is no secret.
 * @source CloudTrail user guide and Amazon S3 user guide, sample records
 */
const SHOWN: ReadonlySet<string> = new Set([
  'SSEKMSKeyId',
  'SSEKMSEncryptionContext',
  'KMSMasterKeyID',
  'KMSKeyArn',
  'KMSKeyId',
  'KeyId',
])
let bench: GatewayBench
let s3: S3Bench
let logs: LogsBench
let kms: KmsBench
let mq: MqBench
beforeAll(async () => {
  logs = openLogsBench()
  kms = await openKmsBench()
  mq = openMqBench()
  s3 = await openS3Bench({ logs: logs.service, kms: kms.service, mq: mq.live().service })
  bench = s3.gateway
})
afterAll(async () => {
  await s3.close()
  await mq.close()
  await kms.close()
  await logs.close()
})

interface Built {
  readonly service: ServiceId
  readonly operation: string
}
const SERVICES: readonly ServiceId[] = ['iam', 'sts', 'kms', 'mq', 'logs', 'cloudtrail', 'cloudwatch', 's3']
const ALL: readonly Built[] = SERVICES.flatMap((service) =>
  serviceModel(service).operations.map((operation) => ({ service, operation })),
)
/** Built operations; those of the others are recorded without their parameters. */
const built = (): readonly Built[] => ALL.filter(({ service, operation }) => bench.registry.find(service, operation))

test('of no built operation a sensitive member is in its record, asked for or answered', async () => {
  const leaks: string[] = []
  let plantedOnes = 0
  for (const { service, operation } of built()) {
    const found = bench.registry.find(service, operation)
    const secrets = found?.secrets ?? []
    const input = planted(service, operation, 'input', SECRET, secrets, SHOWN)
    const output = planted(service, operation, 'output', SECRET, secrets, SHOWN)
    if (input.paths.length + output.paths.length === 0) continue
    plantedOnes += 1
    const journal = memoryApiJournal()
    const ctx = contextOf(rootOf(ACCOUNT))
    const management = found && { ...found, access: { ...found.access, category: 'management' as const } }
    const call = { operation: { service, operation }, ctx, built: management, fault: undefined, wouldBeDenied: [] }
    const safe = { ...call, input: input.value, output: output.value }
    await record(safe, bench.registry.services, openAudit(journal), silentTelemetry)
    const text = journal
      .events()
      .map((event) => event.record)
      .join()
    if (text === '' || FORMS.some((form) => text.includes(form))) leaks.push(`${service} ${operation}`)
  }
  expect(leaks).toEqual([])
  expect(plantedOnes).toBeGreaterThan(20)
})

describe('every built operation, called with planted secrets', () => {
  test('leaves them in no record, no log line and no file, whatever becomes of the call', async () => {
    const ctx = contextOf(rootOf(ACCOUNT), bench.iam.clock.now())
    const answered: string[] = []
    for (const { service, operation } of built()) {
      const secrets = bench.registry.find(service, operation)?.secrets ?? []
      const { value } = planted(service, operation, 'input', SECRET, secrets, SHOWN)
      const as = { kind: 'caller', ctx, via: 'config.amazonaws.com' } as const
      // As any service would: the names of operation and input are data here.
      const call = bench.gateway.call as unknown as (...parameters: readonly unknown[]) => Promise<object>
      const output = await call(as, service, operation, value).catch(() => ({}))
      const { paths } = planted(service, operation, 'output', SECRET, secrets, SHOWN)
      answered.push(...textsAt(output, paths).filter((text) => text.length >= 8))
    }
    const events = bench.journal.events()
    const showing = (text: string): readonly string[] =>
      events
        .filter((event) => event.record.includes(text))
        .map(({ eventName, eventSource }) => `${eventSource} ${eventName}`)
    expect([...FORMS, ...answered].flatMap(showing)).toEqual([])
    const lines = [...bench.errors, ...bench.warnings].map((fields: LogFields) => JSON.stringify(fields)).join()
    const written = [lines, bench.iam.written(), mq.written()]
    expect(written.map((text) => FORMS.some((form) => text.includes(form)))).toEqual([false, false, false])
    expect(bench.journal.events().length).toBeGreaterThan(200)
  }, 30_000)
})

describe("Amazon MQ's lists", () => {
  /** @source Amazon MQ developer guide, "Logging Amazon MQ API calls using AWS CloudTrail" */
  const WHOLE = ['CreateConfiguration', 'DeleteBroker', 'DeleteUser', 'RebootBroker', 'UpdateBroker']
  const RESPONSE_REDACTED = [
    'DescribeBroker',
    'DescribeConfiguration',
    'DescribeConfigurationRevision',
    'DescribeUser',
    'ListBrokers',
    'ListConfigurationRevisions',
    'ListConfigurations',
    'ListUsers',
  ]
  const HIDDEN = ['CreateBroker', 'CreateUser', 'UpdateConfiguration', 'UpdateUser']

  async function recordOf(operation: string): Promise<Readonly<Record<string, unknown>>> {
    const found = bench.registry.find('mq', operation)
    const journal = memoryApiJournal()
    const call = {
      operation: { service: 'mq' as const, operation },
      ctx: contextOf(rootOf(ACCOUNT)),
      built: found,
      input: planted('mq', operation, 'input', SECRET, ['password', 'data']).value,
      output: planted('mq', operation, 'output', SECRET, []).value,
      fault: undefined,
      wouldBeDenied: [],
    }
    await record(call, bench.registry.services, openAudit(journal), silentTelemetry)
    return JSON.parse(journal.events()[0]?.record ?? '{}') as Readonly<Record<string, unknown>>
  }

  test.each(WHOLE)('%s: request and response are logged', async (operation) => {
    const { requestParameters, responseElements } = await recordOf(operation)
    expect(requestParameters).not.toBeNull()
    const isEmpty = Object.keys(planted('mq', operation, 'output', SECRET, []).value).length === 0
    expect(responseElements === null).toBe(isEmpty)
  })

  test.each(RESPONSE_REDACTED)('%s: the request is logged, the response is not', async (operation) => {
    const { requestParameters, responseElements } = await recordOf(operation)
    const asked = Object.keys(planted('mq', operation, 'input', SECRET, []).value)
    expect(requestParameters === null).toBe(asked.length === 0)
    expect(responseElements).toBeNull()
  })

  test.each(HIDDEN)('%s: data and password are asterisks', async (operation) => {
    const text = JSON.stringify((await recordOf(operation))['requestParameters'])
    expect(text).toMatch(/"(?:data|password)":"\*\*\*"/)
    expect(text).not.toContain(SECRET)
  })
})
