import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Call, CallContext } from '#kernel/call.ts'
import { keySealer } from '#kernel/secrets.ts'
import { ldapPasswordContext, passwordContext } from '#services/mq/broker-record.ts'
import {
  type Bench,
  type Life,
  ACCOUNT,
  KEY,
  REGION,
  create,
  newBroker,
  openBench,
  run,
} from '#services/mq/testing/bench.ts'
import { type GatewayBench, allow, openGatewayBench, policy } from '../../../../testkit/src/gateway-bench.ts'
import { type KmsBench, openKmsBench } from '../../../../testkit/src/kms-bench.ts'

/** Amazon MQ on fake brokers, with real keys behind the real gate. */
let bench: Bench
let kms: KmsBench
let gate: GatewayBench
let life: Life
let call: Call
let owner: CallContext

const HERE = { region: REGION }
const PASSWORD = 'correct horse battery'
const MAY = ['kms:DescribeKey', 'kms:CreateGrant'] as const

const caller = async (name: string, ...actions: readonly string[]): Promise<CallContext> => {
  const { principal } = await gate.user(name, policy({ ...allow('kms:x'), Action: actions }))
  return { ...bench.contextOf(principal), call }
}
const newKey = async (): Promise<string> => (await kms.key({}, HERE)).Arn
const keyed = (kmsKeyId: string) => ({ EncryptionOptions: { UseAwsOwnedKey: false, KmsKeyId: kmsKeyId } })
const running = async (kmsKeyId: string): Promise<string> => {
  const brokerId = await create(life, owner, keyed(kmsKeyId))
  await bench.untilState(brokerId, 'RUNNING')
  return brokerId
}
/** Makes the reconciler look at the broker again, as the passing of five minutes does. */
const lookAgain = (brokerId: string) =>
  bench.store.change({ account: ACCOUNT, region: REGION, brokerId }, (record) => ({ ...record }))
const problemOf = async (brokerId: string) => {
  const { BrokerState, ActionsRequired } = await run(life, 'DescribeBroker', { BrokerId: brokerId }, owner)
  return [BrokerState, ActionsRequired?.map(({ ActionRequiredCode }) => ActionRequiredCode)]
}
const grants = async (keyArn: string) => (await kms.call('ListGrants', { KeyId: keyArn }, HERE)).Grants ?? []

beforeEach(async () => {
  bench = openBench()
  kms = await openKmsBench()
  gate = openGatewayBench({ kms: kms.service })
  const route = (...parameters: Parameters<Call>): unknown =>
    parameters[1] === 'kms' ? gate.gateway.call(...parameters) : bench.logs.call(...parameters)
  call = route as Call
  life = bench.live({ call })
  await life.reconciler.start()
  owner = await caller('owner', ...MAY)
})
afterEach(async () => {
  await bench.close()
  await gate.close()
  await kms.close()
})

test('a broker with a key starts with passwords that only KMS can open, through a grant for this broker alone', async () => {
  const key = await newKey()
  const brokerId = await running(key)
  expect(bench.world.starts[0]?.users).toMatchObject([{ username: 'admin', password: PASSWORD }])
  const described = await run(life, 'DescribeBroker', { BrokerId: brokerId }, owner)
  expect(described.EncryptionOptions).toEqual({ UseAwsOwnedKey: false, KmsKeyId: key })
  expect(await grants(key)).toMatchObject([
    {
      GranteeServicePrincipal: 'mq.amazonaws.com',
      Operations: ['Decrypt', 'GenerateDataKeyWithoutPlaintext', 'DescribeKey'],
      Constraints: { SourceArn: described.BrokerArn, EncryptionContextEquals: { 'aws:mq:arn': described.BrokerArn } },
    },
  ])
  // A user that comes later is sealed the same way, and known after the reboot.
  await run(life, 'CreateUser', { BrokerId: brokerId, Username: 'later', Password: 'another long password' }, owner)
  await run(life, 'UpdateUser', { BrokerId: brokerId, Username: 'admin', Password: 'a changed password 1' }, owner)
  await run(life, 'RebootBroker', { BrokerId: brokerId }, owner)
  await bench.until(brokerId, () => bench.world.starts.length === 2)
  expect(bench.world.starts[1]?.users.map(({ password }) => password)).toEqual([
    'a changed password 1',
    'another long password',
  ])
  expect(bench.written()).not.toContain(PASSWORD)
  // The platform's own key opens the outer seal only.
  const [user] = (await bench.read(brokerId))?.desired.users ?? []
  const outer = keySealer(KEY).open(user?.sealedPassword ?? '', passwordContext(brokerId, 'admin'))
  expect(outer).not.toContain('a changed password 1')
})

