import { constants, createPrivateKey, createPublicKey, publicEncrypt, randomBytes, verify } from 'node:crypto'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateMacCommand,
  GenerateRandomCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  GetPublicKeyCommand,
  ListAliasesCommand,
  ListGrantsCommand,
  ListKeyRotationsCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  ReplicateKeyCommand,
  RetireGrantCommand,
  RevokeGrantCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  UpdatePrimaryRegionCommand,
  VerifyCommand,
  VerifyMacCommand,
  UpdateKeyDescriptionCommand,
  UpdateAliasCommand,
  ListRetirableGrantsCommand,
  ListKeyPoliciesCommand,
  ImportKeyMaterialCommand,
  GetParametersForImportCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GenerateDataKeyPairCommand,
  DisableKeyRotationCommand,
  DeriveSharedSecretCommand,
  DeleteImportedKeyMaterialCommand,
  DeleteAliasCommand,
  paginateListAliases,
} from '@aws-sdk/client-kms'
import { describe, expect, test } from 'vitest'
import { type Clients, clients } from '@sluice/testkit/clients.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import { allow, document, newUser, refusalOf } from './people.ts'

const ACCOUNT = '111122223333'
const ROOT = { accessKeyId: ACCOUNT, secret: 'test' }
const TESTING = { SLUICE_TESTING: '1' }
const platform = filePlatform({ env: TESTING })
const aws = platform.clients(ROOT)

const startWith = (root: Buffer): Promise<void> =>
  platform.start({ env: { ...TESTING, SLUICE_KMS_ROOT_KEY: root.toString('base64') } })

const newKey = async (input: ConstructorParameters<typeof CreateKeyCommand>[0] = {}, as: Clients = aws) => {
  const { KeyMetadata } = await as.kms.send(new CreateKeyCommand(input))
  return { KeyId: KeyMetadata?.KeyId ?? '', Arn: KeyMetadata?.Arn ?? '' }
}
const encrypt = (KeyId: string, text: string, as: Clients = aws, EncryptionContext: Record<string, string> = {}) =>
  as.kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from(text), EncryptionContext }))
const decrypt = async (
  CiphertextBlob: Uint8Array | undefined,
  as: Clients = aws,
  EncryptionContext: Record<string, string> = {},
) => {
  const { Plaintext } = await as.kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }))
  return Buffer.from(Plaintext ?? []).toString()
}
const post = (path: string, body: object) =>
  fetch(`${platform.url}${path}`, {
    method: 'POST',
    headers: { 'x-sluice-testing': '1', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
const refusedAs = (name: string, message?: string | RegExp) =>
  expect.objectContaining({ name, ...(message === undefined ? {} : { message: expect.stringMatching(message) }) })

test('what Terraform reads of a new key', async () => {
  const { KeyId, Arn } = await newKey({ Description: 'orders', Tags: [{ TagKey: 'team', TagValue: 'orders' }] })
  const { KeyMetadata } = await aws.kms.send(new DescribeKeyCommand({ KeyId }))
  expect(KeyMetadata).toMatchObject({ KeyId, Arn, KeyState: 'Enabled', Origin: 'AWS_KMS', Description: 'orders' })
  expect(KeyMetadata?.CreationDate).toBeInstanceOf(Date)
  const { Policy } = await aws.kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }))
  expect(JSON.parse(Policy ?? '')).toMatchObject({ Id: 'key-default-1', Statement: [{ Action: 'kms:*' }] })
  const rotation = await aws.kms.send(new GetKeyRotationStatusCommand({ KeyId }))
  expect(rotation.KeyRotationEnabled).toBe(false)
  const { Tags, Truncated } = await aws.kms.send(new ListResourceTagsCommand({ KeyId }))
  expect({ Tags, Truncated }).toEqual({ Tags: [{ TagKey: 'team', TagValue: 'orders' }], Truncated: false })
  await aws.kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 180 }))
  for (const name of ['a', 'b', 'c'])
    await aws.kms.send(new CreateAliasCommand({ AliasName: `alias/terraform/${name}`, TargetKeyId: KeyId }))
  const names: (string | undefined)[] = []
  for await (const page of paginateListAliases({ client: aws.kms, pageSize: 2 }, { KeyId }))
    names.push(...(page.Aliases ?? []).map(({ AliasName }) => AliasName))
  expect(names).toEqual(['alias/terraform/a', 'alias/terraform/b', 'alias/terraform/c'])
  const { DeletionDate } = await aws.kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
  expect(DeletionDate).toBeInstanceOf(Date)
  expect((await aws.kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState).toBe('PendingDeletion')
})

