import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CallAs } from '#kernel/call.ts'
import { accountId, region } from '#kernel/ids.ts'
import { type GatewayBench, ROOT_KEY, type Signing, openGatewayBench } from '../../../../testkit/src/gateway-bench.ts'
import { type KmsBench, openKmsBench } from '../../../../testkit/src/kms-bench.ts'

const ACCOUNT = '111122223333'
const OTHER: Signing = { accessKeyId: '444455556666', secret: 'test' }
const HIDDEN =
  'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.'

let kms: KmsBench
let bench: GatewayBench
beforeAll(async () => {
  kms = await openKmsBench()
  bench = openGatewayBench({ kms: kms.service })
})
afterAll(async () => {
  await bench.close()
  await kms.close()
})

interface Answer {
  readonly KeyMetadata?: { readonly KeyId: string; readonly Arn: string }
  readonly KeyId?: string
  readonly CiphertextBlob?: string
  readonly Plaintext?: string
  readonly __type?: string
  readonly message?: string
}

/** What is answered: the output, or code and message. */
async function ask(operation: string, input: object, signing: Signing = ROOT_KEY): Promise<Answer> {
  const { body } = await bench.send('kms', operation, input, signing)
  return (typeof body === 'string' && body !== '' ? JSON.parse(body) : {}) as Answer
}
const refusal = async (operation: string, input: object, signing?: Signing): Promise<string> => {
  const { __type: type, message } = await ask(operation, input, signing)
  return type === undefined ? 'allowed' : `${type}: ${message ?? ''}`
}
const newKey = async (input: object = {}, signing: Signing = ROOT_KEY) => {
  const { KeyMetadata } = await ask('CreateKey', input, signing)
  if (KeyMetadata === undefined) throw new Error('no key was made')
  return KeyMetadata
}
const seal = async (KeyId: string, EncryptionContext: object = {}) =>
  (await ask('Encrypt', { KeyId, Plaintext: 'c2VjcmV0', EncryptionContext })).CiphertextBlob
const policy = (...Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement })
const allow = (Action: string | readonly string[], more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...more,
})
const admin = allow('kms:*', { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } })
let users = 0
const user = async (...statements: readonly object[]) => {
  users += 1
  const { principal, key } = await bench.user(
    `user-${String(users)}`,
    statements.length === 0 ? undefined : { Version: '2012-10-17', Statement: statements },
  )
  return { key, arn: 'arn' in principal ? principal.arn : '' }
}

