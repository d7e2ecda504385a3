import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cloudtrailService } from '../../packages/server/src/services/cloudtrail/index.ts'
import { iamService } from '../../packages/server/src/services/iam/index.ts'
import { logsService } from '../../packages/server/src/services/logs/index.ts'
import { mqService } from '../../packages/server/src/services/mq/index.ts'
import { stsService } from '../../packages/server/src/services/sts/index.ts'
import { ROOT } from '../run.ts'
import { type ActionTable, PREFIXES, TABLE_FILE, committedTable, printTable, tableFromPackages } from './table.ts'

const table: ActionTable = committedTable()
const exists = (action: string): boolean => {
  const [prefix = '', name = ''] = action.split(':')
  const service = PREFIXES.find((known) => known === prefix)
  return service !== undefined && Object.hasOwn(table[service].actions, name)
}

/** Reads as text, as an empty list and as an object of itself, so that checks can be asked without real input. */
const anything: never = new Proxy(() => {}, {
  get: (_target, name): unknown => {
    if (name === 'then') return undefined
    if (name === Symbol.toPrimitive) return () => 'x'
    return name === Symbol.iterator ? () => [].values() : anything
  },
  apply: () => anything,
}) as never

const SAMPLES: Readonly<Record<string, unknown>> = {
  RoleArn: 'arn:aws:iam::111122223333:role/r',
  Url: 'https://token.example.com',
  Tags: [{ Key: 'k', Value: 'v' }],
  tags: {},
}
const input: object = new Proxy({}, { get: (_target, name) => SAMPLES[String(name)] ?? anything, ownKeys: () => [] })
const scope = {
  account: '111122223333',
  region: 'us-east-1',
  principal: { kind: 'user', account: '111122223333', userName: 'bob', userId: 'AIDABOB', arn: 'x', accessKeyId: 'x' },
}

interface AnyAccess {
  readonly checks: 'none' | ((input: object, scope: object) => Promise<readonly { readonly action: string }[]>)
}

const SERVICES = {
  cloudtrail: cloudtrailService(anything),
  iam: iamService(anything),
  logs: logsService(anything),
  mq: mqService(anything).service,
  sts: stsService(anything),
} as const

const BUILT = PREFIXES.flatMap((service) =>
  Object.entries(SERVICES[service].access as Readonly<Record<string, AnyAccess>>).map(([operation, access]) => ({
    service,
    operation,
    access,
  })),
)

test.each(BUILT)('$service $operation names actions that AWS knows', async ({ access }) => {
  const checks = access.checks === 'none' ? [] : await access.checks(input, scope)
  expect(checks.map(({ action }) => action).filter((action) => !exists(action))).toEqual([])
  expect(access.checks === 'none' || checks.length > 0).toBe(true)
})

/** Operations that AWS decides by an action of another name, or has no action for. */
const WITHOUT_OWN_ACTION: readonly string[] = [
  'cloudtrail:ListInsightsMetricData',
  'iam:UpdateDelegationRequest',
  'logs:GetLogObject',
]

test('every operation of our models has an action of its name, but for those that are listed', () => {
  const missing = PREFIXES.flatMap((service) => {
    const model = JSON.parse(readFileSync(join(ROOT, 'packages/wire/models', `${service}.json`), 'utf8')) as {
      readonly operations: object
    }
    return Object.keys(model.operations).flatMap((operation) =>
      exists(`${service}:${operation}`) ? [] : `${service}:${operation}`,
    )
  })
  expect(missing).toEqual(WITHOUT_OWN_ACTION)
})

test('the committed table is what the packages give', () => {
  expect(readFileSync(TABLE_FILE, 'utf8')).toBe(printTable(tableFromPackages()))
})

test('dependent actions are known', () => {
  expect(table.mq.actions['CreateBroker']?.dependent).toContain('iam:CreateServiceLinkedRole')
  expect(table.iam.actions['AddRoleToInstanceProfile']?.dependent).toEqual(['iam:PassRole'])
})
