import * as sdk from '@aws-sdk/client-cloudwatch-logs'
import { CreateKeyCommand } from '@aws-sdk/client-kms'
import { expect } from 'vitest'
import { INVALID, type LogsCase, type LogsDesk, NONE, NO_GROUP, arnOf, described } from './logs-cases.ts'

const TARGET = 'the far end of a subscription'
const STREAM_ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s'
const ROLE_ARN = 'arn:aws:iam::000000000000:role/r'

const resourcePolicy = (Resource: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'mq.amazonaws.com' }, Action: 'logs:PutLogEvents', Resource }],
  })

/** Masks e-mail addresses. */
const PROTECTION = JSON.stringify({
  Name: 'p',
  Version: '2021-06-01',
  Statement: [{ Audit: { FindingsDestination: {} } }, { Deidentify: { MaskConfig: {} } }].map((Operation) => ({
    DataIdentifier: ['arn:aws:dataprotection::aws:data-identifier/EmailAddress'],
    Operation,
  })),
})
const DATA_PROTECTION = 'DATA_PROTECTION_POLICY'

/** A key that CloudWatch Logs may use for any group, by its ARN. */
async function newKey({ kms }: LogsDesk): Promise<string> {
  const allow = (Principal: object, Action: string) => ({ Effect: 'Allow', Principal, Action, Resource: '*' })
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      allow({ AWS: 'arn:aws:iam::000000000000:root' }, 'kms:*'),
      allow({ Service: 'logs.us-east-1.amazonaws.com' }, 'kms:*'),
    ],
  })
  return (await kms.send(new CreateKeyCommand({ Policy }))).KeyMetadata?.Arn ?? ''
}

const TRANSFORMATIONS = [{ metricName: 'm', metricNamespace: 'n', metricValue: '1' }]

const putMetricFilter = ({ logs }: LogsDesk, logGroupName: string): Promise<unknown> =>
  logs.send(
    new sdk.PutMetricFilterCommand({
      logGroupName,
      filterName: 'f',
      filterPattern: 'ERROR',
      metricTransformations: TRANSFORMATIONS,
    }),
  )

const putQuery = async ({ logs }: LogsDesk, name: string): Promise<string> =>
  (await logs.send(new sdk.PutQueryDefinitionCommand({ name, queryString: 'fields @message' }))).queryDefinitionId ?? ''