test('the password of an LDAP service account is sealed the same way, at creation and later', async () => {
  const directory = (ServiceAccountPassword: string) => ({
    Hosts: ['ldap.example.com'],
    ServiceAccountUsername: 'cn=broker',
    ServiceAccountPassword,
    UserBase: 'ou=people',
    UserSearchMatching: '(uid={0})',
    RoleBase: 'ou=groups',
    RoleSearchMatching: '(member={0})',
  })
  const ldap = { AuthenticationStrategy: 'LDAP', LdapServerMetadata: directory('the first of the service') }
  const brokerId = await create(life, owner, { ...keyed(await newKey()), ...ldap })
  await bench.untilState(brokerId, 'RUNNING')
  const second = { BrokerId: brokerId, LdapServerMetadata: directory('the second of the service') }
  await run(life, 'UpdateBroker', second, owner)
  await run(life, 'RebootBroker', { BrokerId: brokerId }, owner)
  await bench.until(brokerId, () => bench.world.starts.length === 2)
  expect(bench.world.starts.map(({ ldap: told }) => told?.serviceAccountPassword)).toEqual([
    'the first of the service',
    'the second of the service',
  ])
  const sealed = (await bench.read(brokerId))?.desired.ldap?.sealedPassword ?? ''
  expect(keySealer(KEY).open(sealed, ldapPasswordContext(brokerId))).not.toContain('of the service')
  expect(bench.written()).not.toContain('of the service')
})

test('the calls of a broker are on record: two as its creator through Amazon MQ, the others as Amazon MQ itself', async () => {
  await running(await newKey())
  const calls = gate
    .records()
    .filter(({ eventSource, eventName }) => eventSource === 'kms.amazonaws.com' && eventName !== 'Decrypt')
    .map(({ eventName, userIdentity }) => [eventName, userIdentity])
  const byOwner = expect.objectContaining({ type: 'IAMUser', userName: 'owner', invokedBy: 'mq.amazonaws.com' })
  expect(calls).toEqual([
    ['DescribeKey', byOwner],
    ['CreateGrant', byOwner],
    ['GenerateDataKeyWithoutPlaintext', { type: 'AWSService', invokedBy: 'mq.amazonaws.com' }],
  ])
})

test('who may not make the grant gets no broker, no log group and leaves no grant', async () => {
  const key = await newKey()
  const stranger = await caller('stranger', 'kms:DescribeKey')
  const refused = run(life, 'CreateBroker', newBroker({ ...keyed(key), Logs: { General: true } }), stranger)
  await expect(refused).rejects.toMatchObject({
    code: 'ForbiddenException',
    status: 403,
    message: expect.stringContaining('kms:CreateGrant'),
  })
  await kms.call('DisableKey', { KeyId: key }, HERE)
  for (const keyId of [key, `${key}0`, 'alias/none']) {
    await expect(create(life, owner, keyed(keyId))).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:BadRequest|Forbidden)Exception$/),
    })
  }
  expect((await run(life, 'ListBrokers', {}, owner)).BrokerSummaries).toEqual([])
  expect([...bench.logs.groups]).toEqual([])
  expect(await grants(key)).toEqual([])
})

