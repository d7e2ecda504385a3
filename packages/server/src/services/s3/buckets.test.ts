import {
  CreateBucketCommand,
  DeleteBucketAnalyticsConfigurationCommand,
  DeleteBucketCommand,
  DeleteBucketCorsCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketReplicationCommand,
  DeleteBucketTaggingCommand,
  DeleteBucketWebsiteCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketAclCommand,
  GetBucketAnalyticsConfigurationCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketIntelligentTieringConfigurationCommand,
  GetBucketInventoryConfigurationCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketLoggingCommand,
  GetBucketMetricsConfigurationCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectAclCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketAnalyticsConfigurationsCommand,
  ListBucketIntelligentTieringConfigurationsCommand,
  ListBucketInventoryConfigurationsCommand,
  ListBucketMetricsConfigurationsCommand,
  ListBucketsCommand,
  PutBucketAccelerateConfigurationCommand,
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketRequestPaymentCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutBucketWebsiteCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  DeleteBucketInventoryConfigurationCommand,
  DeleteBucketMetricsConfigurationCommand,
  DeleteBucketIntelligentTieringConfigurationCommand,
  GetBucketMetadataConfigurationCommand,
  GetBucketMetadataTableConfigurationCommand,
  PutBucketAbacCommand,
  GetBucketAbacCommand,
  RestoreObjectCommand,
} from '@aws-sdk/client-s3'
import { describe, expect, test } from 'vitest'
import { refusal, useS3 } from '../../../../testkit/src/s3-bench.ts'

const { bench, s3, Bucket } = useS3('orders')
const OTHER = { accessKeyId: '444455556666', secret: 'test' }
const elsewhere = (region: string) => bench().clientOf({ accessKeyId: '111122223333', secret: 'test', region })

test('what is no name of a bucket is refused', async () => {
  for (const name of ['ab', 'Upper', 'two..dots'])
    expect(await refusal(s3().send(new CreateBucketCommand({ Bucket: name })))).toBe('InvalidBucketName 400')
})

