import { kmsErrors } from '#services/kms/errors.ts'
import type { GrantConstraints, GrantOperation, GrantRecord } from '#services/kms/grants/grant-record.ts'
import type { Key } from '#services/kms/keys/key-record.ts'
import type { KeyUsage } from '#services/kms/keys/specs.ts'
import type { EncryptionContext, KmsInput } from '#services/kms/types.ts'

const ACCOUNT_PRINCIPAL =
  /^arn:aws[a-z-]*:(?:iam::\d{12}:(?:root|user\/.+|role\/.+)|sts::\d{12}:(?:assumed-role\/[^/]+\/.+|federated-user\/.+))$/
const SERVICE_PRINCIPAL = /^[a-z0-9.-]+\.amazonaws\.com$/

type Principals = Pick<
  KmsInput<'CreateGrant'>,
  'GranteePrincipal' | 'GranteeServicePrincipal' | 'RetiringPrincipal' | 'RetiringServicePrincipal'
>

/** What grants can allow, by what a key is for. @source AWS KMS developer guide, "Grant operations" */
const OPERATIONS: Readonly<Record<KeyUsage, readonly GrantOperation[]>> = {
  ENCRYPT_DECRYPT: ['Decrypt', 'Encrypt', 'ReEncryptFrom', 'ReEncryptTo'],
  SIGN_VERIFY: ['Sign', 'Verify', 'GetPublicKey'],
  GENERATE_VERIFY_MAC: ['GenerateMac', 'VerifyMac'],
  KEY_AGREEMENT: ['DeriveSharedSecret', 'GetPublicKey'],
}
const SYMMETRIC: readonly GrantOperation[] = [
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
]
const ANY: readonly GrantOperation[] = ['CreateGrant', 'RetireGrant', 'DescribeKey']

/** A grant as CreateGrant asks for it. @throws AwsError InvalidArnException, ValidationException */
export function readGrant(
  input: KmsInput<'CreateGrant'>,
  key: Key,
): Pick<GrantRecord, 'grantee' | 'retiring' | 'operations' | 'constraints' | 'name'> {
  const grantee = granteeOf(input)
  if (grantee === undefined) throw kmsErrors.missing('granteePrincipal')
  const retiring = retiringOf(input)
  const constraints = readConstraints(input.Constraints)
  checkOperations(input.Operations, constraints, key)
  return {
    grantee,
    operations: [...new Set(input.Operations)],
    constraints,
    ...(retiring === undefined ? {} : { retiring }),
    ...(input.Name === undefined ? {} : { name: input.Name }),
  }
}

/** @throws AwsError InvalidArnException; ValidationException when both sorts are given */
export const granteeOf = (input: Principals): string | undefined =>
  principalOf('grantee', input.GranteePrincipal, input.GranteeServicePrincipal)

/** @throws AwsError InvalidArnException; ValidationException when both sorts are given */
export const retiringOf = (input: Principals): string | undefined =>
  principalOf('retiring', input.RetiringPrincipal, input.RetiringServicePrincipal)

function principalOf(role: string, principal: string | undefined, service: string | undefined): string | undefined {
  if (principal !== undefined && service !== undefined)
    throw kmsErrors.validation(`Specify either a ${role} principal or a ${role} service principal, not both.`)
  const given = principal ?? service
  if (given === undefined) return undefined
  if (!SERVICE_PRINCIPAL.test(given) && (service !== undefined || !ACCOUNT_PRINCIPAL.test(given)))
    throw kmsErrors.invalidPrincipal(given)
  return given
}

/**
 * The constraints of a request. Pairs that are given empty are none: Terraform sends both members, one of them empty.
 * @throws AwsError ValidationException when a context is to be equal and a part at once
 */
export function readConstraints(given: KmsInput<'CreateGrant'>['Constraints'] = {}): GrantConstraints {
  const contextEquals = pairsIn(given.EncryptionContextEquals)
  const contextSubset = pairsIn(given.EncryptionContextSubset)
  const { SourceArn: sourceArn } = given
  if (contextEquals !== undefined && contextSubset !== undefined)
    throw kmsErrors.validation('Specify either EncryptionContextEquals or EncryptionContextSubset, not both.')
  return {
    ...(contextEquals === undefined ? {} : { contextEquals }),
    ...(contextSubset === undefined ? {} : { contextSubset }),
    ...(sourceArn === undefined ? {} : { sourceArn }),
  }
}

const pairsIn = (pairs: EncryptionContext | undefined): EncryptionContext | undefined =>
  pairs === undefined || Object.keys(pairs).length === 0 ? undefined : pairs

function checkOperations(operations: readonly GrantOperation[], constraints: GrantConstraints, key: Key): void {
  if (operations.length === 0) throw kmsErrors.validation('A grant needs at least one operation.')
  const symmetric = key.spec === 'SYMMETRIC_DEFAULT'
  const asymmetric = key.spec.startsWith('RSA') || key.spec.startsWith('ECC')
  const usable = new Set<GrantOperation>([
    ...OPERATIONS[key.usage],
    ...ANY,
    ...(symmetric ? SYMMETRIC : []),
    ...(asymmetric ? (['GetPublicKey'] as const) : []),
  ])
  const wrong = operations.find((operation) => !usable.has(operation))
  if (wrong !== undefined)
    throw kmsErrors.validation(
      `The operation ${wrong} is not valid for a grant on a key of spec ${key.spec} for ${key.usage}.`,
    )
  if (!symmetric && (constraints.contextEquals ?? constraints.contextSubset) !== undefined)
    throw kmsErrors.validation('Encryption context constraints are for symmetric encryption keys only.')
}
