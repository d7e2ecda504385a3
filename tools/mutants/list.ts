import { CLOUDTRAIL_MUTANTS } from './list-cloudtrail.ts'
import { ALARM_MUTANTS } from './list-alarms.ts'
import { CLOUDWATCH_MUTANTS } from './list-cloudwatch.ts'
import { DELIVERY_MUTANTS } from './list-deliveries.ts'
import { GATE_MUTANTS } from './list-gates.ts'
import { IAM_MUTANTS } from './list-iam.ts'
import { POLICY_EVALUATION_MUTANTS } from './list-policy-evaluation.ts'
import { POLICY_OPERATOR_MUTANTS } from './list-policy-operators.ts'
import { KMS_MUTANTS } from './list-kms.ts'
import { LOG_MUTANTS } from './list-logs.ts'
import { MQ_MUTANTS } from './list-mq.ts'
import { PATTERN_MUTANTS } from './list-patterns.ts'
import { IDENTITY_MUTANTS } from './list-identity.ts'
import { S3_MUTANTS } from './list-s3.ts'
import { SIGNATURE_MUTANTS } from './list-signatures.ts'
import { STORE_MUTANTS } from './list-stores.ts'
import { TRANSPORT_MUTANTS } from './list-transport.ts'
import { WIRE_MUTANTS } from './list-wire.ts'
import type { Mutant } from './mutant.ts'

/** Every mutant: what must be noticed when it is missing. */
export const MUTANTS: readonly Mutant[] = [
  ...CLOUDTRAIL_MUTANTS,
  ...CLOUDWATCH_MUTANTS,
  ...ALARM_MUTANTS,
  ...DELIVERY_MUTANTS,
  ...GATE_MUTANTS,
  ...IAM_MUTANTS,
  ...POLICY_OPERATOR_MUTANTS,
  ...POLICY_EVALUATION_MUTANTS,
  ...KMS_MUTANTS,
  ...LOG_MUTANTS,
  ...MQ_MUTANTS,
  ...PATTERN_MUTANTS,
  ...IDENTITY_MUTANTS,
  ...S3_MUTANTS,
  ...SIGNATURE_MUTANTS,
  ...STORE_MUTANTS,
  ...TRANSPORT_MUTANTS,
  ...WIRE_MUTANTS,
]
