import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OperationInput } from '#kernel/call.ts'
import { accountId } from '#kernel/ids.ts'
import { type Bench, type Life, ACCOUNT, REGION, create, openBench, run } from '#services/mq/testing/bench.ts'

let bench: Bench
let life: Life
let brokerId: string

beforeEach(async () => {
  bench = openBench()
  life = bench.live()
  await life.reconciler.start()
  brokerId = await create(life, bench.contextOf(), {
    Users: [{ Username: 'admin', Password: 'correct horse battery', Groups: ['admins'], ConsoleAccess: true }],
  })
  await bench.untilState(brokerId, 'RUNNING')
})
afterEach(() => bench.close())

type In<O extends 'CreateUser' | 'UpdateUser'> = Omit<OperationInput<'mq', O>, 'BrokerId'>
const PASSWORD = 'another horse 12'
const createUser = (input: Partial<In<'CreateUser'>> = {}) =>
  run(life, 'CreateUser', { BrokerId: brokerId, Username: 'alice', Password: PASSWORD, ...input }, bench.contextOf())
const updateUser = (input: Partial<In<'UpdateUser'>>) =>
  run(life, 'UpdateUser', { BrokerId: brokerId, Username: 'admin', ...input }, bench.contextOf())
const deleteUser = (Username: string) => run(life, 'DeleteUser', { BrokerId: brokerId, Username }, bench.contextOf())
const describeUser = (Username: string) =>
  run(life, 'DescribeUser', { BrokerId: brokerId, Username }, bench.contextOf())
const usersOfBroker = async () => (await run(life, 'DescribeBroker', { BrokerId: brokerId }, bench.contextOf())).Users

async function reboot(): Promise<void> {
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  await bench.untilState(brokerId, 'RUNNING')
}

test('a new user waits for a reboot: told as CREATE, unknown to the broker, then there', async () => {
  await createUser({ Groups: ['users', 'users'], ConsoleAccess: true })
  expect(await usersOfBroker()).toEqual([{ Username: 'admin' }, { Username: 'alice', PendingChange: 'CREATE' }])
  expect(await describeUser('alice')).toEqual({
    BrokerId: brokerId,
    Username: 'alice',
    ReplicationUser: false,
    Pending: { PendingChange: 'CREATE', ConsoleAccess: true, Groups: ['users'] },
  })
  expect(bench.world.processes.get(brokerId)?.spec.users).toHaveLength(1)
  await reboot()
  expect(await describeUser('alice')).toEqual({
    BrokerId: brokerId,
    Username: 'alice',
    ReplicationUser: false,
    ConsoleAccess: true,
    Groups: ['users'],
  })
  expect(bench.world.processes.get(brokerId)?.spec.users[1]).toEqual({
    username: 'alice',
    password: PASSWORD,
    groups: ['users'],
    consoleAccess: true,
  })
})

test('a change waits for a reboot; what is not mentioned stays', async () => {
  await updateUser({ Groups: ['operators'] })
  expect(await describeUser('admin')).toEqual({
    BrokerId: brokerId,
    Username: 'admin',
    ReplicationUser: false,
    ConsoleAccess: true,
    Groups: ['admins'],
    Pending: { PendingChange: 'UPDATE', ConsoleAccess: true, Groups: ['operators'] },
  })
  await updateUser({ Password: PASSWORD })
  await reboot()
  expect(bench.world.processes.get(brokerId)?.spec.users).toEqual([
    { username: 'admin', password: PASSWORD, groups: ['operators'], consoleAccess: true },
  ])
  expect(await usersOfBroker()).toEqual([{ Username: 'admin' }])
})

test('a change that is taken back waits for nothing', async () => {
  await updateUser({ ConsoleAccess: false })
  expect(await usersOfBroker()).toEqual([{ Username: 'admin', PendingChange: 'UPDATE' }])
  await updateUser({ ConsoleAccess: true })
  expect(await usersOfBroker()).toEqual([{ Username: 'admin' }])
})

test('a deleted user stays until the reboot; one that the broker never knew goes at once', async () => {
  await createUser()
  await deleteUser('alice')
  expect(await usersOfBroker()).toEqual([{ Username: 'admin' }])
  await createUser()
  await deleteUser('admin')
  expect(await usersOfBroker()).toEqual([
    { Username: 'admin', PendingChange: 'DELETE' },
    { Username: 'alice', PendingChange: 'CREATE' },
  ])
  expect((await describeUser('admin')).Pending).toEqual({ PendingChange: 'DELETE' })
  await deleteUser('admin')
  await reboot()
  expect(await usersOfBroker()).toEqual([{ Username: 'alice' }])
  await expect(describeUser('admin')).rejects.toMatchObject({ code: 'NotFoundException' })
})

test('a user who is created again before the reboot is changed by it', async () => {
  await deleteUser('admin')
  await createUser({ Username: 'admin' })
  expect(await usersOfBroker()).toEqual([{ Username: 'admin', PendingChange: 'UPDATE' }])
})

test('a restart of the platform keeps what waits, and does not apply it', async () => {
  await createUser()
  await life.reconciler.close()
  life = bench.live()
  await life.reconciler.start()
  await bench.until(brokerId, () => bench.world.processes.size === 1)
  expect(bench.world.processes.get(brokerId)?.spec.users).toHaveLength(1)
  expect(await usersOfBroker()).toEqual([{ Username: 'admin' }, { Username: 'alice', PendingChange: 'CREATE' }])
})

