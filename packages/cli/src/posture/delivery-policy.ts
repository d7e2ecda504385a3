import type { PolicyFacts } from '#cli/posture/facts.ts'
import { type Finding, aws } from '#cli/posture/finding.ts'

const MQ = 'mq.amazonaws.com'
const ACCOUNT = /^arn:aws:mq:[^:]*:(\d{12}):/
/** What needs no quotes in a shell. */
const SAFE = /^[\w.-]+$/

/**
 * Resource policies that let Amazon MQ write for anybody's broker: the confused deputy. @param brokerArn any broker of
 * the account, which tells its number
 */
export function deliveryPolicyFindings(
  policies: readonly PolicyFacts[] | undefined,
  brokerArn: string,
  region: string,
): readonly Finding[] {
  const account = ACCOUNT.exec(brokerArn)?.[1] ?? ''
  return (policies ?? [])
    .filter(({ policyDocument }) => statementsOf(policyDocument).some(isOpen))
    .map(({ policyName }) => ({
      title: `The resource policy ${policyName} lets Amazon MQ write on behalf of any account`,
      detail: 'Name the account, and the brokers, in its condition (the confused deputy).',
      commands: [
        ...(SAFE.test(policyName) ? [aws(region, 'logs', 'delete-resource-policy', '--policy-name', policyName)] : []),
        aws(region, 'logs put-resource-policy --policy-name AmazonMQ-logs --policy-document', `'${closed(account)}'`),
      ],
      blocks: [
        [
          'resource "aws_cloudwatch_log_resource_policy" "amazonmq" {',
          '  policy_name     = "AmazonMQ-logs"',
          `  policy_document = ${JSON.stringify(closed(account))}`,
          '}',
        ].join('\n'),
      ],
    }))
}

const closed = (account: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: MQ },
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: 'arn:aws:logs:*:*:log-group:/aws/amazonmq/*',
        Condition: {
          ArnLike: { 'aws:SourceArn': `arn:aws:mq:*:${account}:broker:*` },
          StringEquals: { 'aws:SourceAccount': account },
        },
      },
    ],
  })

/** Allows Amazon MQ without a condition on whose broker it is. */
function isOpen(statement: Readonly<Record<string, unknown>>): boolean {
  const { Effect: effect, Principal: principal, Condition: condition } = statement
  if (effect !== 'Allow' || !JSON.stringify(principal ?? '').includes(`"${MQ}"`)) return false
  return !/"aws:Source(Arn|Account)"/i.test(JSON.stringify(condition ?? ''))
}

/** A document's statements; of one that is no policy, none. */
function statementsOf(document: string): readonly Readonly<Record<string, unknown>>[] {
  try {
    const { Statement: found } = JSON.parse(document) as { readonly Statement?: unknown }
    const list: readonly unknown[] = Array.isArray(found) ? found : [found]
    return list.filter((each): each is Record<string, unknown> => typeof each === 'object' && each !== null)
  } catch {
    return []
  }
}
