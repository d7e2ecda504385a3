import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { operationActions } from '../../packages/server/src/kernel/operation-actions.ts'
import { servicesOver } from '../built-operations/built.ts'
import { ACTION_RESOURCES_FILE, printActionResources } from './action-resources.ts'
import { exists, fits } from './asked.ts'
import { type ActionTable, TABLE_FILE, committedTable, printTable, tableFromPackages } from './table.ts'

const table: ActionTable = committedTable()
/** Reads as text, as an empty list and as an object of itself, so that checks can be asked without real input. */
const anything: never = new Proxy(() => {}, {
  get: (_target, name): unknown => {
    if (name === 'then') return undefined
    if (name === 'path') return '/'
    if (name === Symbol.toPrimitive) return () => 'x'
    return name === Symbol.iterator ? () => [].values() : anything
  },
  apply: () => anything,
}) as never

const SAMPLES: Readonly<Record<string, unknown>> = {
  RoleArn: 'arn:aws:iam::111122223333:role/r',
  roleArn: 'arn:aws:iam::111122223333:role/r',
  Url: 'https://token.example.com',
  PolicyArn: 'arn:aws:iam::111122223333:policy/p',
  PolicySourceArn: 'arn:aws:iam::111122223333:user/u',
  Arn: 'arn:aws:iam::111122223333:user/u',
  OpenIDConnectProviderArn: 'arn:aws:iam::111122223333:oidc-provider/token.example.com',
  SAMLProviderArn: 'arn:aws:iam::111122223333:saml-provider/Office',
  SerialNumber: 'arn:aws:iam::111122223333:mfa/m',
  resourceArn: 'arn:aws:logs:us-east-1:111122223333:log-group:g',
  deliveryDestinationArn: 'arn:aws:logs:us-east-1:111122223333:delivery-destination:d',
  logGroupIdentifiers: ['arn:aws:logs:us-east-1:111122223333:log-group:g'],
  ResourceArn: 'arn:aws:mq:us-east-1:111122223333:broker:b:b-1',
  Name: 'audit',
  TrailName: 'audit',
  ResourceId: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/audit',
  ResourceIdList: ['arn:aws:cloudtrail:us-east-1:111122223333:trail/audit'],
  TagsList: [{ Key: 'k' }],
  Path: '/',
  NewPath: '/',
  PathPrefix: '/',
  Tags: [{ Key: 'k', Value: 'v' }],
  tags: {},
}
/** Of members that mean something else in one service. */
const SAMPLES_OF: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  cloudtrail: {
    ResourceArn: 'arn:aws:cloudtrail:us-east-1:111122223333:channel/11111111-2222-3333-4444-555555555555',
    InsightSource: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/audit',
  },
  cloudwatch: {
    AlarmNames: ['busy', 'silent'],
    ResourceARN: 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:busy',
  },
}
const inputOf = (service: string): object => {
  const samples = { ...SAMPLES, ...SAMPLES_OF[service] }
  return new Proxy({}, { get: (_target, name) => samples[String(name)] ?? anything, ownKeys: () => [] })
}
const scope = {
  account: '111122223333',
  region: 'us-east-1',
  principal: { kind: 'user', account: '111122223333', userName: 'bob', userId: 'AIDABOB', arn: 'x', accessKeyId: 'x' },
}

interface AnyAccess {
  readonly checks:
    | 'none'
    | ((input: object, scope: object) => Promise<readonly { readonly action: string; readonly resource: string }[]>)
}

const SERVICES = servicesOver(anything)

/** Services whose checks need what is really there; each has a test of its own beside this one. */
const ASKED_FOR_REAL: ReadonlySet<string> = new Set(['kms', 's3'])
const asked = (Object.keys(SERVICES) as (keyof typeof SERVICES)[]).filter((service) => !ASKED_FOR_REAL.has(service))

const BUILT = asked.flatMap((service) =>
  Object.entries(SERVICES[service].access as Readonly<Record<string, AnyAccess>>).map(([operation, access]) => ({
    service,
    operation,
    access,
  })),
)

test.each(BUILT)('$service $operation names actions that AWS knows', async ({ service, access }) => {
  const checks = access.checks === 'none' ? [] : await access.checks(inputOf(service), scope)
  expect(checks.map(({ action }) => action).filter((action) => !exists(action))).toEqual([])
  expect(access.checks === 'none' || checks.length > 0).toBe(true)
})

/** Actions that AWS's list has without a resource, or with others, and that recorded denials and the user guide have so. */
const ASKED_OTHERWISE: ReadonlySet<string> = new Set([
  // On the path that is asked for.
  ...['iam:ListGroups', 'iam:ListInstanceProfiles', 'iam:ListPolicies', 'iam:ListRoles', 'iam:ListUsers'],
  'iam:ListServerCertificates',
  // Policies of an account as well as of a log group.
  ...['logs:DeleteResourcePolicy', 'logs:DescribeResourcePolicies', 'logs:PutResourcePolicy'],
  // AWS's list has it on delivery destinations, next to which it stands there; it deletes a source.
  'logs:DeleteDeliverySource',
  // On a dataset, of which there are none here; metrics have no ARN, and policies about them say `*`.
  ...['cloudwatch:GetMetricData', 'cloudwatch:ListMetrics', 'cloudwatch:PutMetricData'],
  // Of GetFederationToken, on the federated user.
  'sts:TagSession',
])

test.each(BUILT)('$service $operation asks what the reference says, on resources of the right kind', async (built) => {
  const { service, operation, access } = built
  if (access.checks === 'none') return
  const checks = await access.checks(inputOf(service), scope)
  const needs = operationActions()[service]?.[operation] ?? []
  expect(checks.map(({ action }) => action)).toEqual(expect.arrayContaining(needs.map(([action]) => action)))
  const odd = checks.filter(({ action, resource }) => !fits(action, resource) && !ASKED_OTHERWISE.has(action))
  expect(odd.map(({ action, resource }) => `${action} ${resource}`)).toEqual([])
})

test('the committed table is what the packages give', () => {
  expect(readFileSync(TABLE_FILE, 'utf8')).toBe(printTable(tableFromPackages()))
  expect(readFileSync(ACTION_RESOURCES_FILE, 'utf8')).toBe(printActionResources(table))
})

test('dependent actions are known', () => {
  expect(table.mq.actions['CreateBroker']?.dependent).toContain('iam:CreateServiceLinkedRole')
  expect(table.iam.actions['AddRoleToInstanceProfile']?.dependent).toEqual(['iam:PassRole'])
})