describe('key policies', () => {
  test('the default policy lets the account decide by its identity policies', async () => {
    const { KeyId, Arn } = await newKey()
    const [allowed, none] = [await user(allow('kms:Encrypt')), await user()]
    expect(await refusal('Encrypt', { KeyId, Plaintext: 'eA==' }, allowed.key)).toBe('allowed')
    expect(await refusal('Encrypt', { KeyId, Plaintext: 'eA==' }, none.key)).toBe(
      `AccessDeniedException: User: ${none.arn} is not authorized to perform: kms:Encrypt on resource: ${Arn} because no identity-based policy allows the kms:Encrypt action`,
    )
    expect(await refusal('Decrypt', { CiphertextBlob: await seal(KeyId) }, allowed.key)).toContain('AccessDenied')
  })

  test('a policy without the account leaves its identity policies, and its root user, outside', async () => {
    const friend = await user()
    const { KeyId, Arn } = await newKey({
      Policy: policy(allow('kms:*', { Principal: { AWS: friend.arn } })),
      BypassPolicyLockoutSafetyCheck: true,
    })
    const almighty = await user(allow('*'))
    for (const key of [ROOT_KEY, almighty.key])
      expect(await refusal('DescribeKey', { KeyId }, key)).toContain(
        `kms:DescribeKey on resource: ${Arn} because no resource-based policy allows the kms:DescribeKey action`,
      )
    expect(await refusal('DescribeKey', { KeyId }, friend.key)).toBe('allowed')
  })

  test('a change of policy holds for the next request', async () => {
    const { KeyId } = await newKey()
    const someone = await user()
    expect(await refusal('DescribeKey', { KeyId }, someone.key)).toContain('AccessDenied')
    const Policy = policy(admin, allow('kms:DescribeKey', { Principal: { AWS: someone.arn } }))
    expect(await refusal('PutKeyPolicy', { KeyId, Policy })).toBe('allowed')
    expect(await ask('GetKeyPolicy', { KeyId, PolicyName: 'default' })).toEqual({ Policy, PolicyName: 'default' })
    expect(await refusal('DescribeKey', { KeyId }, someone.key)).toBe('allowed')
  })

  test('whoever would lock itself out is stopped, unless it insists', async () => {
    const { KeyId } = await newKey()
    const Policy = policy(allow('kms:*', { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/nobody` } }))
    const lockout =
      'MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future.'
    expect(await refusal('PutKeyPolicy', { KeyId, Policy })).toBe(lockout)
    expect(await refusal('CreateKey', { Policy })).toBe(lockout)
    const denied = policy(admin, { ...admin, Effect: 'Deny', Action: 'kms:PutKeyPolicy' })
    expect(await refusal('PutKeyPolicy', { KeyId, Policy: denied })).toBe(lockout)
    expect(await refusal('DescribeKey', { KeyId })).toBe('allowed')
    expect(await refusal('PutKeyPolicy', { KeyId, Policy, BypassPolicyLockoutSafetyCheck: true })).toBe('allowed')
    expect(await refusal('DescribeKey', { KeyId })).toContain('AccessDenied')
  })

  test.each([
    ['{}', 'MalformedPolicyDocumentException'],
    ['not json', 'MalformedPolicyDocumentException'],
    [policy({ Effect: 'Allow', Action: 'kms:*', Resource: '*' }), 'MalformedPolicyDocumentException'],
    [' '.repeat(33_000), 'LimitExceededException'],
  ])('the policy %.20j is refused', async (Policy, code) => {
    const { KeyId } = await newKey()
    const before = await ask('GetKeyPolicy', { KeyId })
    expect(await refusal('PutKeyPolicy', { KeyId, Policy })).toContain(code)
    expect(await ask('GetKeyPolicy', { KeyId })).toEqual(before)
  })

  test('there is one policy, called default', async () => {
    const { KeyId } = await newKey()
    expect(await ask('ListKeyPolicies', { KeyId })).toMatchObject({ PolicyNames: ['default'], Truncated: false })
    expect(await refusal('GetKeyPolicy', { KeyId, PolicyName: 'other' })).toBe(
      'NotFoundException: No such policy exists',
    )
    expect(await refusal('PutKeyPolicy', { KeyId, PolicyName: 'other', Policy: policy(admin) })).toContain('NotFound')
  })

  test('what has no key is decided by identity policies alone', async () => {
    const lister = await user(allow(['kms:ListKeys', 'kms:CreateKey', 'kms:GenerateRandom']))
    const tagged = { Tags: [{ TagKey: 'team', TagValue: 'orders' }] }
    expect(await refusal('ListKeys', {}, lister.key)).toBe('allowed')
    expect(await refusal('CreateKey', {}, lister.key)).toBe('allowed')
    expect(await refusal('GenerateRandom', { NumberOfBytes: 8 }, lister.key)).toBe('allowed')
    expect(await refusal('ListAliases', {}, lister.key)).toContain('kms:ListAliases')
    expect(await refusal('CreateKey', tagged, lister.key)).toContain('kms:TagResource')
  })
})

describe('conditions', () => {
  const only = async (Condition: object, action: string | readonly string[] = 'kms:*') =>
    (await user(allow(action, { Condition }))).key

  test('speak of the encryption context, by its pairs and its keys', async () => {
    const { KeyId } = await newKey()
    const paired = await only({ StringEquals: { 'kms:EncryptionContext:team': 'orders' } })
    const keyed = await only({ 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['team'] } })
    const encrypt = (EncryptionContext: object, key: Signing) =>
      refusal('Encrypt', { KeyId, Plaintext: 'eA==', EncryptionContext }, key)
    expect(await encrypt({ team: 'orders' }, paired)).toBe('allowed')
    expect(await encrypt({ team: 'sales' }, paired)).toContain('AccessDenied')
    expect(await encrypt({}, paired)).toContain('AccessDenied')
    expect(await encrypt({ team: 'x' }, keyed)).toBe('allowed')
    expect(await encrypt({ team: 'x', env: 'y' }, keyed)).toContain('AccessDenied')
    const CiphertextBlob = await seal(KeyId, { team: 'orders' })
    expect(await refusal('Decrypt', { CiphertextBlob, EncryptionContext: { team: 'orders' } }, paired)).toBe('allowed')
    expect(await refusal('Decrypt', { CiphertextBlob }, paired)).toContain('AccessDenied')
  })

  test('speak of how the key was named, and of all its names', async () => {
    const { KeyId } = await newKey()
    expect(await refusal('CreateAlias', { AliasName: 'alias/named', TargetKeyId: KeyId })).toBe('allowed')
    const byAlias = await only({ StringEquals: { 'kms:RequestAlias': 'alias/named' } })
    const ofAlias = await only({ 'ForAnyValue:StringLike': { 'kms:ResourceAliases': 'alias/na*' } })
    expect(await refusal('DescribeKey', { KeyId: 'alias/named' }, byAlias)).toBe('allowed')
    expect(await refusal('DescribeKey', { KeyId }, byAlias)).toContain('AccessDenied')
    expect(await refusal('DescribeKey', { KeyId }, ofAlias)).toBe('allowed')
    const { KeyId: other } = await newKey()
    expect(await refusal('DescribeKey', { KeyId: other }, ofAlias)).toContain('AccessDenied')
  })

  test.each([
    [{ 'kms:KeySpec': 'HMAC_256' }, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }],
    [{ 'kms:KeyUsage': 'GENERATE_VERIFY_MAC' }, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }],
    [{ 'kms:KeyOrigin': 'EXTERNAL' }, { Origin: 'EXTERNAL' }],
    [{ 'kms:MultiRegion': 'true' }, { MultiRegion: true }],
    [{ 'aws:ResourceTag/team': 'orders' }, { Tags: [{ TagKey: 'team', TagValue: 'orders' }] }],
    [
      { 'kms:CallerAccount': ACCOUNT, 'kms:KeySpec': 'HMAC_224' },
      { KeySpec: 'HMAC_224', KeyUsage: 'GENERATE_VERIFY_MAC' },
    ],
  ])('%j holds for such keys only', async (StringEquals, input) => {
    const key = await only({ StringEquals }, 'kms:DescribeKey')
    const [fits, other] = [await newKey(input), await newKey()]
    expect(await refusal('DescribeKey', { KeyId: fits.KeyId }, key)).toBe('allowed')
    expect(await refusal('DescribeKey', { KeyId: other.KeyId }, key)).toContain('AccessDenied')
  })

  test.each([
    ['CreateKey', { 'kms:KeySpec': 'SYMMETRIC_DEFAULT' }, {}, { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }],
    ['CreateKey', { 'kms:MultiRegion': 'false' }, {}, { MultiRegion: true }],
    ['CreateKey', { 'kms:BypassPolicyLockoutSafetyCheck': 'false' }, {}, { BypassPolicyLockoutSafetyCheck: true }],
    ['ScheduleKeyDeletion', { 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' }, {}, { PendingWindowInDays: 7 }],
    [
      'EnableKeyRotation',
      { 'kms:RotationPeriodInDays': '90' },
      { RotationPeriodInDays: 90 },
      { RotationPeriodInDays: 91 },
    ],
    [
      'GenerateDataKeyPairWithoutPlaintext',
      { 'kms:DataKeyPairSpec': 'ECC_NIST_P256' },
      { KeyPairSpec: 'ECC_NIST_P256' },
      { KeyPairSpec: 'ECC_NIST_P384' },
    ],
    ['UntagResource', { 'aws:TagKeys': 'a' }, { TagKeys: ['a'] }, { TagKeys: ['b'] }],
  ])('%s is bound by %j', async (operation, keys, fits, other) => {
    const { KeyId } = await newKey()
    const operator = 'aws:TagKeys' in keys ? 'ForAllValues:StringEquals' : 'StringEquals'
    const key = await only({ [operator]: keys }, `kms:${operation}`)
    const named = operation === 'CreateKey' ? {} : { KeyId }
    expect(await refusal(operation, { ...named, ...other }, key)).toContain('AccessDenied')
    expect(await refusal(operation, { ...named, ...fits }, key)).toBe('allowed')
  })
})

test('ReEncrypt takes a permission on each of its keys', async () => {
  const [from, to] = [await newKey(), await newKey()]
  const CiphertextBlob = await seal(from.KeyId)
  const input = { CiphertextBlob, DestinationKeyId: to.KeyId }
  const half = async (action: string, { Arn }: { readonly Arn: string }) => {
    const some = await user(allow(action, { Resource: Arn }))
    return refusal('ReEncrypt', input, some.key)
  }
  expect(await half('kms:ReEncryptFrom', from)).toContain(`kms:ReEncryptTo on resource: ${to.Arn}`)
  expect(await half('kms:ReEncryptTo', to)).toContain(`kms:ReEncryptFrom on resource: ${from.Arn}`)
  const both = await user(allow('kms:ReEncrypt*'))
  expect(await refusal('ReEncrypt', input, both.key)).toBe('allowed')
})

describe('aliases', () => {
  test('take a permission on the alias and one on each key', async () => {
    const [one, two] = [await newKey(), await newKey()]
    const aliasArn = `arn:aws:kms:us-east-1:${ACCOUNT}:alias/guarded`
    const some = await user(allow(['kms:CreateAlias', 'kms:UpdateAlias'], { Resource: [aliasArn, one.Arn] }))
    const make = (AliasName: string, TargetKeyId: string) =>
      refusal('CreateAlias', { AliasName, TargetKeyId }, some.key)
    expect(await make('alias/other', one.KeyId)).toContain('alias/other')
    expect(await make('alias/guarded', two.KeyId)).toContain(two.Arn)
    expect(await make('alias/guarded', one.KeyId)).toBe('allowed')
    expect(await refusal('UpdateAlias', { AliasName: 'alias/guarded', TargetKeyId: two.KeyId }, some.key)).toContain(
      two.Arn,
    )
    expect(await refusal('DeleteAlias', { AliasName: 'alias/guarded' }, some.key)).toContain('kms:DeleteAlias')
    expect((await ask('DescribeKey', { KeyId: 'alias/guarded' })).KeyMetadata?.KeyId).toBe(one.KeyId)
  })
})

describe('another account', () => {
  test('gets in by ARN when the key policy and its own policies let it', async () => {
    const { KeyId, Arn } = await newKey({
      Policy: policy(
        admin,
        allow(['kms:Encrypt', 'kms:Decrypt'], { Principal: { AWS: 'arn:aws:iam::444455556666:root' } }),
      ),
    })
    const { CiphertextBlob, KeyId: answered } = await ask('Encrypt', { KeyId: Arn, Plaintext: 'eA==' }, OTHER)
    expect(answered).toBe(Arn)
    expect(await ask('Decrypt', { CiphertextBlob }, OTHER)).toMatchObject({ Plaintext: 'eA==' })
    expect(await refusal('DescribeKey', { KeyId: Arn }, OTHER)).toContain('does not exist in this Region')
    expect(await refusal('ScheduleKeyDeletion', { KeyId: Arn }, OTHER)).toContain('AccessDenied')
    expect(await refusal('DescribeKey', { KeyId })).toBe('allowed')
  })

  test('manages no key that is not its own, whatever the key policy says', async () => {
    const { KeyId, Arn } = await newKey({
      Policy: policy(admin, allow('kms:*', { Principal: { AWS: 'arn:aws:iam::444455556666:root' } })),
    })
    expect(await refusal('DescribeKey', { KeyId: Arn }, OTHER)).toBe('allowed')
    for (const [operation, more] of [
      ['ScheduleKeyDeletion', {}],
      ['PutKeyPolicy', { Policy: policy(admin) }],
      ['CreateAlias', { AliasName: 'alias/theirs', TargetKeyId: Arn }],
    ] as const)
      expect(await refusal(operation, { KeyId: Arn, ...more }, OTHER)).toContain('AccessDenied')
    expect(await ask('DescribeKey', { KeyId })).toMatchObject({ KeyMetadata: { KeyState: 'Enabled' } })
  })

  test('learns nothing of keys that it may not use', async () => {
    const { KeyId, Arn } = await newKey()
    const none = Arn.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))
    const [there, absent] = [
      await refusal('Encrypt', { KeyId: Arn, Plaintext: 'eA==' }, OTHER),
      await refusal('Encrypt', { KeyId: none, Plaintext: 'eA==' }, OTHER),
    ]
    expect(there.replaceAll(Arn, 'ARN')).toBe(absent.replaceAll(none, 'ARN'))
    for (const [operation, more] of [
      ['ListAliases', {}],
      ['RetireGrant', { GrantId: 'ab' }],
    ] as const) {
      const [found, missing] = [
        await refusal(operation, { KeyId: Arn, ...more }, OTHER),
        await refusal(operation, { KeyId: none, ...more }, OTHER),
      ]
      expect(found.replaceAll(Arn, 'ARN')).toBe(missing.replaceAll(none, 'ARN'))
    }
    expect(await refusal('Decrypt', { CiphertextBlob: await seal(KeyId) }, OTHER)).toBe(
      `AccessDeniedException: ${HIDDEN}`,
    )
    expect(await refusal('ScheduleKeyDeletion', { KeyId: Arn }, OTHER)).toContain('does not exist in this Region')
  })
})

describe('services', () => {
  const ARN = `arn:aws:s3:::bucket`
  const as = (service: 's3.amazonaws.com' | 'mq.amazonaws.com', sourceArn = ARN): CallAs => ({
    kind: 'service',
    service,
    sourceArn,
    sourceAccount: accountId(ACCOUNT),
    region: region('us-east-1'),
  })

  test('use keys whose policy names them, for the sources it names', async () => {
    const { KeyId } = await newKey({
      Policy: policy(
        admin,
        allow(['kms:GenerateDataKey*', 'kms:Decrypt'], {
          Principal: { Service: 's3.amazonaws.com' },
          Condition: { ArnLike: { 'aws:SourceArn': ARN }, StringEquals: { 'aws:SourceAccount': ACCOUNT } },
        }),
      ),
    })
    const input = { KeyId, KeySpec: 'AES_256' } as const
    const { CiphertextBlob, Plaintext } = await bench.gateway.call(
      as('s3.amazonaws.com'),
      'kms',
      'GenerateDataKey',
      input,
    )
    const opened = await bench.gateway.call(as('s3.amazonaws.com'), 'kms', 'Decrypt', { CiphertextBlob })
    expect(opened.Plaintext).toEqual(Plaintext)
    for (const other of [as('mq.amazonaws.com'), as('s3.amazonaws.com', 'arn:aws:s3:::other')])
      await expect(bench.gateway.call(other, 'kms', 'GenerateDataKey', input)).rejects.toMatchObject({
        code: 'AccessDeniedException',
      })
  })

  test('have keys of their own, which their users use through them and not otherwise', async () => {
    const { principal, key } = await bench.user('through-s3')
    const ctx = { ...kms.context({ principal, region: region('us-east-1') }), call: bench.gateway.call }
    const through = (via: 's3.amazonaws.com' | 'mq.amazonaws.com') =>
      bench.gateway.call({ kind: 'caller', ctx, via }, 'kms', 'GenerateDataKey', {
        KeyId: 'alias/aws/s3',
        KeySpec: 'AES_256',
      })
    const { KeyId = '' } = await through('s3.amazonaws.com')
    await expect(through('mq.amazonaws.com')).rejects.toMatchObject({ code: 'AccessDeniedException' })
    expect(await refusal('GenerateDataKey', { KeyId, KeySpec: 'AES_256' }, key)).toContain('AccessDenied')
    expect(await refusal('GenerateDataKey', { KeyId, KeySpec: 'AES_256' })).toContain('AccessDenied')
    expect(await refusal('DescribeKey', { KeyId })).toBe('allowed')
    expect(await refusal('PutKeyPolicy', { KeyId, Policy: policy(admin) })).toContain('AccessDenied')
    expect(await refusal('ScheduleKeyDeletion', { KeyId })).toContain('AccessDenied')
    const stranger = await user()
    expect(await refusal('DescribeKey', { KeyId: 'alias/aws/kafka' }, stranger.key)).toContain('kms:DescribeKey')
    expect(JSON.stringify(await ask('ListAliases', {}))).not.toContain('alias/aws/kafka')
    expect(await refusal('DescribeKey', { KeyId: 'alias/aws/kafka' })).toBe('allowed')
    expect(JSON.stringify(await ask('ListAliases', {}))).toContain('alias/aws/kafka')
    const made = await bench.gateway.call(as('mq.amazonaws.com'), 'kms', 'GenerateDataKey', {
      KeyId: 'alias/aws/mq',
      KeySpec: 'AES_256',
    })
    expect(made.Plaintext).toHaveLength(32)
  })
})

describe('records', () => {
  test('show keys and encryption contexts, and nothing that was sealed', async () => {
    const { KeyId, Arn } = await newKey()
    const EncryptionContext = { team: 'recorded-team' }
    const { CiphertextBlob = '' } = await ask('Encrypt', {
      KeyId,
      Plaintext: 'cGxhbnRlZC1zZWNyZXQ=',
      EncryptionContext,
    })
    await ask('Decrypt', { CiphertextBlob, EncryptionContext })
    const { Plaintext = '' } = await ask('GenerateDataKey', { KeyId, KeySpec: 'AES_256' })
    const records = bench.records().filter(({ resources }) => JSON.stringify(resources ?? []).includes(Arn))
    const text = JSON.stringify(records)
    for (const secret of ['cGxhbnRlZC1zZWNyZXQ', 'planted-secret', CiphertextBlob, Plaintext])
      expect(text).not.toContain(secret)
    expect(records.map(({ eventName }) => eventName)).toEqual(['CreateKey', 'Encrypt', 'Decrypt', 'GenerateDataKey'])
    expect(records[1]).toMatchObject({
      readOnly: true,
      responseElements: null,
      eventSource: 'kms.amazonaws.com',
      requestParameters: { encryptionContext: { team: 'recorded-team' } },
      resources: [{ type: 'AWS::KMS::Key', ARN: Arn }],
    })
  })
})
