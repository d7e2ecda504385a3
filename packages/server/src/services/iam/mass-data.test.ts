import { decide } from '@sluice/policy'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newUniqueId } from '#services/iam/iam-ids.ts'
import {
  MAX_ATTACHED,
  MAX_GROUPS_OF_USER,
  MAX_GROUP_POLICY_CHARS,
  MAX_MANAGED_POLICY_CHARS,
  MAX_ROLE_POLICY_CHARS,
  MAX_TRUST_CHARS,
  MAX_USERS,
  MAX_USER_POLICY_CHARS,
} from '#services/iam/limits.ts'
import { countedChars } from '#services/iam/policy-document.ts'
import { type UserRecord, userKey } from '#services/iam/records.ts'
import { ACCOUNT, type Bench, NOW, faultOf, openBench } from '#services/iam/test-bench.ts'
import { allowing, trusting } from '#services/iam/test-documents.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

/** A document of so many counted characters, with white space beside that does not count. */
function documentOf(length: number, document = allowing('logs:PutLogEvents')): string {
  const padded = document.replace('"Resource":"*"', () => `"Resource":"arn:aws:logs:*:*:log-group:${PAD}"`)
  return padded.replace(PAD, 'x'.repeat(length - countedChars(padded) + PAD.length)).replace('{', '{\n\t  ')
}
const PAD = 'PAD'

describe('an account full of users', () => {
  const nameOf = (index: number): string => `${index % 2 === 0 ? 'User' : 'user'}-${String(index).padStart(4, '0')}`
  beforeEach(async () => {
    const users = Array.from({ length: MAX_USERS }, (_, index): UserRecord => ({
      userName: nameOf(index),
      userId: newUniqueId('AIDA'),
      path: index % 10 === 0 ? '/ops/' : '/dev/',
      createdAt: NOW,
      tags: [],
      accessKeyIds: [],
      policies: {},
    }))
    for (let from = 0; from < users.length; from += 500)
      await bench.records.commit(
        users.slice(from, from + 500).map((value) => ({ kind: 'put', key: userKey(ACCOUNT, value.userName), value })),
      )
  })

  /** Every page, until there is none. */
  async function pages(input: object): Promise<readonly (readonly string[])[]> {
    const all: (readonly string[])[] = []
    for (let marker: string | undefined, more = true; more;) {
      const page = await bench.call('ListUsers', { ...input, ...(marker === undefined ? {} : { Marker: marker }) })
      all.push((page.Users ?? []).map(({ UserName }) => UserName))
      more = page.IsTruncated === true
      expect(more).toBe(page.Marker !== undefined)
      marker = page.Marker
    }
    return all
  }

  test('is listed in pages, each user once and in order', async () => {
    const found = await pages({ MaxItems: 999 })
    expect(found.map(({ length }) => length)).toEqual([999, 999, 999, 999, 999, 5])
    expect(found.flat()).toEqual(Array.from({ length: MAX_USERS }, (_, index) => nameOf(index)))
    expect((await pages({ MaxItems: 1_000 })).map(({ length }) => length)).toEqual(
      Array.from({ length: 5 }, () => 1_000),
    )
    expect((await bench.call('ListUsers', {})).Users).toHaveLength(100)
  })

  test('is listed by path, however far apart its users are', async () => {
    const found = await pages({ PathPrefix: '/ops/', MaxItems: 300 })
    expect(found.map(({ length }) => length)).toEqual([300, 200])
    expect(found.flat()).toEqual(Array.from({ length: 500 }, (_, index) => nameOf(index * 10)))
    expect(await pages({ PathPrefix: '/nobody/', MaxItems: 10 })).toEqual([[]])
  })

  test('takes no further user, and one in the place of another', async () => {
    const create = () => bench.call('CreateUser', { UserName: 'one-more' })
    expect(await faultOf(create)).toBe(
      `LimitExceeded 409 Cannot exceed quota for UsersPerAccount: ${String(MAX_USERS)}`,
    )
    await bench.call('DeleteUser', { UserName: nameOf(0) })
    expect((await create()).User?.UserName).toBe('one-more')
    expect(await faultOf(() => bench.call('CreateUser', { UserName: 'two-more' }))).toMatch(/^LimitExceeded 409/)
  })

  test('is counted, reported and told in full', async () => {
    expect((await bench.call('GetAccountSummary', {})).SummaryMap).toMatchObject({ Users: MAX_USERS })
    await bench.call('GenerateCredentialReport', {})
    const { Content } = await bench.call('GetCredentialReport', {})
    // The head and the root user come before the users.
    expect(
      Buffer.from(Content ?? [])
        .toString()
        .split('\n'),
    ).toHaveLength(MAX_USERS + 2)
    let [seen, marker]: [number, string | undefined] = [0, undefined]
    do {
      const page: Awaited<ReturnType<typeof details>> = await details(marker)
      seen += page.UserDetailList?.length ?? 0
      marker = page.Marker
    } while (marker !== undefined)
    expect(seen).toBe(MAX_USERS)
  })
  const details = (marker: string | undefined) =>
    bench.call('GetAccountAuthorizationDetails', {
      Filter: ['User'],
      MaxItems: 1_000,
      ...(marker === undefined ? {} : { Marker: marker }),
    })
})

