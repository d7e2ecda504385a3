import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountDirectory } from '#services/iam/account-directory.ts'
import { accountId } from '#kernel/ids.ts'
import { ACCOUNT, type Bench, contextOf, faultOf, openBench, rootOf } from '#services/iam/test-bench.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

const OTHER = accountId('444455556666')
const directory = (more: object = {}) => accountDirectory({ ...bench, rootKeys: [], loopback: false, ...more })
const GIVEN = { accessKeyId: 'SUITE_KEY', secret: 'a-secret-of-24-characters' }

test('a new account has a root key that works, and survives a new directory', async () => {
  const made = await directory().create({ id: ACCOUNT, name: 'dev' })
  expect(made).toMatchObject({ id: ACCOUNT, name: 'dev', accessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/) })
  expect(await bench.identity().credentials(made.accessKeyId)).toEqual({
    principal: { ...rootOf(ACCOUNT), accessKeyId: made.accessKeyId },
    secret: made.secret,
  })
  expect(await directory().find(ACCOUNT)).toEqual({ id: ACCOUNT, name: 'dev', createdAt: made.createdAt })
})

test('the secret of a root key, made or given, is nowhere on the disk', async () => {
  const made = await directory().create({ id: ACCOUNT })
  await directory().create({ id: OTHER, key: GIVEN })
  expect(bench.written()).toContain(made.accessKeyId)
  expect(bench.written()).not.toContain(made.secret)
  expect(bench.written()).not.toContain(GIVEN.secret)
})

test('a given key is the root of its account, until its root user deletes it', async () => {
  await directory().create({ id: ACCOUNT, key: GIVEN })
  expect(await bench.identity().credentials(GIVEN.accessKeyId)).toMatchObject({
    secret: GIVEN.secret,
    principal: { kind: 'root', account: ACCOUNT },
  })
  expect((await bench.call('ListAccessKeys', {})).AccessKeyMetadata).toEqual([
    expect.objectContaining({ AccessKeyId: GIVEN.accessKeyId }),
  ])
  expect(await faultOf(() => directory().create({ id: OTHER, key: GIVEN }))).toContain('EntityAlreadyExists 409')
  await bench.call('DeleteAccessKey', { AccessKeyId: GIVEN.accessKeyId })
  expect(await bench.identity().credentials(GIVEN.accessKeyId)).toBeUndefined()
  await directory().create({ id: OTHER, key: GIVEN })
  expect(await bench.identity().credentials(GIVEN.accessKeyId)).toMatchObject({ principal: { account: OTHER } })
})

test('an account is made once', async () => {
  await directory().create({ id: ACCOUNT })
  expect(await faultOf(() => directory().create({ id: ACCOUNT }))).toBe(
    `EntityAlreadyExists 409 The account ${ACCOUNT} was made before.`,
  )
  const both = await Promise.allSettled([directory().create({ id: OTHER }), directory().create({ id: OTHER })])
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
})

test.each([
  { name: 'an id of eleven digits', input: { id: '11112222333' } },
  { name: 'a name without characters', input: { id: ACCOUNT, name: '' } },
  { name: 'a name with a line break', input: { id: ACCOUNT, name: 'a\nb' } },
  { name: 'a short secret', input: { id: ACCOUNT, key: { ...GIVEN, secret: 'short' } } },
  { name: 'a key id with spaces', input: { id: ACCOUNT, key: { ...GIVEN, accessKeyId: 'a b c d' } } },
  { name: "a session's key id", input: { id: ACCOUNT, key: { ...GIVEN, accessKeyId: 'ASIAQQQQQQQQQQQQQQQQ' } } },
  { name: 'the key id that everybody knows', input: { id: ACCOUNT, key: { ...GIVEN, accessKeyId: 'test' } } },
  { name: 'a key id that is an account', input: { id: ACCOUNT, key: { ...GIVEN, accessKeyId: OTHER } } },
])('$name is refused, and nothing is made', async ({ input }) => {
  expect(await faultOf(() => directory().create(input))).toMatch(/^(?:InvalidInput 400|EntityAlreadyExists 409)/)
  expect(await directory().find(ACCOUNT)).toBeUndefined()
})

test('a key id that carries another account, or is configured, is refused', async () => {
  const { accessKeyId } = await directory().create({ id: OTHER })
  expect(await faultOf(() => directory().create({ id: ACCOUNT, key: { ...GIVEN, accessKeyId } }))).toContain(
    'InvalidInput',
  )
  const rootKeys = [{ account: OTHER, ...GIVEN }]
  expect(await faultOf(() => directory({ rootKeys }).create({ id: ACCOUNT, key: GIVEN }))).toContain('is taken')
})

test('made, configured and own accounts are listed; on loopback every account is there', async () => {
  await directory().create({ id: OTHER, name: 'dev' })
  const rootKeys = [{ account: ACCOUNT, ...GIVEN }]
  expect((await directory({ rootKeys }).list()).map(({ id, name }) => [id, name])).toEqual([
    ['000000000000', '000000000000'],
    [ACCOUNT, ACCOUNT],
    [OTHER, 'dev'],
  ])
  expect(await directory().find(ACCOUNT)).toBeUndefined()
  expect(await directory({ rootKeys }).find(ACCOUNT)).toEqual({ id: ACCOUNT, name: ACCOUNT })
  expect(await directory({ loopback: true }).find('999988887777')).toBeDefined()
  expect(await directory({ loopback: true }).find('nonsense')).toBeUndefined()
})

test("a session of an account's root user is handed out again while more than half of it is left", async () => {
  const accounts = directory({ loopback: true })
  const first = await accounts.rootSession(ACCOUNT)
  expect(first.expiresAt - bench.clock.now()).toBeLessThanOrEqual(3_600_000)
  expect(await bench.identity().credentials(first.accessKeyId)).toMatchObject({
    principal: { kind: 'root', account: ACCOUNT, session: { byPlatform: true } },
    sessionToken: first.token,
  })
  expect(await accounts.rootSession(ACCOUNT)).toEqual(first)
  expect((await accounts.rootSession(OTHER)).accessKeyId).not.toBe(first.accessKeyId)
  bench.clock.at += 1_800_000
  expect((await accounts.rootSession(ACCOUNT)).accessKeyId).not.toBe(first.accessKeyId)
  expect(bench.written()).not.toContain(first.secret)
})

test('accounts share nothing: a user of one is unknown in the other', async () => {
  await bench.createUser('bob')
  expect(await faultOf(() => bench.call('GetUser', { UserName: 'bob' }, rootOf(OTHER)))).toContain('NoSuchEntity')
  expect(contextOf(rootOf(OTHER)).account).toBe(OTHER)
})