describe('a symmetric key', () => {
  test('seals and opens, with its encryption context and no other', async () => {
    const { KeyId, Arn } = await newKey()
    const { CiphertextBlob, KeyId: answered } = await encrypt(KeyId, 'a message', aws, { team: 'orders' })
    expect(answered).toBe(Arn)
    expect(await decrypt(CiphertextBlob, aws, { team: 'orders' })).toBe('a message')
    await expect(decrypt(CiphertextBlob)).rejects.toEqual(refusedAs('InvalidCiphertextException'))
    await expect(decrypt(CiphertextBlob, aws, { team: 'sales' })).rejects.toEqual(
      refusedAs('InvalidCiphertextException'),
    )
    const other = await newKey()
    const moved = await aws.kms.send(
      new ReEncryptCommand({
        CiphertextBlob,
        SourceEncryptionContext: { team: 'orders' },
        DestinationKeyId: other.KeyId,
      }),
    )
    expect(await decrypt(moved.CiphertextBlob)).toBe('a message')
  })

  test('makes data keys', async () => {
    const { KeyId } = await newKey()
    const { Plaintext, CiphertextBlob } = await aws.kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }))
    expect(Plaintext).toHaveLength(32)
    const opened = await aws.kms.send(new DecryptCommand({ CiphertextBlob }))
    expect(Buffer.from(opened.Plaintext ?? [])).toEqual(Buffer.from(Plaintext ?? []))
    const { Plaintext: random } = await aws.kms.send(new GenerateRandomCommand({ NumberOfBytes: 24 }))
    expect(random).toHaveLength(24)
  })

  test('says no in the words of its state', async () => {
    const { KeyId, Arn } = await newKey()
    const { CiphertextBlob } = await encrypt(KeyId, 'x')
    await aws.kms.send(new DisableKeyCommand({ KeyId }))
    await expect(decrypt(CiphertextBlob)).rejects.toEqual(refusedAs('DisabledException', `${Arn} is disabled.`))
    await aws.kms.send(new EnableKeyCommand({ KeyId }))
    await aws.kms.send(new ScheduleKeyDeletionCommand({ KeyId }))
    await expect(decrypt(CiphertextBlob)).rejects.toEqual(
      refusedAs('KMSInvalidStateException', `${Arn} is pending deletion.`),
    )
    await aws.kms.send(new CancelKeyDeletionCommand({ KeyId }))
    await aws.kms.send(new EnableKeyCommand({ KeyId }))
    expect(await decrypt(CiphertextBlob)).toBe('x')
  })
})

test('rotation and deletion follow the platform’s clock', async () => {
  const here = clients(platform.url, { ...ROOT, region: 'eu-central-1' })
  const { KeyId } = await newKey({}, here)
  const doomed = await newKey({}, here)
  await here.kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }))
  await here.kms.send(new ScheduleKeyDeletionCommand({ KeyId: doomed.KeyId, PendingWindowInDays: 7 }))
  const [before, lost] = [await encrypt(KeyId, 'before', here), await encrypt(KeyId, 'x', here)]
  expect(lost.CiphertextBlob).not.toEqual(before.CiphertextBlob)
  expect((await post('/_sluice/clock', { advanceMillis: 91 * 86_400_000 })).status).toBeLessThan(300)
  const { Rotations } = await here.kms.send(new ListKeyRotationsCommand({ KeyId }))
  expect(Rotations).toMatchObject([{ RotationType: 'AUTOMATIC' }])
  expect(await decrypt(before.CiphertextBlob, here)).toBe('before')
  await here.kms.send(new RotateKeyOnDemandCommand({ KeyId }))
  expect(await decrypt(before.CiphertextBlob, here)).toBe('before')
  const { Keys } = await here.kms.send(new ListKeysCommand({}))
  expect(Keys?.map((key) => key.KeyId)).toEqual([KeyId])
  await expect(here.kms.send(new DescribeKeyCommand({ KeyId: doomed.KeyId }))).rejects.toEqual(
    refusedAs('NotFoundException', /does not exist/),
  )
})

