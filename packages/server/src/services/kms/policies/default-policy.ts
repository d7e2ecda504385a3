import type { KmsPlace } from '#services/kms/types.ts'

/** How AWS prints policies that it writes itself. */
const printed = (policy: object): string => JSON.stringify(policy, undefined, 2).replaceAll('": ', '" : ')

/** The policy of a key that was created without one: the account decides by its identity policies. */
export const defaultKeyPolicy = ({ account }: KmsPlace): string =>
  printed({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  })

const USE = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncrypt*',
  'kms:GenerateDataKey*',
  'kms:CreateGrant',
  'kms:DescribeKey',
]

/**
 * The policy of an AWS managed key: whoever of the account may use the service uses the key through it, the service
 * itself for resources of the account, and the account may look but not touch.
 */
export const managedKeyPolicy = ({ account, region }: KmsPlace, service: string): string =>
  printed({
    Version: '2012-10-17',
    Id: `auto-${service}-1`,
    Statement: [
      {
        Sid: `Allow access through ${service} for all principals in the account that are authorized to use ${service}`,
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: USE,
        Resource: '*',
        Condition: {
          StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': `${service}.${region}.amazonaws.com` },
        },
      },
      {
        Sid: `Allow ${service} to use the key for resources of the account`,
        Effect: 'Allow',
        Principal: { Service: `${service}.amazonaws.com` },
        Action: USE,
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceAccount': account } },
      },
      {
        Sid: 'Allow direct access to key metadata to the account',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:RevokeGrant'],
        Resource: '*',
      },
    ],
  })