describe('making and removing', () => {
  test('one’s own name again is a success in the first region, and another’s never', async () => {
    await s3().send(new CreateBucketCommand({ Bucket }))
    const stranger = bench().clientOf(OTHER)
    expect(await refusal(stranger.send(new CreateBucketCommand({ Bucket })))).toBe('BucketAlreadyExists 409')
    const frankfurt = elsewhere('eu-central-1')
    const there = { Bucket: 'theirs', CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' as const } }
    await frankfurt.send(new CreateBucketCommand(there))
    expect(await refusal(frankfurt.send(new CreateBucketCommand(there)))).toBe('BucketAlreadyOwnedByYou 409')
  })

  test('of many that want one name exactly one gets it', async () => {
    const clients = Array.from({ length: 8 }, (_, n) =>
      bench().clientOf({ accessKeyId: `${String(n + 1)}00000000000`, secret: 'test' }),
    )
    const all = await Promise.all(
      clients.map((client) => refusal(client.send(new CreateBucketCommand({ Bucket: 'race' })))),
    )
    expect(all.filter((one) => one === 'nothing was refused')).toHaveLength(1)
  })

  test('where it is', async () => {
    expect((await s3().send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBeUndefined()
    const ireland = elsewhere('eu-west-1')
    await ireland.send(
      new CreateBucketCommand({ Bucket: 'old', CreateBucketConfiguration: { LocationConstraint: 'EU' } }),
    )
    expect((await ireland.send(new GetBucketLocationCommand({ Bucket: 'old' }))).LocationConstraint).toBe('eu-west-1')
  })

  test('a region that does not fit the endpoint, or was left out', async () => {
    const ireland = elsewhere('eu-west-1')
    const other = { Bucket: 'x-1', CreateBucketConfiguration: { LocationConstraint: 'eu-west-2' as const } }
    expect(await refusal(ireland.send(new CreateBucketCommand(other)))).toBe('IllegalLocationConstraintException 400')
  })

  test('who signs for another region is told the right one', async () => {
    const error = await elsewhere('eu-west-1')
      .send(new GetBucketLocationCommand({ Bucket }))
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      name: 'AuthorizationHeaderMalformed',
      Region: 'us-east-1',
      $metadata: { httpStatusCode: 400 },
    })
    const { headers } = (error as { readonly $response: { readonly headers: Record<string, string> } }).$response
    expect(headers['x-amz-bucket-region']).toBe('us-east-1')
  })

  test('a bucket goes when it is empty, and comes back empty', async () => {
    await s3().send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }))
    expect(await refusal(s3().send(new DeleteBucketCommand({ Bucket })))).toBe('BucketNotEmpty 409')
    await s3().send(new DeleteObjectCommand({ Bucket, Key: 'k' }))
    await s3().send(new DeleteBucketCommand({ Bucket }))
    expect(await refusal(s3().send(new HeadBucketCommand({ Bucket })))).toBe('NotFound 404')
    expect(await refusal(s3().send(new DeleteBucketCommand({ Bucket })))).toBe('NoSuchBucket 404')
    await s3().send(new CreateBucketCommand({ Bucket }))
    expect((await s3().send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0)
  })

  test('an object never gets into a bucket that is removed meanwhile', async () => {
    for (let n = 0; n < 10; n += 1) {
      const name = `race-${String(n)}`
      await s3().send(new CreateBucketCommand({ Bucket: name }))
      const [put, remove] = await Promise.all([
        refusal(s3().send(new PutObjectCommand({ Bucket: name, Key: 'k', Body: 'x' }))),
        refusal(s3().send(new DeleteBucketCommand({ Bucket: name }))),
      ])
      expect([put, remove]).toSatisfy(
        ([one, other]: string[]) =>
          (one === 'nothing was refused' && other === 'BucketNotEmpty 409') ||
          (one === 'NoSuchBucket 404' && other === 'nothing was refused'),
      )
    }
  })

  test('an account lists its own, by name, page by page', async () => {
    for (const name of ['b-2', 'a-1', 'b-1']) await s3().send(new CreateBucketCommand({ Bucket: name }))
    await bench()
      .clientOf(OTHER)
      .send(new CreateBucketCommand({ Bucket: 'theirs' }))
    const names = async (more: object = {}) => {
      const { Buckets = [], ContinuationToken } = await s3().send(new ListBucketsCommand(more))
      return [Buckets.map(({ Name }) => Name), ContinuationToken] as const
    }
    expect((await names())[0]).toEqual(['a-1', 'b-1', 'b-2', 'orders'])
    expect((await names({ Prefix: 'b-' }))[0]).toEqual(['b-1', 'b-2'])
    expect((await names({ BucketRegion: 'eu-west-1' }))[0]).toEqual([])
    const [first, token] = await names({ MaxBuckets: 3 })
    const [rest] = await names({ MaxBuckets: 3, ContinuationToken: token })
    expect([first, rest]).toEqual([['a-1', 'b-1', 'b-2'], ['orders']])
    expect(await refusal(s3().send(new ListBucketsCommand({ ContinuationToken: 'made-up' })))).toBe(
      'InvalidArgument 400',
    )
  })
})

/** What a fresh bucket answers, in the order in which Terraform asks. */
test('a fresh bucket, read as Terraform reads it', async () => {
  const of = { Bucket }
  await s3().send(new HeadBucketCommand(of))
  expect(await refusal(s3().send(new GetBucketPolicyCommand(of)))).toBe('NoSuchBucketPolicy 404')
  expect(await s3().send(new GetBucketAclCommand(of))).toMatchObject({
    Grants: [{ Grantee: { Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }],
  })
  expect(await refusal(s3().send(new GetBucketCorsCommand(of)))).toBe('NoSuchCORSConfiguration 404')
  expect(await refusal(s3().send(new GetBucketWebsiteCommand(of)))).toBe('NoSuchWebsiteConfiguration 404')
  expect((await s3().send(new GetBucketVersioningCommand(of))).Status).toBeUndefined()
  expect((await s3().send(new GetBucketAccelerateConfigurationCommand(of))).Status).toBeUndefined()
  expect((await s3().send(new GetBucketRequestPaymentCommand(of))).Payer).toBe('BucketOwner')
  expect((await s3().send(new GetBucketLoggingCommand(of))).LoggingEnabled).toBeUndefined()
  expect(await refusal(s3().send(new GetBucketLifecycleConfigurationCommand(of)))).toBe(
    'NoSuchLifecycleConfiguration 404',
  )
  expect(await refusal(s3().send(new GetBucketReplicationCommand(of)))).toBe(
    'ReplicationConfigurationNotFoundError 404',
  )
  expect(await s3().send(new GetBucketEncryptionCommand(of))).toMatchObject({
    ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
  })
  expect(await refusal(s3().send(new GetObjectLockConfigurationCommand(of)))).toBe(
    'ObjectLockConfigurationNotFoundError 404',
  )
  expect(await refusal(s3().send(new GetBucketTaggingCommand(of)))).toBe('NoSuchTagSet 404')
  expect(await s3().send(new GetPublicAccessBlockCommand(of))).toMatchObject({
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    },
  })
  expect(await s3().send(new GetBucketOwnershipControlsCommand(of))).toMatchObject({
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  })
  expect((await s3().send(new GetBucketNotificationConfigurationCommand(of))).TopicConfigurations).toBeUndefined()
  expect(await refusal(s3().send(new GetBucketPolicyStatusCommand(of)))).toBe('NoSuchBucketPolicy 404')
})