test('others check its signatures, and it checks its own', async () => {
  const { KeyId } = await newKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
  const Message = Buffer.from('orders')
  const SigningAlgorithm = 'ECDSA_SHA_256'
  const { Signature = Buffer.of() } = await aws.kms.send(new SignCommand({ KeyId, Message, SigningAlgorithm }))
  const { PublicKey } = await aws.kms.send(new GetPublicKeyCommand({ KeyId }))
  const key = { key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' } as const
  expect(verify('sha256', Message, key, Signature)).toBe(true)
  const verified = await aws.kms.send(new VerifyCommand({ KeyId, Message, Signature, SigningAlgorithm }))
  expect(verified.SignatureValid).toBe(true)
  await expect(
    aws.kms.send(new VerifyCommand({ KeyId, Message: Buffer.from('order'), Signature, SigningAlgorithm })),
  ).rejects.toEqual(refusedAs('KMSInvalidSignatureException'))
  const mac = await newKey({ KeySpec: 'HMAC_384', KeyUsage: 'GENERATE_VERIFY_MAC' })
  const MacAlgorithm = 'HMAC_SHA_384'
  const { Mac = Buffer.of() } = await aws.kms.send(new GenerateMacCommand({ KeyId: mac.KeyId, Message, MacAlgorithm }))
  const { MacValid } = await aws.kms.send(new VerifyMacCommand({ KeyId: mac.KeyId, Message, MacAlgorithm, Mac }))
  expect(MacValid).toBe(true)
})

describe('who may', () => {
  test('a user needs its policies and the key policy, and learns why when it may not', async () => {
    const { KeyId, Arn } = await newKey()
    const user = await newUser(platform, aws, 'kms-user', { statements: [allow('kms:Encrypt')] })
    const { CiphertextBlob } = await encrypt(KeyId, 'x', user)
    expect(await refusalOf(decrypt(CiphertextBlob, user))).toBe(
      `AccessDeniedException: User: arn:aws:iam::${ACCOUNT}:user/kms-user is not authorized to perform: kms:Decrypt on resource: ${Arn} because no identity-based policy allows the kms:Decrypt action`,
    )
    const Policy = document(
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' },
      { Effect: 'Deny', Principal: '*', Action: 'kms:Encrypt', Resource: '*' },
    )
    await aws.kms.send(new PutKeyPolicyCommand({ KeyId, Policy }))
    expect(await refusalOf(encrypt(KeyId, 'x', user))).toContain('with an explicit deny in a resource-based policy')
  })

  test('a grant lets a user in, and its end keeps it out', async () => {
    const { KeyId } = await newKey()
    const user = await newUser(platform, aws, 'kms-grantee')
    const GranteePrincipal = `arn:aws:iam::${ACCOUNT}:user/kms-grantee`
    expect(await refusalOf(encrypt(KeyId, 'x', user))).toContain('AccessDeniedException')
    const Constraints = { EncryptionContextSubset: { team: 'orders' } }
    const { GrantId = '' } = await aws.kms.send(
      new CreateGrantCommand({ KeyId, GranteePrincipal, Operations: ['Encrypt'], Constraints }),
    )
    expect(await refusalOf(encrypt(KeyId, 'x', user, { team: 'orders' }))).toBe('allowed')
    expect(await refusalOf(encrypt(KeyId, 'x', user, { team: 'sales' }))).toContain('AccessDeniedException')
    const { Grants } = await aws.kms.send(new ListGrantsCommand({ KeyId }))
    expect(Grants).toMatchObject([{ GrantId, GranteePrincipal, Constraints }])
    await aws.kms.send(new RevokeGrantCommand({ KeyId, GrantId }))
    expect(await refusalOf(encrypt(KeyId, 'x', user, { team: 'orders' }))).toContain('AccessDeniedException')
    const second = await aws.kms.send(
      new CreateGrantCommand({ KeyId, GranteePrincipal, RetiringPrincipal: GranteePrincipal, Operations: ['Encrypt'] }),
    )
    await user.kms.send(new RetireGrantCommand({ GrantToken: second.GrantToken }))
    expect(await refusalOf(encrypt(KeyId, 'x', user))).toContain('AccessDeniedException')
  })

  test('another account cannot tell whether a key is there', async () => {
    const { KeyId } = await newKey()
    const { CiphertextBlob } = await encrypt(KeyId, 'x')
    const stranger = clients(platform.url, { accessKeyId: '444455556666', secret: 'test' })
    expect(await refusalOf(decrypt(CiphertextBlob, stranger))).toBe(
      'AccessDeniedException: The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
    )
  })
})

test('what is not built says so', async () => {
  const { KeyId } = await newKey({ MultiRegion: true })
  expect(KeyId).toMatch(/^mrk-/)
  for (const run of [
    () => aws.kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' })),
    () => aws.kms.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: 'eu-west-1' })),
    () => aws.kms.send(new CreateKeyCommand({ Origin: 'AWS_CLOUDHSM', CustomKeyStoreId: 'cks-1' })),
  ])
    await expect(run()).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 } })
})

