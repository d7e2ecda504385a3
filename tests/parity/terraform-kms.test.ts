import { join } from 'node:path'
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  ListGrantsCommand,
  ListResourceTagsCommand,
} from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Clients, clients } from '@sluice/testkit/clients.ts'
import { type TestPlatform, startTestPlatform, temporaryDirectory } from '@sluice/testkit/platform.ts'
import { type Terraform, findTerraform, terraform } from '@sluice/testkit/terraform.ts'

const found = findTerraform()
const title = typeof found === 'string' ? `Terraform (${found})` : 'Terraform'

interface Wanted {
  readonly description: string
  readonly rotates: boolean
  readonly enabled: boolean
}

const configurationOf = ({ description, rotates, enabled }: Wanted): string => `
terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}
provider "aws" {}
data "aws_caller_identity" "me" {}

resource "aws_kms_key" "orders" {
  description             = "${description}"
  deletion_window_in_days = 7
  enable_key_rotation     = ${String(rotates)}
  is_enabled              = ${String(enabled)}
  tags                    = { team = "orders" }
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Enable IAM User Permissions"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::\${data.aws_caller_identity.me.account_id}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_kms_key" "signing" {
  customer_master_key_spec = "ECC_NIST_P256"
  key_usage                = "SIGN_VERIFY"
  deletion_window_in_days  = 7
}

resource "aws_kms_alias" "orders" {
  name          = "alias/terraform/orders"
  target_key_id = aws_kms_key.orders.key_id
}

resource "aws_iam_role" "reader" {
  name = "reader"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "mq.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_kms_grant" "reader" {
  name              = "reader"
  key_id            = aws_kms_key.orders.key_id
  grantee_principal = aws_iam_role.reader.arn
  operations        = ["Decrypt", "DescribeKey"]
  constraints {
    encryption_context_equals = { team = "orders" }
  }
}

data "aws_kms_alias" "orders" {
  name       = "alias/terraform/orders"
  depends_on = [aws_kms_alias.orders]
}

output "key" { value = aws_kms_key.orders.arn }
output "by_alias" { value = data.aws_kms_alias.orders.target_key_arn }
`

describe.skipIf(typeof found === 'string')(`${title} keeps keys of KMS`, () => {
  const directory = temporaryDirectory()
  let platform: TestPlatform
  let aws: Clients
  let tf: Terraform
  beforeAll(async () => {
    if (typeof found === 'string') return
    platform = await startTestPlatform({ data: join(directory.path, 'data') })
    aws = clients(platform.url)
    tf = terraform(found, join(directory.path, 'terraform'), platform.url)
  })
  afterAll(async () => {
    await platform.stop()
    directory.remove()
  })

  const wanted: Wanted = { description: 'Keys of orders', rotates: true, enabled: true }
  const KeyId = 'alias/terraform/orders'

  test('makes them as they are written, and finds nothing to change afterwards', async () => {
    tf.configure(configurationOf(wanted))
    await tf.run('init', '-no-color', '-input=false')
    await tf.run('apply', '-auto-approve', '-no-color', '-input=false')
    const { KeyMetadata } = await aws.kms.send(new DescribeKeyCommand({ KeyId }))
    expect(KeyMetadata).toMatchObject({ Description: 'Keys of orders', KeyState: 'Enabled' })
    const key = { KeyId: KeyMetadata?.KeyId ?? '' }
    expect(await aws.kms.send(new GetKeyRotationStatusCommand(key))).toMatchObject({ KeyRotationEnabled: true })
    expect((await aws.kms.send(new ListResourceTagsCommand(key))).Tags).toEqual([
      { TagKey: 'team', TagValue: 'orders' },
    ])
    expect((await aws.kms.send(new GetKeyPolicyCommand(key))).Policy).toContain('Enable IAM User Permissions')
    expect((await aws.kms.send(new ListGrantsCommand(key))).Grants).toMatchObject([
      { Name: 'reader', Operations: expect.arrayContaining(['Decrypt', 'DescribeKey']) },
    ])
    expect(await tf.run('output', '-raw', 'by_alias')).toBe(await tf.run('output', '-raw', 'key'))
    expect(await tf.hasChanges()).toBe(false)
  })

  test('changes them, and takes them away', async () => {
    tf.configure(configurationOf({ description: 'Old keys of orders', rotates: false, enabled: false }))
    await tf.run('apply', '-auto-approve', '-no-color', '-input=false')
    const { KeyMetadata } = await aws.kms.send(new DescribeKeyCommand({ KeyId }))
    expect(KeyMetadata).toMatchObject({ Description: 'Old keys of orders', KeyState: 'Disabled' })
    expect(await tf.hasChanges()).toBe(false)
    await tf.run('destroy', '-auto-approve', '-no-color', '-input=false')
    const gone = await aws.kms.send(new DescribeKeyCommand({ KeyId: KeyMetadata?.KeyId ?? '' }))
    expect(gone.KeyMetadata?.KeyState).toBe('PendingDeletion')
    await expect(aws.kms.send(new DescribeKeyCommand({ KeyId }))).rejects.toThrow(/is not found/)
  })
})