test('the key of the service serves who names none', async () => {
  const brokerId = await create(life, owner, { EncryptionOptions: { UseAwsOwnedKey: false } })
  const record = await bench.untilState(brokerId, 'RUNNING')
  const { Aliases } = await kms.call('ListAliases', {}, HERE)
  const managed = Aliases?.find(({ AliasName }) => AliasName === 'alias/aws/mq')
  expect(record?.encryptionKey?.keyArn.endsWith(`/${String(managed?.TargetKeyId)}`)).toBe(true)
})

test('a broker whose key is disabled is degraded: it runs on, is not rebooted or started, and recovers', async () => {
  const key = await newKey()
  const brokerId = await running(key)
  await kms.call('DisableKey', { KeyId: key }, HERE)
  await lookAgain(brokerId)
  await bench.untilState(brokerId, 'CRITICAL_ACTION_REQUIRED')
  expect(await problemOf(brokerId)).toEqual(['CRITICAL_ACTION_REQUIRED', ['INVALID_KMS_KEY']])
  expect(bench.world.processes.size).toBe(1)
  await expect(run(life, 'RebootBroker', { BrokerId: brokerId }, owner)).rejects.toMatchObject({
    code: 'BadRequestException',
    message: expect.stringMatching(/can't be rebooted.*is disabled/s),
  })
  const change = { BrokerId: brokerId, Username: 'admin', Password: 'a changed password 1' }
  await expect(run(life, 'UpdateUser', change, owner)).rejects.toMatchObject({ code: 'BadRequestException' })
  // Its process ends: without the key nothing starts it again.
  const [process = ''] = bench.world.processes.keys()
  bench.world.end(process, { code: 1, signal: null, lastOutput: '' })
  await lookAgain(brokerId)
  await bench.until(brokerId, (record) => record?.problem?.kind === 'key-unusable')
  expect(bench.world.starts).toHaveLength(1)
  await kms.call('EnableKey', { KeyId: key }, HERE)
  await lookAgain(brokerId)
  await bench.untilState(brokerId, 'RUNNING')
  expect(bench.world.starts).toHaveLength(2)
  expect(await problemOf(brokerId)).toEqual(['RUNNING', []])
})

test('a reboot that began as the key was disabled stops nothing, and what waits for it goes on waiting', async () => {
  const key = await newKey()
  const brokerId = await running(key)
  await run(life, 'UpdateBroker', { BrokerId: brokerId, Logs: { General: true } }, owner)
  await kms.call('DisableKey', { KeyId: key }, HERE)
  const ref = { account: ACCOUNT, region: REGION, brokerId }
  await bench.store.change(ref, (record) => ({ ...record, state: 'REBOOT_IN_PROGRESS' }))
  await bench.until(brokerId, (record) => record?.problem?.kind === 'key-unusable')
  expect(await problemOf(brokerId)).toEqual(['CRITICAL_ACTION_REQUIRED', ['INVALID_KMS_KEY']])
  expect(bench.world.starts).toHaveLength(1)
  expect(bench.world.processes.size).toBe(1)
  await kms.call('EnableKey', { KeyId: key }, HERE)
  await lookAgain(brokerId)
  await bench.untilState(brokerId, 'RUNNING')
  expect((await run(life, 'DescribeBroker', { BrokerId: brokerId }, owner)).Logs?.Pending?.General).toBe(true)
})

test('a revoked grant degrades a broker, and a restarted platform does not start it', async () => {
  const key = await newKey()
  const brokerId = await running(key)
  const [grant] = await grants(key)
  await kms.call('RevokeGrant', { KeyId: key, GrantId: grant?.GrantId ?? '' }, HERE)
  await life.reconciler.close()
  life = bench.live({ call })
  await life.reconciler.start()
  await bench.untilState(brokerId, 'CRITICAL_ACTION_REQUIRED')
  expect(bench.world.starts).toHaveLength(1)
  await run(life, 'DeleteBroker', { BrokerId: brokerId }, owner)
  await bench.untilGone(brokerId)
})

test('a deleted broker gives its grant back', async () => {
  const key = await newKey()
  const brokerId = await running(key)
  await run(life, 'DeleteBroker', { BrokerId: brokerId }, owner)
  await bench.untilGone(brokerId)
  expect(await grants(key)).toEqual([])
})