describe('what people do less often', () => {
  test('a key is described anew, and an alias moved and taken away', async () => {
    const [one, two] = [await newKey(), await newKey()]
    await aws.kms.send(new UpdateKeyDescriptionCommand({ KeyId: one.KeyId, Description: 'for orders' }))
    expect((await aws.kms.send(new DescribeKeyCommand(one))).KeyMetadata?.Description).toBe('for orders')
    const AliasName = 'alias/moved'
    await aws.kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: one.KeyId }))
    await aws.kms.send(new UpdateAliasCommand({ AliasName, TargetKeyId: two.KeyId }))
    expect((await aws.kms.send(new DescribeKeyCommand({ KeyId: AliasName }))).KeyMetadata?.KeyId).toBe(two.KeyId)
    await aws.kms.send(new DeleteAliasCommand({ AliasName }))
    await expect(aws.kms.send(new DescribeKeyCommand({ KeyId: AliasName }))).rejects.toEqual(
      refusedAs('NotFoundException'),
    )
    expect((await aws.kms.send(new ListKeyPoliciesCommand(one))).PolicyNames).toEqual(['default'])
  })

  test('rotation is switched off, and grants are found by who may retire them', async () => {
    const { KeyId } = await newKey()
    await aws.kms.send(new EnableKeyRotationCommand({ KeyId }))
    await aws.kms.send(new DisableKeyRotationCommand({ KeyId }))
    expect((await aws.kms.send(new GetKeyRotationStatusCommand({ KeyId }))).KeyRotationEnabled).toBe(false)
    const RetiringPrincipal = `arn:aws:iam::${ACCOUNT}:user/retires`
    const grant = { KeyId, GranteePrincipal: RetiringPrincipal, RetiringPrincipal, Operations: ['Decrypt' as const] }
    const { GrantId } = await aws.kms.send(new CreateGrantCommand(grant))
    const { Grants } = await aws.kms.send(new ListRetirableGrantsCommand({ RetiringPrincipal }))
    expect(Grants?.map((found) => found.GrantId)).toEqual([GrantId])
  })

  test('data keys come alone or in pairs, with their plaintext or without', async () => {
    const { KeyId } = await newKey()
    const sealed = await aws.kms.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: 'AES_256' }))
    const opened = await aws.kms.send(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob }))
    expect(opened.Plaintext).toHaveLength(32)
    const pair = await aws.kms.send(new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec: 'ECC_NIST_P256' }))
    const own = createPrivateKey({ key: Buffer.from(pair.PrivateKeyPlaintext ?? []), format: 'der', type: 'pkcs8' })
    expect(createPublicKey(own).export({ format: 'der', type: 'spki' })).toEqual(Buffer.from(pair.PublicKey ?? []))
    const without = await aws.kms.send(
      new GenerateDataKeyPairWithoutPlaintextCommand({ KeyId, KeyPairSpec: 'ECC_NIST_P256' }),
    )
    expect(without).not.toHaveProperty('PrivateKeyPlaintext')
    const { Plaintext } = await aws.kms.send(new DecryptCommand({ CiphertextBlob: without.PrivateKeyCiphertextBlob }))
    const later = createPrivateKey({ key: Buffer.from(Plaintext ?? []), format: 'der', type: 'pkcs8' })
    expect(createPublicKey(later).export({ format: 'der', type: 'spki' })).toEqual(Buffer.from(without.PublicKey ?? []))
  })

  test('two keys agree on a secret, whichever derives it', async () => {
    const [mine, theirs] = await Promise.all(
      [1, 2].map(() => newKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' })),
    )
    const publicOf = async (KeyId = '') => (await aws.kms.send(new GetPublicKeyCommand({ KeyId }))).PublicKey
    const derive = async (KeyId = '', PublicKey?: Uint8Array) => {
      const input = { KeyId, PublicKey, KeyAgreementAlgorithm: 'ECDH' as const }
      return Buffer.from((await aws.kms.send(new DeriveSharedSecretCommand(input))).SharedSecret ?? [])
    }
    const one = await derive(mine?.KeyId, await publicOf(theirs?.KeyId))
    expect(one).toEqual(await derive(theirs?.KeyId, await publicOf(mine?.KeyId)))
    expect(one).toHaveLength(32)
  })

  test('material of one’s own is wrapped, imported, used and taken away', async () => {
    const { KeyId } = await newKey({ Origin: 'EXTERNAL' })
    const parameters = await aws.kms.send(
      new GetParametersForImportCommand({
        KeyId,
        WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
        WrappingKeySpec: 'RSA_2048',
      }),
    )
    const wrapping = createPublicKey({ key: Buffer.from(parameters.PublicKey ?? []), format: 'der', type: 'spki' })
    const padding = { key: wrapping, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
    await aws.kms.send(
      new ImportKeyMaterialCommand({
        KeyId,
        ImportToken: parameters.ImportToken,
        EncryptedKeyMaterial: publicEncrypt(padding, randomBytes(32)),
        ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      }),
    )
    const { CiphertextBlob } = await encrypt(KeyId, 'own material')
    expect(await decrypt(CiphertextBlob)).toBe('own material')
    await aws.kms.send(new DeleteImportedKeyMaterialCommand({ KeyId }))
    await expect(decrypt(CiphertextBlob)).rejects.toEqual(refusedAs('KMSInvalidStateException'))
  })
})

