import * as sdk from '@aws-sdk/client-cloudwatch-logs'
import { expect } from 'vitest'
import { type LogsCase, type LogsDesk, NO_GROUP } from './logs-cases.ts'

const NONE = { name: 'none' }
const NO_DELIVERY = { id: 'none' }
const INVALID = 'ValidationException'
/** No service that is built vends logs on AWS, so there is nothing to deliver yet. */
const VENDOR = 'needs a service that vends logs'
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'logs:CreateDelivery', Resource: '*' }],
})

/** Makes a destination over a bucket and answers its ARN. */
async function sink({ logs }: LogsDesk, name: string): Promise<string> {
  const { deliveryDestination } = await logs.send(
    new sdk.PutDeliveryDestinationCommand({
      name,
      outputFormat: 'json',
      deliveryDestinationConfiguration: { destinationResourceArn: 'arn:aws:s3:::logs' },
    }),
  )
  return deliveryDestination?.arn ?? ''
}

async function policed(desk: LogsDesk, name: string): Promise<string | undefined> {
  await sink(desk, name)
  const { policy } = await desk.logs.send(
    new sdk.PutDeliveryDestinationPolicyCommand({ deliveryDestinationName: name, deliveryDestinationPolicy: POLICY }),
  )
  return policy?.deliveryDestinationPolicy
}

const policyOf = async ({ logs }: LogsDesk, deliveryDestinationName: string) =>
  (await logs.send(new sdk.GetDeliveryDestinationPolicyCommand({ deliveryDestinationName }))).policy

