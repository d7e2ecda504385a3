import { CloudTrailClient } from '@aws-sdk/client-cloudtrail'
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { IAMClient } from '@aws-sdk/client-iam'
import { KMSClient } from '@aws-sdk/client-kms'
import { MqClient } from '@aws-sdk/client-mq'
import { S3Client } from '@aws-sdk/client-s3'
import { STSClient } from '@aws-sdk/client-sts'

/** Whose key signs, and where. Left out: root of account 000000000000 in us-east-1. */
export interface ClientIdentity {
  readonly accessKeyId?: string
  readonly secret?: string
  readonly sessionToken?: string
  readonly region?: string
}

/** The official clients, pointed at a platform. */
export interface Clients {
  readonly logs: CloudWatchLogsClient
  readonly mq: MqClient
  readonly cloudtrail: CloudTrailClient
  readonly cloudwatch: CloudWatchClient
  readonly iam: IAMClient
  readonly sts: STSClient
  readonly kms: KMSClient
  readonly s3: S3Client
}

export function clients(endpoint: string, identity: ClientIdentity = {}): Clients {
  const config = {
    endpoint,
    region: identity.region ?? 'us-east-1',
    credentials: {
      accessKeyId: identity.accessKeyId ?? 'test',
      secretAccessKey: identity.secret ?? 'test',
      ...(identity.sessionToken === undefined ? {} : { sessionToken: identity.sessionToken }),
    },
    maxAttempts: 1,
  }
  return {
    logs: new CloudWatchLogsClient(config),
    mq: new MqClient(config),
    cloudtrail: new CloudTrailClient(config),
    cloudwatch: new CloudWatchClient(config),
    iam: new IAMClient(config),
    sts: new STSClient(config),
    kms: new KMSClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
  }
}