test('users are listed by name, a page at a time', async () => {
  for (const Username of ['zoe', 'bob', 'carol']) await createUser({ Username })
  const list = (more: object) => run(life, 'ListUsers', { BrokerId: brokerId, ...more }, bench.contextOf())
  const first = await list({ MaxResults: 2 })
  expect(first).toMatchObject({
    BrokerId: brokerId,
    MaxResults: 2,
    Users: [{ Username: 'admin' }, { Username: 'bob', PendingChange: 'CREATE' }],
  })
  const second = await list({ MaxResults: 2, NextToken: first.NextToken })
  expect(second.Users?.map(({ Username }) => Username)).toEqual(['carol', 'zoe'])
  expect(second.NextToken).toBeUndefined()
})

test.each([
  { name: 'a name that is taken', input: { Username: 'admin' }, code: 'ConflictException', attribute: 'username' },
  { name: 'a short name', input: { Username: 'a' }, code: 'BadRequestException', attribute: 'username' },
  { name: 'a strange name', input: { Username: 'a/b' }, code: 'BadRequestException', attribute: 'username' },
  { name: 'a short password', input: { Password: 'short' }, code: 'BadRequestException', attribute: 'password' },
  { name: 'a dull password', input: { Password: 'aaaaaaaabbbb' }, code: 'BadRequestException', attribute: 'password' },
  { name: 'a comma', input: { Password: 'correct,horse' }, code: 'BadRequestException', attribute: 'password' },
  {
    name: 'too many groups',
    input: { Groups: Array.from({ length: 21 }, (_, index) => `g${String(index)}`) },
    code: 'BadRequestException',
    attribute: 'groups',
  },
  {
    name: 'a replication user',
    input: { ReplicationUser: true },
    code: 'BadRequestException',
    attribute: 'replicationUser',
  },
])('CreateUser refuses $name and changes nothing', async ({ input, code, attribute }) => {
  const before = await bench.read(brokerId)
  const refused = createUser(input)
  await expect(refused).rejects.toMatchObject({ code, members: { ErrorAttribute: attribute } })
  await refused.catch((error: Error) => expect(error.message).not.toContain(input.Password ?? PASSWORD))
  expect(await bench.read(brokerId)).toEqual(before)
})

test.each([{ Password: 'short' }, { Groups: ['x'] }, { ReplicationUser: true }])(
  'UpdateUser refuses %j and changes nothing',
  async (changes) => {
    const before = await bench.read(brokerId)
    await expect(updateUser({ ...changes, ConsoleAccess: false })).rejects.toMatchObject({
      code: 'BadRequestException',
    })
    expect(await bench.read(brokerId)).toEqual(before)
  },
)

test('the 251st user is refused', async () => {
  await bench.store.change({ account: ACCOUNT, region: REGION, brokerId }, (record) => ({
    ...record,
    desired: {
      ...record.desired,
      users: Array.from({ length: 250 }, (_, index) => ({
        username: `user-${String(index)}`,
        sealedPassword: '',
        groups: [],
        consoleAccess: false,
      })),
    },
  }))
  await expect(createUser()).rejects.toMatchObject({
    code: 'BadRequestException',
    members: { ErrorAttribute: 'users' },
  })
})

test.each(['UpdateUser', 'DeleteUser', 'DescribeUser'] as const)('%s of nobody is told so', async (operation) => {
  await expect(
    run(life, operation, { BrokerId: brokerId, Username: 'nobody' }, bench.contextOf()),
  ).rejects.toMatchObject({ code: 'NotFoundException', status: 404, members: { ErrorAttribute: 'username' } })
})

test.each(['UpdateUser', 'DeleteUser', 'DescribeUser', 'ListUsers'] as const)(
  '%s of a broker that is not there, or of another account, is told so',
  async (operation) => {
    const missing = 'b-00000000-0000-4000-8000-000000000000'
    const refusal = { code: 'NotFoundException', members: { ErrorAttribute: 'broker-id' } }
    const input = { BrokerId: missing, Username: 'admin' }
    await expect(run(life, operation, input, bench.contextOf())).rejects.toMatchObject(refusal)
    await expect(
      run(
        life,
        operation,
        { ...input, BrokerId: brokerId },
        { ...bench.contextOf(), account: accountId('999988887777') },
      ),
    ).rejects.toMatchObject(refusal)
  },
)

test('users of a broker that is rebooting or going cannot be changed', async () => {
  await run(life, 'DeleteBroker', { BrokerId: brokerId }, bench.contextOf())
  await expect(createUser()).rejects.toMatchObject({ code: expect.stringMatching(/BadRequest|NotFound/) as string })
})

test('passwords of users are sealed in the store, in every record that was ever written', async () => {
  await createUser()
  await updateUser({ Password: 'yet another horse' })
  expect(bench.written()).not.toContain(PASSWORD)
  expect(bench.written()).not.toContain('yet another horse')
  expect(JSON.stringify(await describeUser('alice'))).not.toMatch(/password/i)
})