/** Delivery sources, destinations and deliveries. */
export const DELIVERY_CASES: Readonly<Record<string, LogsCase>> = {
  PutDeliverySource: {
    works: VENDOR,
    refused: ({ logs }) =>
      logs.send(
        new sdk.PutDeliverySourceCommand({
          name: 's',
          resourceArn: 'arn:aws:mq:us-east-1:000000000000:broker:orders:b-1',
          logType: 'GENERAL_LOGS',
        }),
      ),
    as: NO_GROUP,
  },
  GetDeliverySource: {
    works: VENDOR,
    refused: ({ logs }) => logs.send(new sdk.GetDeliverySourceCommand(NONE)),
    as: NO_GROUP,
  },
  DescribeDeliverySources: {
    works: async ({ logs }) =>
      expect((await logs.send(new sdk.DescribeDeliverySourcesCommand({}))).deliverySources).toEqual([]),
    refused: ({ logs }) => logs.send(new sdk.DescribeDeliverySourcesCommand({ nextToken: 'forged' })),
    as: INVALID,
  },
  DeleteDeliverySource: {
    works: VENDOR,
    refused: ({ logs }) => logs.send(new sdk.DeleteDeliverySourceCommand(NONE)),
    as: NO_GROUP,
  },
  PutDeliveryDestination: {
    works: async (desk) =>
      expect(await sink(desk, 'put')).toBe('arn:aws:logs:us-east-1:000000000000:delivery-destination:put'),
    refused: ({ logs }) =>
      logs.send(
        new sdk.PutDeliveryDestinationCommand({
          name: 'firehose',
          deliveryDestinationConfiguration: {
            destinationResourceArn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/s',
          },
        }),
      ),
    as: INVALID,
  },
  GetDeliveryDestination: {
    works: async (desk) => {
      const arn = await sink(desk, 'got')
      await desk.logs.send(new sdk.TagResourceCommand({ resourceArn: arn, tags: { team: 'a' } }))
      const found = await desk.logs.send(new sdk.GetDeliveryDestinationCommand({ name: 'got' }))
      expect(found.deliveryDestination).toEqual({
        name: 'got',
        arn,
        deliveryDestinationType: 'S3',
        outputFormat: 'json',
        deliveryDestinationConfiguration: { destinationResourceArn: 'arn:aws:s3:::logs' },
        tags: { team: 'a' },
      })
    },
    refused: ({ logs }) => logs.send(new sdk.GetDeliveryDestinationCommand(NONE)),
    as: NO_GROUP,
  },
  DescribeDeliveryDestinations: {
    works: async (desk) => {
      await sink(desk, 'described')
      const paginator = sdk.paginateDescribeDeliveryDestinations({ client: desk.logs, pageSize: 1 }, {})
      const names: string[] = []
      for await (const page of paginator) names.push(...(page.deliveryDestinations ?? []).map(({ name = '' }) => name))
      expect(names).toContain('described')
      expect(names).toEqual(names.toSorted())
    },
    refused: ({ logs }) => logs.send(new sdk.DescribeDeliveryDestinationsCommand({ nextToken: 'forged' })),
    as: INVALID,
  },
  DeleteDeliveryDestination: {
    works: async (desk) => {
      await sink(desk, 'deleted')
      await desk.logs.send(new sdk.DeleteDeliveryDestinationCommand({ name: 'deleted' }))
      const look = desk.logs.send(new sdk.GetDeliveryDestinationCommand({ name: 'deleted' }))
      await expect(look).rejects.toMatchObject({ name: NO_GROUP })
    },
    refused: ({ logs }) => logs.send(new sdk.DeleteDeliveryDestinationCommand(NONE)),
    as: NO_GROUP,
  },
  PutDeliveryDestinationPolicy: {
    works: async (desk) => expect(await policed(desk, 'policy-put')).toBe(POLICY),
    refused: async (desk) => {
      await sink(desk, 'policy-refused')
      return desk.logs.send(
        new sdk.PutDeliveryDestinationPolicyCommand({
          deliveryDestinationName: 'policy-refused',
          deliveryDestinationPolicy: '{}',
        }),
      )
    },
    as: INVALID,
  },
  GetDeliveryDestinationPolicy: {
    works: async (desk) => {
      await policed(desk, 'policy-got')
      expect(await policyOf(desk, 'policy-got')).toEqual({ deliveryDestinationPolicy: POLICY })
    },
    refused: (desk) => policyOf(desk, 'none'),
    as: NO_GROUP,
  },
  DeleteDeliveryDestinationPolicy: {
    works: async (desk) => {
      const deliveryDestinationName = 'policy-deleted'
      await policed(desk, deliveryDestinationName)
      await desk.logs.send(new sdk.DeleteDeliveryDestinationPolicyCommand({ deliveryDestinationName }))
      expect(await policyOf(desk, deliveryDestinationName)).toEqual({})
    },
    refused: ({ logs }) =>
      logs.send(new sdk.DeleteDeliveryDestinationPolicyCommand({ deliveryDestinationName: 'none' })),
    as: NO_GROUP,
  },
  CreateDelivery: {
    works: VENDOR,
    refused: async (desk) =>
      desk.logs.send(
        new sdk.CreateDeliveryCommand({
          deliverySourceName: 'none',
          deliveryDestinationArn: await sink(desk, 'unused'),
        }),
      ),
    as: NO_GROUP,
  },
  GetDelivery: {
    works: VENDOR,
    refused: ({ logs }) => logs.send(new sdk.GetDeliveryCommand(NO_DELIVERY)),
    as: NO_GROUP,
  },
  DescribeDeliveries: {
    works: async ({ logs }) => expect((await logs.send(new sdk.DescribeDeliveriesCommand({}))).deliveries).toEqual([]),
    refused: ({ logs }) => logs.send(new sdk.DescribeDeliveriesCommand({ nextToken: 'forged' })),
    as: INVALID,
  },
  DeleteDelivery: {
    works: VENDOR,
    refused: ({ logs }) => logs.send(new sdk.DeleteDeliveryCommand(NO_DELIVERY)),
    as: NO_GROUP,
  },
  UpdateDeliveryConfiguration: {
    works: VENDOR,
    refused: ({ logs }) =>
      logs.send(new sdk.UpdateDeliveryConfigurationCommand({ ...NO_DELIVERY, recordFields: ['a'] })),
    as: NO_GROUP,
  },
  DescribeConfigurationTemplates: {
    works: async ({ logs }) =>
      expect((await logs.send(new sdk.DescribeConfigurationTemplatesCommand({}))).configurationTemplates).toEqual([]),
    refused: ({ logs }) => logs.send(new sdk.DescribeConfigurationTemplatesCommand({ nextToken: 'forged' })),
    as: INVALID,
  },
}