/** Policies, keys, filters, destinations, exports and saved queries. */
export const POLICY_CASES: Readonly<Record<string, LogsCase>> = {
  AssociateKmsKey: {
    works: async (desk) => {
      const [logGroupName, kmsKeyId] = [await desk.group(), await newKey(desk)]
      await desk.logs.send(new sdk.AssociateKmsKeyCommand({ logGroupName, kmsKeyId }))
      expect(await described(desk, logGroupName)).toMatchObject({ kmsKeyId })
    },
    refused: async (desk) => desk.logs.send(new sdk.AssociateKmsKeyCommand({ ...NONE, kmsKeyId: await newKey(desk) })),
    as: NO_GROUP,
  },
  DisassociateKmsKey: {
    works: async (desk) => {
      const [logGroupName, kmsKeyId] = [await desk.group(), await newKey(desk)]
      await desk.logs.send(new sdk.AssociateKmsKeyCommand({ logGroupName, kmsKeyId }))
      await desk.logs.send(new sdk.DisassociateKmsKeyCommand({ logGroupName }))
      expect(await described(desk, logGroupName)).not.toHaveProperty('kmsKeyId')
    },
    refused: ({ logs }) => logs.send(new sdk.DisassociateKmsKeyCommand(NONE)),
    as: NO_GROUP,
  },
  PutResourcePolicy: {
    works: async ({ logs }) => {
      const { resourcePolicy: put } = await logs.send(
        new sdk.PutResourcePolicyCommand({ policyName: 'put', policyDocument: resourcePolicy('*') }),
      )
      expect(put).toMatchObject({ policyName: 'put', policyScope: 'ACCOUNT', policyDocument: resourcePolicy('*') })
    },
    refused: ({ logs }) => logs.send(new sdk.PutResourcePolicyCommand({ policyName: 'bad', policyDocument: '{' })),
    as: INVALID,
  },
  DescribeResourcePolicies: {
    works: async ({ logs, group }) => {
      const resourceArn = arnOf(await group())
      const policyDocument = resourcePolicy(`${resourceArn}:*`)
      await logs.send(new sdk.PutResourcePolicyCommand({ policyName: 'p', policyDocument, resourceArn }))
      const found = await logs.send(new sdk.DescribeResourcePoliciesCommand({ resourceArn, policyScope: 'RESOURCE' }))
      expect(found.resourcePolicies).toMatchObject([{ resourceArn, policyScope: 'RESOURCE' }])
    },
    refused: ({ logs }) => logs.send(new sdk.DescribeResourcePoliciesCommand({ nextToken: 'forged' })),
    as: INVALID,
  },
  DeleteResourcePolicy: {
    works: async ({ logs }) => {
      const policyName = 'to-delete'
      await logs.send(new sdk.PutResourcePolicyCommand({ policyName, policyDocument: resourcePolicy('*') }))
      await logs.send(new sdk.DeleteResourcePolicyCommand({ policyName }))
      const { resourcePolicies = [] } = await logs.send(new sdk.DescribeResourcePoliciesCommand({}))
      expect(resourcePolicies.map((policy) => policy.policyName)).not.toContain(policyName)
    },
    refused: ({ logs }) => logs.send(new sdk.DeleteResourcePolicyCommand({ policyName: 'none' })),
    as: NO_GROUP,
  },
  PutDataProtectionPolicy: {
    works: async ({ logs, group, put }) => {
      const logGroupName = await group()
      await logs.send(
        new sdk.PutDataProtectionPolicyCommand({ logGroupIdentifier: logGroupName, policyDocument: PROTECTION }),
      )
      await put(logGroupName, 'to jane@example.com')
      const { events } = await logs.send(new sdk.GetLogEventsCommand({ logGroupName, logStreamName: 's' }))
      expect(events?.map(({ message }) => message)).toEqual(['to ****************'])
    },
    refused: async ({ logs, group }) =>
      logs.send(new sdk.PutDataProtectionPolicyCommand({ logGroupIdentifier: await group(), policyDocument: '{}' })),
    as: INVALID,
  },
  GetDataProtectionPolicy: {
    works: async ({ logs, group }) => {
      const logGroupIdentifier = await group()
      await logs.send(new sdk.PutDataProtectionPolicyCommand({ logGroupIdentifier, policyDocument: PROTECTION }))
      expect(await logs.send(new sdk.GetDataProtectionPolicyCommand({ logGroupIdentifier }))).toMatchObject({
        policyDocument: PROTECTION,
      })
    },
    refused: ({ logs }) => logs.send(new sdk.GetDataProtectionPolicyCommand({ logGroupIdentifier: '/none' })),
    as: NO_GROUP,
  },
  DeleteDataProtectionPolicy: {
    works: async ({ logs, group }) => {
      const logGroupIdentifier = await group()
      await logs.send(new sdk.PutDataProtectionPolicyCommand({ logGroupIdentifier, policyDocument: PROTECTION }))
      await logs.send(new sdk.DeleteDataProtectionPolicyCommand({ logGroupIdentifier }))
      const found = await logs.send(new sdk.GetDataProtectionPolicyCommand({ logGroupIdentifier }))
      expect(found).not.toHaveProperty('policyDocument')
    },
    refused: ({ logs }) => logs.send(new sdk.DeleteDataProtectionPolicyCommand({ logGroupIdentifier: '/none' })),
    as: NO_GROUP,
  },
  PutAccountPolicy: {
    works: async ({ logs }) => {
      const policy = { policyName: 'p', policyType: DATA_PROTECTION, policyDocument: PROTECTION } as const
      expect((await logs.send(new sdk.PutAccountPolicyCommand(policy))).accountPolicy).toMatchObject(policy)
      await logs.send(new sdk.DeleteAccountPolicyCommand(policy))
    },
    refused: ({ logs }) =>
      logs.send(
        new sdk.PutAccountPolicyCommand({ policyName: 'p', policyType: DATA_PROTECTION, policyDocument: '{}' }),
      ),
    as: INVALID,
  },
  DescribeAccountPolicies: {
    works: async ({ logs }) => {
      const found = await logs.send(new sdk.DescribeAccountPoliciesCommand({ policyType: DATA_PROTECTION }))
      expect(found.accountPolicies).toEqual([])
    },
    refused: ({ logs }) =>
      logs.send(new sdk.DescribeAccountPoliciesCommand({ policyType: DATA_PROTECTION, nextToken: 'forged' })),
    as: INVALID,
  },
  DeleteAccountPolicy: {
    works: async ({ logs }) => {
      const policy = { policyName: 'gone', policyType: DATA_PROTECTION } as const
      await logs.send(new sdk.PutAccountPolicyCommand({ ...policy, policyDocument: PROTECTION }))
      await logs.send(new sdk.DeleteAccountPolicyCommand(policy))
      const found = await logs.send(new sdk.DescribeAccountPoliciesCommand({ policyType: DATA_PROTECTION }))
      expect(found.accountPolicies).toEqual([])
    },
    refused: ({ logs }) =>
      logs.send(new sdk.DeleteAccountPolicyCommand({ policyName: 'none', policyType: DATA_PROTECTION })),
    as: NO_GROUP,
  },
  PutMetricFilter: {
    works: async (desk) => {
      const logGroupName = await desk.group()
      await putMetricFilter(desk, logGroupName)
      const { metricFilters } = await desk.logs.send(new sdk.DescribeMetricFiltersCommand({ logGroupName }))
      expect(metricFilters).toMatchObject([{ logGroupName, filterName: 'f', metricTransformations: TRANSFORMATIONS }])
    },
    refused: (desk) => putMetricFilter(desk, NONE.logGroupName),
    as: NO_GROUP,
  },
  DescribeMetricFilters: {
    works: async ({ logs, group }) => {
      const found = await logs.send(new sdk.DescribeMetricFiltersCommand({ logGroupName: await group() }))
      expect(found.metricFilters).toEqual([])
    },
    refused: ({ logs }) => logs.send(new sdk.DescribeMetricFiltersCommand(NONE)),
    as: NO_GROUP,
  },
  DeleteMetricFilter: {
    works: async (desk) => {
      const logGroupName = await desk.group()
      await putMetricFilter(desk, logGroupName)
      await desk.logs.send(new sdk.DeleteMetricFilterCommand({ logGroupName, filterName: 'f' }))
      const { metricFilters } = await desk.logs.send(new sdk.DescribeMetricFiltersCommand({ logGroupName }))
      expect(metricFilters).toEqual([])
    },
    refused: async ({ logs, group }) =>
      logs.send(new sdk.DeleteMetricFilterCommand({ logGroupName: await group(), filterName: 'none' })),
    as: NO_GROUP,
  },
  TestMetricFilter: {
    works: async ({ logs }) => {
      const { matches } = await logs.send(
        new sdk.TestMetricFilterCommand({ filterPattern: 'ERROR', logEventMessages: ['INFO', 'ERROR'] }),
      )
      expect(matches).toMatchObject([{ eventNumber: 1, eventMessage: 'ERROR' }])
    },
    refused: ({ logs }) =>
      logs.send(new sdk.TestMetricFilterCommand({ filterPattern: '[a', logEventMessages: ['INFO'] })),
    as: INVALID,
  },
  PutSubscriptionFilter: {
    works: `needs ${TARGET}`,
    refused: async ({ logs, group }) =>
      logs.send(
        new sdk.PutSubscriptionFilterCommand({
          logGroupName: await group(),
          filterName: 'f',
          filterPattern: '',
          destinationArn: STREAM_ARN,
          roleArn: ROLE_ARN,
        }),
      ),
    as: INVALID,
  },
  DescribeSubscriptionFilters: {
    works: async ({ logs, group }) => {
      const found = await logs.send(new sdk.DescribeSubscriptionFiltersCommand({ logGroupName: await group() }))
      expect(found.subscriptionFilters).toEqual([])
    },
    refused: ({ logs }) => logs.send(new sdk.DescribeSubscriptionFiltersCommand(NONE)),
    as: NO_GROUP,
  },
  DeleteSubscriptionFilter: {
    works: `needs ${TARGET}`,
    refused: async ({ logs, group }) =>
      logs.send(new sdk.DeleteSubscriptionFilterCommand({ logGroupName: await group(), filterName: 'none' })),
    as: NO_GROUP,
  },
  PutDestination: {
    works: `needs ${TARGET}`,
    refused: ({ logs }) =>
      logs.send(new sdk.PutDestinationCommand({ destinationName: 'd', targetArn: STREAM_ARN, roleArn: ROLE_ARN })),
    as: INVALID,
  },
  PutDestinationPolicy: {
    works: `needs ${TARGET}`,
    refused: ({ logs }) =>
      logs.send(new sdk.PutDestinationPolicyCommand({ destinationName: 'none', accessPolicy: resourcePolicy('*') })),
    as: NO_GROUP,
  },
  DescribeDestinations: {
    works: async ({ logs }) =>
      expect(
        (await logs.send(new sdk.DescribeDestinationsCommand({ DestinationNamePrefix: 'd' }))).destinations,
      ).toEqual([]),
    refused: ({ logs }) => logs.send(new sdk.DescribeDestinationsCommand({ nextToken: 'forged' })),
    as: INVALID,
  },
  DeleteDestination: {
    works: `needs ${TARGET}`,
    refused: ({ logs }) => logs.send(new sdk.DeleteDestinationCommand({ destinationName: 'none' })),
    as: NO_GROUP,
  },
  CreateExportTask: {
    works: 'tried in s3.test.ts',
    refused: async ({ logs, group }) =>
      logs.send(
        new sdk.CreateExportTaskCommand({
          logGroupName: await group(),
          from: 0,
          to: Date.now() + 60_000,
          destination: 'no-such-bucket-of-anybody',
        }),
      ),
    as: INVALID,
  },
  DescribeExportTasks: {
    works: async ({ logs }) =>
      expect((await logs.send(new sdk.DescribeExportTasksCommand({}))).exportTasks).toEqual([]),
    refused: ({ logs }) => logs.send(new sdk.DescribeExportTasksCommand({ nextToken: 'forged' })),
    as: INVALID,
  },
  CancelExportTask: {
    works: 'needs an export that lasts until it is cancelled',
    refused: ({ logs }) => logs.send(new sdk.CancelExportTaskCommand({ taskId: 'none' })),
    as: NO_GROUP,
  },
  PutQueryDefinition: {
    works: async (desk) => expect(await putQuery(desk, 'put')).toMatch(/^[\da-f-]{36}$/),
    refused: ({ logs }) =>
      logs.send(new sdk.PutQueryDefinitionCommand({ queryDefinitionId: 'none', name: 'n', queryString: 'fields @a' })),
    as: NO_GROUP,
  },
  DescribeQueryDefinitions: {
    works: async (desk) => {
      const queryDefinitionId = await putQuery(desk, 'described')
      const found = await desk.logs.send(
        new sdk.DescribeQueryDefinitionsCommand({ queryDefinitionNamePrefix: 'described' }),
      )
      expect(found.queryDefinitions).toMatchObject([{ queryDefinitionId, name: 'described' }])
    },
    refused: ({ logs }) => logs.send(new sdk.DescribeQueryDefinitionsCommand({ nextToken: 'forged' })),
    as: INVALID,
  },
  DeleteQueryDefinition: {
    works: async (desk) => {
      const queryDefinitionId = await putQuery(desk, 'deleted')
      const { success } = await desk.logs.send(new sdk.DeleteQueryDefinitionCommand({ queryDefinitionId }))
      expect(success).toBe(true)
    },
    refused: ({ logs }) => logs.send(new sdk.DeleteQueryDefinitionCommand({ queryDefinitionId: 'none' })),
    as: NO_GROUP,
  },
}