describe('a user with all that a user may have', () => {
  test('has the policies of every group, and each of them counts', async () => {
    const bob = await bench.createUser('bob')
    for (let group = 0; group < MAX_GROUPS_OF_USER; group += 1) {
      const GroupName = `g${String(group)}`
      await bench.call('CreateGroup', { GroupName })
      await bench.call('AddUserToGroup', { GroupName, UserName: 'bob' })
      for (let policy = 0; policy < MAX_ATTACHED; policy += 1) {
        const name = `p${String(group)}x${String(policy)}`
        const PolicyDocument = allowing('mq:*', { Resource: `arn:aws:mq:us-east-1:${ACCOUNT}:broker:${name}:b` })
        const { Policy } = await bench.call('CreatePolicy', { PolicyName: name, PolicyDocument })
        await bench.call('AttachGroupPolicy', { GroupName, PolicyArn: Policy?.Arn ?? '' })
      }
    }
    await bench.call('PutUserPolicy', { UserName: 'bob', PolicyName: 'own', PolicyDocument: allowing('logs:*') })
    const policies = (await bench.identity().profile(bob)).identity
    expect(policies).toHaveLength(MAX_GROUPS_OF_USER * MAX_ATTACHED + 1)
    const may = (broker: string): boolean =>
      decide(
        {
          principal: { kind: 'user', account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/bob` },
          action: 'mq:DescribeBroker',
          resource: `arn:aws:mq:us-east-1:${ACCOUNT}:broker:${broker}:b`,
          resourceAccount: ACCOUNT,
          context: {},
        },
        { identity: policies, resource: [] },
      ).allowed
    expect([may('p0x0'), may('p9x9'), may('p10x0')]).toEqual([true, true, false])
    await bench.call('CreateGroup', { GroupName: 'eleventh' })
    expect(await faultOf(() => bench.call('AddUserToGroup', { GroupName: 'eleventh', UserName: 'bob' }))).toBe(
      'LimitExceeded 409 Cannot exceed quota for GroupsPerUser: 10',
    )
    const simulated = await bench.call('SimulatePrincipalPolicy', {
      PolicySourceArn: `arn:aws:iam::${ACCOUNT}:user/bob`,
      ActionNames: ['mq:DescribeBroker'],
      ResourceArns: [`arn:aws:mq:us-east-1:${ACCOUNT}:broker:p9x9:b`],
    })
    expect(simulated.EvaluationResults?.[0]?.MatchedStatements).toMatchObject([
      { SourcePolicyId: 'p9x9', SourcePolicyType: 'user-managed' },
    ])
  })
})

describe('documents at their limits: white space does not count', () => {
  beforeEach(async () => {
    await bench.createUser('bob')
    await bench.call('CreateGroup', { GroupName: 'g' })
    await bench.call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }) })
  })

  test('managed policies', async () => {
    const create = (length: number, PolicyName: string) =>
      bench.call('CreatePolicy', { PolicyName, PolicyDocument: documentOf(length) })
    expect((await create(MAX_MANAGED_POLICY_CHARS, 'fits')).Policy?.PolicyName).toBe('fits')
    expect(await faultOf(() => create(MAX_MANAGED_POLICY_CHARS + 1, 'more'))).toBe(
      'LimitExceeded 409 Cannot exceed quota for PolicySize: 6144',
    )
  })

  const inline = [
    [
      'user',
      MAX_USER_POLICY_CHARS,
      (doc: string, PolicyName: string) =>
        bench.call('PutUserPolicy', { UserName: 'bob', PolicyName, PolicyDocument: doc }),
    ],
    [
      'group',
      MAX_GROUP_POLICY_CHARS,
      (doc: string, PolicyName: string) =>
        bench.call('PutGroupPolicy', { GroupName: 'g', PolicyName, PolicyDocument: doc }),
    ],
    [
      'role',
      MAX_ROLE_POLICY_CHARS,
      (doc: string, PolicyName: string) =>
        bench.call('PutRolePolicy', { RoleName: 'r', PolicyName, PolicyDocument: doc }),
    ],
  ] as const
  test.each(inline)('inline policies of a %s, all together', async (_noun, most, put) => {
    await put(documentOf(most - 500), 'a')
    await put(documentOf(500), 'b')
    expect(await faultOf(() => put(documentOf(501), 'b'))).toMatch(
      /^LimitExceeded 409 Maximum policy size of \d+ bytes/,
    )
    expect(await faultOf(() => put(documentOf(200), 'c'))).toMatch(/^LimitExceeded 409/)
    // One that takes the place of a larger one fits.
    await put(documentOf(300), 'a')
    await put(documentOf(most - 800), 'c')
  })

  test('trust policies', async () => {
    const update = (length: number) => {
      const Sid = 'x'.repeat(length - countedChars(trusting({ AWS: ACCOUNT }, { Sid: '' })))
      return bench.call('UpdateAssumeRolePolicy', {
        RoleName: 'r',
        PolicyDocument: trusting({ AWS: ACCOUNT }, { Sid }),
      })
    }
    expect(await update(MAX_TRUST_CHARS)).toEqual({})
    expect(await faultOf(() => update(MAX_TRUST_CHARS + 1))).toBe(
      'LimitExceeded 409 Cannot exceed quota for ACLSizePerRole: 2048',
    )
  })
})

describe('roles that trust each other', () => {
  const arn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`
  const trust = (RoleName: string, ...names: readonly string[]) =>
    bench.call('UpdateAssumeRolePolicy', { RoleName, PolicyDocument: trusting({ AWS: names.map(arn) }) })
  const shown = async (RoleName: string): Promise<string> =>
    decodeURIComponent((await bench.call('GetRole', { RoleName })).Role.AssumeRolePolicyDocument ?? '')

  beforeEach(async () => {
    for (const RoleName of ['a', 'b', 'c'])
      await bench.call('CreateRole', { RoleName, AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }) })
  })

  test('may do so in a circle, or trust themselves', async () => {
    await trust('a', 'b')
    await trust('b', 'c')
    await trust('c', 'a', 'c')
    expect(await shown('a')).toContain(arn('b'))
    expect(await shown('c')).toContain(arn('c'))
  })

  test('cannot trust one that is not there yet', async () => {
    const AssumeRolePolicyDocument = trusting({ AWS: arn('d') })
    expect(await faultOf(() => bench.call('CreateRole', { RoleName: 'd', AssumeRolePolicyDocument }))).toBe(
      `MalformedPolicyDocument 400 Invalid principal in policy: "AWS":"${arn('d')}"`,
    )
  })

  test('can be deleted in any order; what trusted a deleted one shows its id, which nobody can be given again', async () => {
    await trust('a', 'b')
    await trust('b', 'a')
    const { RoleId } = (await bench.call('GetRole', { RoleName: 'b' })).Role
    await bench.call('DeleteRole', { RoleName: 'b' })
    expect(await shown('a')).toContain(RoleId)
    await bench.call('CreateRole', { RoleName: 'b', AssumeRolePolicyDocument: trusting({ AWS: arn('a') }) })
    expect(await shown('a')).toContain(RoleId)
    const again = { RoleName: 'c', PolicyDocument: await shown('a') }
    expect(await faultOf(() => bench.call('UpdateAssumeRolePolicy', again))).toBe(
      `MalformedPolicyDocument 400 Invalid principal in policy: "AWS":"${RoleId}"`,
    )
    await trust('a', 'b')
    expect(await shown('a')).toContain(arn('b'))
  })

  test('the id of one that is there is as good as its ARN', async () => {
    const { RoleId } = (await bench.call('GetRole', { RoleName: 'b' })).Role
    const user = await bench.createUser('bob')
    const ids = [RoleId, user.kind === 'user' ? user.userId : '']
    await bench.call('UpdateAssumeRolePolicy', { RoleName: 'a', PolicyDocument: trusting({ AWS: ids }) })
    expect(await shown('a')).toContain(RoleId)
  })
})