describe('after a restart', () => {
  test('everything opens as before, and no secret is in any file or log', async () => {
    const { KeyId } = await newKey()
    const secret = `planted-${randomBytes(12).toString('hex')}`
    const AliasName = 'alias/kept'
    await aws.kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId }))
    const { CiphertextBlob } = await encrypt(AliasName, secret, aws, { team: 'planted' })
    const { Plaintext = Buffer.of(), CiphertextBlob: dataKey } = await aws.kms.send(
      new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }),
    )
    expect(await decrypt(CiphertextBlob, aws, { team: 'planted' })).toBe(secret)
    const logged = await keyedLogs(secret)
    expect(await logged()).toEqual([secret])
    await expect
      .poll(async () => {
        const found = await aws.cloudtrail.send(
          new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'Encrypt' }] }),
        )
        return found.Events?.some(({ CloudTrailEvent = '' }) => CloudTrailEvent.includes('"team":"planted"'))
      })
      .toBe(true)
    const { output } = platform
    await platform.stop()
    const forms = [Buffer.from(secret), Buffer.from(Plaintext)].flatMap((bytes) => [
      bytes,
      Buffer.from(bytes.toString('base64').replaceAll('=', '')),
      Buffer.from(bytes.toString('hex')),
    ])
    const files = filesIn(platform.data)
    expect(files.length).toBeGreaterThan(5)
    for (const file of files) {
      const bytes = readFileSync(file)
      for (const form of forms) expect(bytes.includes(form), file).toBe(false)
    }
    for (const form of forms) expect(output()).not.toContain(form.toString('latin1'))
    expect(statSync(join(platform.data, 'kms-root.key')).mode & 0o777).toBe(0o600)
    await platform.start()
    expect(await decrypt(CiphertextBlob, aws, { team: 'planted' })).toBe(secret)
    expect(await logged()).toEqual([secret])
    const opened = await aws.kms.send(new DecryptCommand({ CiphertextBlob: dataKey }))
    expect(Buffer.from(opened.Plaintext ?? [])).toEqual(Buffer.from(Plaintext))
    const { Aliases } = await aws.kms.send(new ListAliasesCommand({}))
    expect(Aliases).toMatchObject([{ AliasName, TargetKeyId: KeyId }])
  })

  test('with another root key it does not start, and says what is wrong', async () => {
    await platform.stop()
    await expect(startWith(randomBytes(32))).rejects.toThrow(/root key of KMS is not the one/)
    await startWith(readFileSync(join(platform.data, 'kms-root.key')))
    expect((await aws.kms.send(new ListKeysCommand({}))).Keys?.length).toBeGreaterThan(0)
  })
})

/** Puts an event into a log group with a key of its own; how to search for it. */
async function keyedLogs(message: string): Promise<() => Promise<readonly (string | undefined)[]>> {
  const logs = {
    Principal: { Service: 'logs.us-east-1.amazonaws.com' },
    Effect: 'Allow',
    Action: 'kms:*',
    Resource: '*',
  }
  const root = { ...logs, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }
  const { Arn: kmsKeyId } = await newKey({ Policy: JSON.stringify({ Version: '2012-10-17', Statement: [root, logs] }) })
  const [logGroupName, logStreamName] = ['sealed', 's']
  await aws.logs.send(new CreateLogGroupCommand({ logGroupName, kmsKeyId }))
  await aws.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }))
  // The platform's clock was moved.
  const { KeyMetadata } = await aws.kms.send(new DescribeKeyCommand({ KeyId: kmsKeyId }))
  const logEvents = [{ timestamp: KeyMetadata?.CreationDate?.getTime() ?? 0, message }]
  await aws.logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }))
  return async () => {
    const { events = [] } = await aws.logs.send(
      new FilterLogEventsCommand({ logGroupName, filterPattern: `"${message.slice(0, 12)}"` }),
    )
    return events.map((event) => event.message)
  }
}

const filesIn = (path: string): readonly string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
