import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bench, type Life, create, openBench, run } from '#services/mq/testing/bench.ts'

// The states that the waiters of Terraform's aws_mq_broker take for "not yet"; any other one but the target fails the run.
const CREATE = { pending: ['CREATION_IN_PROGRESS', 'REBOOT_IN_PROGRESS'], target: 'RUNNING' }
const REBOOT = { pending: ['REBOOT_IN_PROGRESS'], target: 'RUNNING' }
const DELETE = { pending: ['CREATION_FAILED', 'DELETION_IN_PROGRESS', 'REBOOT_IN_PROGRESS', 'RUNNING'], target: 'gone' }

let bench: Bench
let life: Life

beforeEach(async () => {
  bench = openBench()
  life = bench.live({
    engine: (engine) => ({
      ...engine,
      start: async (spec, signal) => {
        await new Promise((resolve) => setTimeout(resolve, 10))
        return engine.start(spec, signal)
      },
    }),
  })
  await life.reconciler.start()
})
afterEach(() => bench.close())

/** Polls as Terraform does and answers every state it saw. */
async function wait(
  brokerId: string,
  waiter: { readonly pending: readonly string[]; readonly target: string },
): Promise<readonly string[]> {
  const seen: string[] = []
  for (;;) {
    const state = await run(life, 'DescribeBroker', { BrokerId: brokerId }, bench.contextOf()).then(
      ({ BrokerState }) => BrokerState ?? '',
      (error: { code?: string }) => (error.code === 'NotFoundException' ? 'gone' : 'failed'),
    )
    if (seen.at(-1) !== state) seen.push(state)
    if (state === waiter.target) return seen
    expect(waiter.pending).toContain(state)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

test('apply, change and destroy go through states that Terraform waits for', async () => {
  const brokerId = await create(life, bench.contextOf(), {
    CreatorRequestId: 'tf-MyBroker-20261121',
    Logs: { General: false, Audit: false },
  })
  expect(await wait(brokerId, CREATE)).toEqual(['CREATION_IN_PROGRESS', 'RUNNING'])

  // A change of the logs comes with the version, then a reboot when apply_immediately is set.
  await run(
    life,
    'UpdateBroker',
    { BrokerId: brokerId, EngineVersion: '5.18', Logs: { General: true, Audit: true } },
    bench.contextOf(),
  )
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  expect(await wait(brokerId, REBOOT)).toEqual(['REBOOT_IN_PROGRESS', 'RUNNING'])

  await run(life, 'DeleteBroker', { BrokerId: brokerId }, bench.contextOf())
  const states = await wait(brokerId, DELETE)
  expect(states.at(-1)).toBe('gone')
})

test('a second plan finds what was asked for, so it is empty', async () => {
  const brokerId = await create(life, bench.contextOf(), {
    EngineType: 'ActiveMQ',
    StorageType: 'efs',
    Logs: { General: true, Audit: true },
  })
  await wait(brokerId, CREATE)
  const read = await run(life, 'DescribeBroker', { BrokerId: brokerId }, bench.contextOf())
  expect(read).toMatchObject({
    EngineType: 'ActiveMQ',
    StorageType: 'efs',
    AuthenticationStrategy: 'simple',
    DeploymentMode: 'SINGLE_INSTANCE',
    Logs: { General: true, Audit: true },
  })
  expect(read.EngineVersion?.startsWith('5.18.')).toBe(true)
})

test('without a reboot the change stays pending, and the plan goes on showing it', async () => {
  const brokerId = await create(life, bench.contextOf())
  await wait(brokerId, CREATE)
  await run(
    life,
    'UpdateBroker',
    { BrokerId: brokerId, EngineVersion: '5.18', Logs: { Audit: true } },
    bench.contextOf(),
  )
  const { Logs } = await run(life, 'DescribeBroker', { BrokerId: brokerId }, bench.contextOf())
  expect(Logs).toMatchObject({ Audit: false, Pending: { General: false, Audit: true } })
})

test('a creation that failed is no state to wait in, so the run ends at once', async () => {
  bench.world.troubles.starts.push(() => 'port 61617 is taken')
  const brokerId = await create(life, bench.contextOf())
  await bench.untilState(brokerId, 'CREATION_FAILED')
  expect(CREATE.pending).not.toContain('CREATION_FAILED')
  await run(life, 'DeleteBroker', { BrokerId: brokerId }, bench.contextOf())
  expect((await wait(brokerId, DELETE)).at(-1)).toBe('gone')
})

test('a broker with LDAP as the provider describes one: its values come back, users that it must name among them', async () => {
  const metadata = {
    Hosts: ['my.ldap.server-1.com', 'my.ldap.server-2.com'],
    RoleBase: 'role.base',
    RoleName: 'role.name',
    RoleSearchMatching: 'role.search.matching',
    RoleSearchSubtree: true,
    ServiceAccountUsername: 'anyusername',
    UserBase: 'user.base',
    UserRoleName: 'user.role.name',
    UserSearchMatching: 'user.search.matching',
    UserSearchSubtree: true,
  }
  const brokerId = await create(life, bench.contextOf(), {
    AuthenticationStrategy: 'ldap',
    LdapServerMetadata: { ...metadata, ServiceAccountPassword: 'supersecret' },
  })
  await wait(brokerId, CREATE)
  expect(await run(life, 'DescribeBroker', { BrokerId: brokerId }, bench.contextOf())).toMatchObject({
    AuthenticationStrategy: 'ldap',
    LdapServerMetadata: metadata,
    Users: [{ Username: 'admin' }],
  })
})
