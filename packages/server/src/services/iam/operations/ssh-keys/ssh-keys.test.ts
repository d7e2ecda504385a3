import { createHash, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AwsError } from '#kernel/errors.ts'
import { readSshKey } from '#services/iam/ssh-public-keys.ts'
import { type Bench, faultOf, openBench } from '#services/iam/test-bench.ts'

let bench: Bench
beforeEach(async () => {
  bench = openBench()
  await bench.createUser('bob')
})
afterEach(() => bench.close())

const pemOfNew = (modulusLength = 2_048): string =>
  generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ type: 'spki', format: 'pem' })
const PEM = pemOfNew()
const SSH = readSshKey(PEM)
const upload = (SSHPublicKeyBody: string, UserName = 'bob') =>
  bench.call('UploadSSHPublicKey', { UserName, SSHPublicKeyBody })

test('a key is the same in either encoding, whichever it came in', async () => {
  const { SSHPublicKey } = await upload(`${SSH} bob@example.com\n`)
  expect(SSHPublicKey).toMatchObject({
    UserName: 'bob',
    Status: 'Active',
    SSHPublicKeyBody: `${SSH} bob@example.com\n`,
  })
  expect(SSHPublicKey?.SSHPublicKeyId).toMatch(/^APKA[A-Z2-7]{17}$/)
  const get = async (Encoding: 'SSH' | 'PEM') => {
    const SSHPublicKeyId = SSHPublicKey?.SSHPublicKeyId ?? ''
    return (await bench.call('GetSSHPublicKey', { UserName: 'bob', SSHPublicKeyId, Encoding })).SSHPublicKey
  }
  expect((await get('SSH'))?.SSHPublicKeyBody).toBe(SSH)
  expect((await get('PEM'))?.SSHPublicKeyBody).toBe(PEM)
  const md5 = createHash('md5')
    .update(Buffer.from(SSH.split(' ')[1] ?? '', 'base64'))
    .digest('hex')
  expect((await get('PEM'))?.Fingerprint).toBe(md5.match(/../g)?.join(':'))
  expect(await faultOf(() => upload(PEM))).toContain('DuplicateSSHPublicKey 400')
})

test('a user has five, which are listed, turned off and deleted, and keep it from being deleted', async () => {
  const ids: string[] = []
  for (let index = 0; index < 5; index += 1) ids.push((await upload(pemOfNew())).SSHPublicKey?.SSHPublicKeyId ?? '')
  expect(await faultOf(() => upload(PEM))).toBe('LimitExceeded 409 Cannot exceed quota for SSHPublicKeysPerUser: 5')
  const [first = '', ...others] = ids
  await bench.call('UpdateSSHPublicKey', { UserName: 'bob', SSHPublicKeyId: first, Status: 'Inactive' })
  const listed = (await bench.call('ListSSHPublicKeys', { UserName: 'bob' })).SSHPublicKeys ?? []
  expect(new Set(listed.map(({ SSHPublicKeyId }) => SSHPublicKeyId))).toEqual(new Set(ids))
  expect(listed.filter(({ Status }) => Status === 'Inactive').map((one) => one.SSHPublicKeyId)).toEqual([first])
  expect(listed[0]).not.toHaveProperty('SSHPublicKeyBody')
  expect(await faultOf(() => bench.call('DeleteUser', { UserName: 'bob' }))).toBe(
    'DeleteConflict 409 Cannot delete entity, must delete SSH public keys first.',
  )
  for (const SSHPublicKeyId of [first, ...others])
    await bench.call('DeleteSSHPublicKey', { UserName: 'bob', SSHPublicKeyId })
  await bench.call('DeleteUser', { UserName: 'bob' })
})

test('keys come in pages, and another user’s are not found', async () => {
  for (let index = 0; index < 3; index += 1) await upload(pemOfNew())
  const first = await bench.call('ListSSHPublicKeys', { UserName: 'bob', MaxItems: 2 })
  expect([first.SSHPublicKeys?.length, first.IsTruncated]).toEqual([2, true])
  const second = await bench.call('ListSSHPublicKeys', { UserName: 'bob', Marker: first.Marker })
  expect([second.SSHPublicKeys?.length, second.IsTruncated]).toEqual([1, false])
  await bench.createUser('eve')
  const SSHPublicKeyId = first.SSHPublicKeys?.[0]?.SSHPublicKeyId ?? ''
  expect(await faultOf(() => bench.call('DeleteSSHPublicKey', { UserName: 'eve', SSHPublicKeyId }))).toBe(
    `NoSuchEntity 404 The SSH public key with id ${SSHPublicKeyId} cannot be found.`,
  )
})

/** The key with bytes behind its own. */
function withBehind(key: string, bytes: readonly number[]): string {
  const wire = Buffer.from(key.split(' ')[1] ?? '', 'base64')
  return `ssh-rsa ${Buffer.concat([wire, Buffer.from(bytes)]).toString('base64')}`
}

describe('what is refused', () => {
  const ed25519 = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })
  test.each([
    ['nothing that is known', 'ssh-ed25519 AAAA', 'UnrecognizedPublicKeyEncoding 400'],
    ['a key that is cut off', SSH.slice(0, 200), 'InvalidPublicKey 400'],
    ['a key with more behind it', withBehind(SSH, [0, 0, 0, 1, 7]), 'InvalidPublicKey 400'],
    ['a key with less than a length behind it', withBehind(SSH, [0, 0]), 'InvalidPublicKey 400'],
    ['a key that is no RSA key', ed25519, 'InvalidPublicKey 400'],
    ['a key that is too short', pemOfNew(1_024), 'InvalidPublicKey 400'],
    ['PEM that is none', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', 'InvalidPublicKey 400'],
  ])('%s', async (_, body, fault) => {
    expect(await faultOf(() => upload(body))).toContain(fault)
  })

  test('any bytes are a key or a fault of ours', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(600), fc.nat(255), (bytes, at, value) => {
        const damaged = Buffer.from(SSH.split(' ')[1] ?? '', 'base64')
        damaged[at % damaged.length] = value
        for (const wire of [Buffer.from(bytes), damaged]) {
          try {
            expect(readSshKey(`ssh-rsa ${wire.toString('base64')}`)).toMatch(/^ssh-rsa [A-Za-z0-9+/]+=*$/)
          } catch (error) {
            expect(error).toBeInstanceOf(AwsError)
          }
        }
      }),
      { seed: 5, numRuns: 500 },
    )
  })
})