describe('what is put is read back, and gone when it is deleted', () => {
  test('tags', async () => {
    const TagSet = [{ Key: 'team', Value: 'orders' }]
    await s3().send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }))
    expect((await s3().send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(TagSet)
    await s3().send(new DeleteBucketTaggingCommand({ Bucket }))
    expect(await refusal(s3().send(new GetBucketTaggingCommand({ Bucket })))).toBe('NoSuchTagSet 404')
    const twice = { TagSet: [...TagSet, ...TagSet] }
    expect(await refusal(s3().send(new PutBucketTaggingCommand({ Bucket, Tagging: twice })))).toBe('InvalidTag 400')
  })

  test('the policy, byte for byte', async () => {
    const Policy = `{ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Principal": { "Service": "cloudtrail.amazonaws.com" },
      "Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::${Bucket}" } }`
    await s3().send(new PutBucketPolicyCommand({ Bucket, Policy }))
    expect((await s3().send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy)
    expect(await s3().send(new GetBucketPolicyStatusCommand({ Bucket }))).toMatchObject({
      PolicyStatus: { IsPublic: false },
    })
    await s3().send(new DeleteBucketPolicyCommand({ Bucket }))
    expect(await refusal(s3().send(new GetBucketPolicyCommand({ Bucket })))).toBe('NoSuchBucketPolicy 404')
  })

  test.each([
    ['no JSON', '{'],
    ['no principal', '{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::orders"}}'],
    [
      'another bucket',
      '{"Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"arn:aws:s3:::other"}}',
    ],
    [
      'another service',
      '{"Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sqs:*","Resource":"arn:aws:s3:::orders"}}',
    ],
  ])('a policy with %s is none', async (_, Policy) => {
    expect(await refusal(s3().send(new PutBucketPolicyCommand({ Bucket, Policy })))).toBe('MalformedPolicy 400')
  })

  test('encryption, which goes back to what every bucket has', async () => {
    const rule = (SSEAlgorithm: 'AES256' | 'aws:kms', more: object = {}) => ({
      Bucket,
      ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm, ...more } }] },
    })
    await s3().send(new PutBucketEncryptionCommand(rule('aws:kms', { KMSMasterKeyID: 'alias/x' })))
    expect(await s3().send(new GetBucketEncryptionCommand({ Bucket }))).toMatchObject({
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/x' } }],
      },
    })
    expect(await refusal(s3().send(new PutBucketEncryptionCommand(rule('AES256', { KMSMasterKeyID: 'x' }))))).toBe(
      'InvalidArgument 400',
    )
    await s3().send(new DeleteBucketEncryptionCommand({ Bucket }))
    expect(await s3().send(new GetBucketEncryptionCommand({ Bucket }))).toMatchObject({
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    })
  })

  test('Block Public Access, which keeps public policies out', async () => {
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` },
    })
    expect(await refusal(s3().send(new PutBucketPolicyCommand({ Bucket, Policy })))).toBe('AccessDenied 403')
    await s3().send(
      new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: true } }),
    )
    expect(await s3().send(new GetPublicAccessBlockCommand({ Bucket }))).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: false },
    })
    await s3().send(new PutBucketPolicyCommand({ Bucket, Policy }))
    expect(await s3().send(new GetBucketPolicyStatusCommand({ Bucket }))).toMatchObject({
      PolicyStatus: { IsPublic: true },
    })
    await s3().send(new DeletePublicAccessBlockCommand({ Bucket }))
    expect(await refusal(s3().send(new GetPublicAccessBlockCommand({ Bucket })))).toBe(
      'NoSuchPublicAccessBlockConfiguration 404',
    )
  })

  test('ownership: the one that is true', async () => {
    const put = (ObjectOwnership: 'BucketOwnerEnforced' | 'ObjectWriter') =>
      s3().send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership }] } }))
    await put('BucketOwnerEnforced')
    expect(await refusal(put('ObjectWriter'))).toBe('NotImplemented 501')
    await s3().send(new DeleteBucketOwnershipControlsCommand({ Bucket }))
    expect(await refusal(s3().send(new GetBucketOwnershipControlsCommand({ Bucket })))).toBe(
      'OwnershipControlsNotFoundError 404',
    )
  })

  test('rules for web pages', async () => {
    const CORSRules = [{ AllowedMethods: ['GET'], AllowedOrigins: ['https://*.example.org'], MaxAgeSeconds: 60 }]
    const put = (rules: typeof CORSRules) =>
      s3().send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: rules } }))
    await put(CORSRules)
    expect((await s3().send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual(CORSRules)
    expect(await refusal(put([{ AllowedMethods: ['PATCH'], AllowedOrigins: ['*'], MaxAgeSeconds: 1 }]))).toBe(
      'InvalidRequest 400',
    )
    expect(await refusal(put([{ AllowedMethods: ['GET'], AllowedOrigins: ['*.*'], MaxAgeSeconds: 1 }]))).toBe(
      'InvalidRequest 400',
    )
    await s3().send(new DeleteBucketCorsCommand({ Bucket }))
    expect(await refusal(s3().send(new GetBucketCorsCommand({ Bucket })))).toBe('NoSuchCORSConfiguration 404')
  })

  test('rules of expiry', async () => {
    const put = (rule: object) =>
      s3().send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket,
          LifecycleConfiguration: { Rules: [{ Status: 'Enabled', Filter: { Prefix: 'tmp/' }, ...rule }] },
        }),
      )
    await put({ ID: 'tidy', Expiration: { Days: 7 } })
    expect((await s3().send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toMatchObject([
      { ID: 'tidy', Status: 'Enabled', Filter: { Prefix: 'tmp/' }, Expiration: { Days: 7 } },
    ])
    expect(await refusal(put({ Transitions: [{ Days: 30, StorageClass: 'GLACIER' }] }))).toBe('NotImplemented 501')
    expect(await refusal(put({ Expiration: { Days: 0 } }))).toBe('InvalidArgument 400')
    expect(await refusal(put({ Expiration: { Date: new Date(1_795_259_800_500) } }))).toBe('InvalidArgument 400')
    expect(await refusal(put({}))).toBe('InvalidRequest 400')
    await s3().send(new DeleteBucketLifecycleCommand({ Bucket }))
    expect(await refusal(s3().send(new GetBucketLifecycleConfigurationCommand({ Bucket })))).toBe(
      'NoSuchLifecycleConfiguration 404',
    )
  })
})

describe('what cannot be true here is refused, and saying what is so is taken', () => {
  test('ACLs', async () => {
    await s3().send(new PutObjectCommand({ Bucket, Key: 'k' }))
    expect(await refusal(s3().send(new PutBucketAclCommand({ Bucket, ACL: 'public-read' })))).toBe(
      'AccessControlListNotSupported 400',
    )
    expect(await refusal(s3().send(new PutObjectAclCommand({ Bucket, Key: 'k', ACL: 'public-read' })))).toBe(
      'AccessControlListNotSupported 400',
    )
    await s3().send(new PutObjectAclCommand({ Bucket, Key: 'k', ACL: 'bucket-owner-full-control' }))
    expect(await s3().send(new GetObjectAclCommand({ Bucket, Key: 'k' }))).toMatchObject({
      Grants: [{ Permission: 'FULL_CONTROL' }],
    })
    expect(await refusal(s3().send(new CreateBucketCommand({ Bucket: 'acl-1', ACL: 'public-read' })))).toBe(
      'AccessControlListNotSupported 400',
    )
  })

  test('everything else', async () => {
    await s3().send(new PutObjectCommand({ Bucket, Key: 'k' }))
    const refused: readonly (readonly [() => Promise<unknown>, string])[] = [
      [
        () =>
          s3().send(
            new PutBucketVersioningCommand({
              Bucket,
              VersioningConfiguration: { Status: 'Enabled', MFADelete: 'Enabled' },
            }),
          ),
        'NotImplemented 501',
      ],
      [
        () =>
          s3().send(
            new PutBucketRequestPaymentCommand({ Bucket, RequestPaymentConfiguration: { Payer: 'Requester' } }),
          ),
        'NotImplemented 501',
      ],
      [
        () =>
          s3().send(
            new PutBucketLoggingCommand({
              Bucket,
              BucketLoggingStatus: { LoggingEnabled: { TargetBucket: 'x', TargetPrefix: '' } },
            }),
          ),
        'NotImplemented 501',
      ],
      [
        () =>
          s3().send(
            new PutBucketAccelerateConfigurationCommand({ Bucket, AccelerateConfiguration: { Status: 'Enabled' } }),
          ),
        'NotImplemented 501',
      ],
      [
        () =>
          s3().send(
            new PutBucketNotificationConfigurationCommand({
              Bucket,
              NotificationConfiguration: { EventBridgeConfiguration: {} },
            }),
          ),
        'NotImplemented 501',
      ],
      [() => s3().send(new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration: {} })), 'NotImplemented 501'],
      [() => s3().send(new GetBucketAnalyticsConfigurationCommand({ Bucket, Id: 'x' })), 'NoSuchConfiguration 404'],
      [() => s3().send(new GetBucketInventoryConfigurationCommand({ Bucket, Id: 'x' })), 'NoSuchConfiguration 404'],
      [() => s3().send(new GetBucketMetricsConfigurationCommand({ Bucket, Id: 'x' })), 'NoSuchConfiguration 404'],
      [
        () => s3().send(new GetBucketIntelligentTieringConfigurationCommand({ Bucket, Id: 'x' })),
        'NoSuchConfiguration 404',
      ],
      [() => s3().send(new DeleteBucketAnalyticsConfigurationCommand({ Bucket, Id: 'x' })), 'NoSuchConfiguration 404'],
      [() => s3().send(new DeleteBucketInventoryConfigurationCommand({ Bucket, Id: 'x' })), 'NoSuchConfiguration 404'],
      [() => s3().send(new DeleteBucketMetricsConfigurationCommand({ Bucket, Id: 'x' })), 'NoSuchConfiguration 404'],
      [
        () => s3().send(new DeleteBucketIntelligentTieringConfigurationCommand({ Bucket, Id: 'x' })),
        'NoSuchConfiguration 404',
      ],
      [() => s3().send(new GetBucketMetadataConfigurationCommand({ Bucket })), 'MetadataConfigurationNotFound 404'],
      [
        () => s3().send(new GetBucketMetadataTableConfigurationCommand({ Bucket })),
        'MetadataTableConfigurationNotFound 404',
      ],
      [() => s3().send(new PutBucketAbacCommand({ Bucket, AbacStatus: { Status: 'Enabled' } })), 'NotImplemented 501'],
      [
        () => s3().send(new RestoreObjectCommand({ Bucket, Key: 'none', RestoreRequest: { Days: 1 } })),
        'NoSuchKey 404',
      ],
      [
        () => s3().send(new RestoreObjectCommand({ Bucket, Key: 'k', RestoreRequest: { Days: 1 } })),
        'InvalidObjectState 403',
      ],
    ]
    for (const [call, expected] of refused) expect(await refusal(call())).toBe(expected)
    await s3().send(
      new PutBucketRequestPaymentCommand({ Bucket, RequestPaymentConfiguration: { Payer: 'BucketOwner' } }),
    )
    await s3().send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: {} }))
    await s3().send(
      new PutBucketAccelerateConfigurationCommand({ Bucket, AccelerateConfiguration: { Status: 'Suspended' } }),
    )
    await s3().send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: {} }))
    await s3().send(new PutBucketAbacCommand({ Bucket, AbacStatus: { Status: 'Disabled' } }))
    expect((await s3().send(new GetBucketAbacCommand({ Bucket }))).AbacStatus).toEqual({ Status: 'Disabled' })
    await s3().send(new DeleteBucketWebsiteCommand({ Bucket }))
    await s3().send(new DeleteBucketReplicationCommand({ Bucket }))
    for (const list of [
      new ListBucketAnalyticsConfigurationsCommand({ Bucket }),
      new ListBucketInventoryConfigurationsCommand({ Bucket }),
      new ListBucketMetricsConfigurationsCommand({ Bucket }),
      new ListBucketIntelligentTieringConfigurationsCommand({ Bucket }),
    ])
      expect(await s3().send(list)).toMatchObject({ IsTruncated: false })
  })
})
