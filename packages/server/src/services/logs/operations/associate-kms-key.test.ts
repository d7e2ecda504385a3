import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Call, CallAs } from '#kernel/call.ts'
import { AwsError } from '#kernel/errors.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/0123-abcd'
const GROUP = 'arn:aws:logs:eu-west-1:111122223333:log-group:g'

let bench: LogsBench
let asked: (readonly [service: string, input: unknown])[]
/** How KMS answers a service; undefined: the key is made. */
let answer: (service: string, keyArn: unknown) => AwsError | undefined
beforeEach(async () => {
  asked = []
  answer = (_service, keyArn) => (keyArn === KEY ? undefined : new AwsError('NotFoundException', 400, 'no such key'))
  const call = async (as: CallAs, _service: string, operation: string, input: { readonly KeyId?: unknown }) => {
    const name = as.kind === 'service' ? `${as.service} for ${as.sourceArn}` : as.kind
    asked.push([`${operation} as ${name}`, input])
    const refused = answer(as.kind === 'service' ? as.service : '', input.KeyId)
    if (refused !== undefined) throw refused
    return { CiphertextBlob: Buffer.from('wrapped') }
  }
  bench = openLogsBench({ call: call as Call })
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
})
afterEach(() => bench.close())

const keyOf = async (name = 'g') =>
  (await bench.call('DescribeLogGroups', { logGroupNamePrefix: name })).logGroups?.[0]?.kmsKeyId

test('a key that may be used is recorded, by name and by either form of the ARN, and taken away again', async () => {
  const ways = [{ logGroupName: 'g' }, { resourceIdentifier: GROUP }, { resourceIdentifier: `${GROUP}:*` }]
  for (const way of ways) {
    await bench.call('AssociateKmsKey', { ...way, kmsKeyId: KEY })
    expect(await keyOf()).toBe(KEY)
    await bench.call('DisassociateKmsKey', way)
    expect(await keyOf()).toBeUndefined()
  }
  await bench.call('DisassociateKmsKey', { logGroupName: 'g' })
  const once = [
    `GenerateDataKeyWithoutPlaintext as logs.eu-west-1.amazonaws.com for ${GROUP}`,
    { KeyId: KEY, KeySpec: 'AES_256', EncryptionContext: { 'aws:logs:arn': GROUP } },
  ]
  expect(asked).toEqual([once, once, once])
})

test('a key policy may name the service without its region', async () => {
  answer = (service) =>
    service === 'logs.amazonaws.com' ? undefined : new AwsError('AccessDeniedException', 400, 'not allowed')
  await bench.call('AssociateKmsKey', { logGroupName: 'g', kmsKeyId: KEY })
  expect(await keyOf()).toBe(KEY)
})

test('a disabled key is refused in the words of KMS, and a failure of KMS is no answer about the key', async () => {
  const input = { logGroupName: 'g', kmsKeyId: KEY }
  answer = () => new AwsError('DisabledException', 400, `${KEY} is disabled.`)
  await expect(bench.call('AssociateKmsKey', input)).rejects.toMatchObject({
    code: 'InvalidParameterException',
    message: `${KEY} is disabled.`,
  })
  const broken = openLogsBench({ call: () => Promise.reject(new Error('out of order')) })
  await broken.call('CreateLogGroup', { logGroupName: 'g' })
  await expect(broken.call('AssociateKmsKey', input)).rejects.toThrow('out of order')
  await broken.close()
  expect(await keyOf()).toBeUndefined()
})

test('a group can be made with a key', async () => {
  await bench.call('CreateLogGroup', { logGroupName: 'with', kmsKeyId: KEY })
  expect(await keyOf('with')).toBe(KEY)
})

test('a key that may not be used is refused and changes nothing', async () => {
  const input = { logGroupName: 'g', kmsKeyId: `${KEY}0` }
  await expect(bench.call('AssociateKmsKey', input)).rejects.toMatchObject({
    code: 'AccessDeniedException',
    status: 400,
    message: `The specified KMS key does not exist or is not allowed to be used with Arn '${GROUP}'`,
  })
  for (const kmsKeyId of ['0123-abcd', 'alias/x', 'arn:aws:kms:eu-west-1:111122223333:alias/x']) {
    await expect(bench.call('AssociateKmsKey', { ...input, kmsKeyId })).rejects.toMatchObject({
      code: 'InvalidParameterException',
    })
  }
  expect(await keyOf()).toBeUndefined()
})

test('exactly one of name and ARN names the group, which must exist', async () => {
  const invalid = { code: 'InvalidParameterException', message: expect.stringMatching(/^Exactly one of/) }
  await expect(bench.call('AssociateKmsKey', { kmsKeyId: KEY })).rejects.toMatchObject(invalid)
  await expect(
    bench.call('DisassociateKmsKey', { logGroupName: 'g', resourceIdentifier: GROUP }),
  ).rejects.toMatchObject(invalid)
  const results = { resourceIdentifier: 'arn:aws:logs:eu-west-1:111122223333:query-result:*' }
  await expect(bench.call('AssociateKmsKey', { ...results, kmsKeyId: KEY })).rejects.toThrow(/Results of queries/)
  for (const missing of [{ logGroupName: 'no' }, { resourceIdentifier: `${GROUP}no` }]) {
    const call = bench.call('AssociateKmsKey', { ...missing, kmsKeyId: KEY })
    await expect(call).rejects.toThrow('The specified log group does not exist.')
    await expect(bench.call('DisassociateKmsKey', missing)).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    })
  }
})
