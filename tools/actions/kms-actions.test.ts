import { afterAll, beforeAll, expect, test } from 'vitest'
import { type KmsBench, openKmsBench } from '../../packages/testkit/src/kms-bench.ts'
import { operationActions } from '../../packages/server/src/kernel/operation-actions.ts'
import { exists, fits } from './asked.ts'

let bench: KmsBench
beforeAll(async () => {
  bench = await openKmsBench()
})
afterAll(() => bench.close())

/** What any operation may be given, of a key that is there. */
async function anyInput(): Promise<object> {
  const { Arn: KeyId } = await bench.key()
  const AliasName = `alias/${KeyId.slice(-36)}`
  await bench.call('CreateAlias', { AliasName, TargetKeyId: KeyId })
  const { CiphertextBlob } = await bench.call('Encrypt', { KeyId, Plaintext: Buffer.from('text') })
  const GranteePrincipal = 'arn:aws:iam::111122223333:role/r'
  const { GrantId } = await bench.call('CreateGrant', { KeyId, GranteePrincipal, Operations: ['Decrypt'] })
  return {
    ...{ KeyId, AliasName, TargetKeyId: KeyId, DestinationKeyId: KeyId, CiphertextBlob, GrantId },
    ...{ GranteePrincipal, Operations: ['Decrypt'], Tags: [], TagKeys: [] },
  }
}

interface AnyAccess {
  readonly checks:
    | 'none'
    | ((input: object, scope: object) => Promise<readonly { readonly action: string; readonly resource: string }[]>)
}

test('every operation of KMS asks what the reference says, on resources of the right kind', async () => {
  const access = Object.entries(bench.service.access as Readonly<Record<string, AnyAccess>>)
  expect(access.length).toBeGreaterThan(40)
  for (const [operation, { checks }] of access) {
    const asked = checks === 'none' ? [] : await checks(await anyInput(), bench.context())
    const needs = operationActions()['kms']?.[operation] ?? []
    expect(asked.map(({ action }) => action)).toEqual(expect.arrayContaining(needs.map(([action]) => action)))
    const odd = asked.filter(({ action, resource }) => !exists(action) || !fits(action, resource))
    expect(odd.map(({ action, resource }) => `${operation}: ${action} ${resource}`)).toEqual([])
  }
})
