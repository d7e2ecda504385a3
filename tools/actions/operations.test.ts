import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SERVICES, namespaceOf } from '../../packages/server/src/services/iam/service-access.ts'
import { RENAMED, UNLISTED } from './exceptions.ts'
import {
  OPERATIONS_FILE,
  type OperationTable,
  modelledOperations,
  operationTable,
  prefixOf,
  printOperations,
} from './operations.ts'
import { PREFIXES, committedTable } from './table.ts'

const table = committedTable()
const needs = (service: string, ...operations: string[]): OperationTable[string] =>
  operationTable({ [service]: operations }, table)[service] ?? {}

test('every operation of every model has an entry, and the committed file is made of the models of today', () => {
  const operations = operationTable(modelledOperations(), table)
  for (const [service, names] of Object.entries(modelledOperations()))
    expect(Object.keys(operations[service] ?? {})).toEqual(names)
  for (const entries of Object.values(operations).flatMap((service) => Object.values(service))) {
    expect(entries.length).toBeGreaterThan(0)
    for (const [, ...resources] of entries) expect(resources.length).toBeGreaterThan(0)
  }
  expect(readFileSync(OPERATIONS_FILE, 'utf8')).toBe(printOperations(operations))
})

test('last-accessed reports know every service, by what its actions begin with', () => {
  expect(SERVICES.map(([namespace]) => namespace)).toEqual(PREFIXES)
  for (const service of Object.keys(modelledOperations())) expect(namespaceOf(service)).toBe(prefixOf(service))
})

test('an operation that AWS has no action for is named', () => {
  expect(() => needs('mq', 'ListBrokers', 'Levitate')).toThrow('no action is known for mq Levitate')
  expect(() => prefixOf('levitation')).toThrow('the actions of levitation are in no table')
})

test.each([
  ['mq', 'CreateBroker', [['mq:CreateBroker', '*']]],
  ['mq', 'RebootBroker', [['mq:RebootBroker', 'arn:aws:mq:{region}:{account}:broker:*:*']]],
  ['kafka', 'ListClustersV2', [['kafka:ListClustersV2', '*']]],
  [
    'kafka',
    'UpdateClusterConfiguration',
    [
      [
        'kafka:UpdateClusterConfiguration',
        'arn:aws:kafka:{region}:{account}:cluster/*/*',
        'arn:aws:kafka:{region}:{account}:configuration/*/*',
      ],
    ],
  ],
  [
    'kms',
    'ReEncrypt',
    [
      ['kms:ReEncryptFrom', 'arn:aws:kms:{region}:{account}:key/*'],
      ['kms:ReEncryptTo', 'arn:aws:kms:{region}:{account}:key/*'],
    ],
  ],
  ['logs', 'GetLogObject', [['logs:GetLogObject', '*']]],
  ['logs', 'DeleteLogGroup', [['logs:DeleteLogGroup', 'arn:aws:logs:{region}:{account}:log-group:*:log-stream:']]],
  ['logs', 'TagResource', [['logs:TagResource', 'arn:aws:logs:{region}:{account}:*']]],
  ['cloudwatch', 'PutMetricAlarm', [['cloudwatch:PutMetricAlarm', 'arn:aws:cloudwatch:{region}:{account}:alarm:*']]],
  ['sns', 'PublishBatch', [['sns:Publish', 'arn:aws:sns:{region}:{account}:*']]],
  ['s3', 'HeadBucket', [['s3:ListBucket', 'arn:aws:s3:::*']]],
  ['s3', 'HeadObject', [['s3:GetObject', 'arn:aws:s3:::*/*']]],
  ['s3', 'ListBuckets', [['s3:ListAllMyBuckets', '*']]],
  ['s3', 'DeleteBucketCors', [['s3:PutBucketCORS', 'arn:aws:s3:::*']]],
  ['s3', 'PutBucketCors', [['s3:PutBucketCORS', 'arn:aws:s3:::*']]],
  [
    's3',
    'CopyObject',
    [
      ['s3:GetObject', 'arn:aws:s3:::*/*'],
      ['s3:PutObject', 'arn:aws:s3:::*/*'],
    ],
  ],
  ['opensearch', 'CreateDomain', [['es:CreateDomain', 'arn:aws:es:{region}:{account}:domain/*']]],
  ['resourcegroupstaggingapi', 'GetResources', [['tag:GetResources', '*']]],
  [
    'secretsmanager',
    'GetSecretValue',
    [['secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:{region}:{account}:secret:*']],
  ],
  ['events', 'ListRules', [['events:ListRules', '*']]],
  ['firehose', 'PutRecord', [['firehose:PutRecord', 'arn:aws:firehose:{region}:{account}:deliverystream/*']]],
  ['iam', 'SimulatePrincipalPolicy', [['iam:SimulatePrincipalPolicy', 'arn:aws:iam::{account}:*']]],
] as const)('%s %s', (service, operation, expected) => {
  expect(needs(service, operation)[operation]).toEqual(expected)
})

test('the EC2 lookups of consoles and providers have their actions', () => {
  const names = [
    ...['Vpcs', 'Subnets', 'SecurityGroups', 'SecurityGroupRules', 'AvailabilityZones', 'Regions', 'AccountAttributes'],
    ...['NetworkInterfaces', 'RouteTables', 'VpcAttribute', 'VpcEndpoints', 'InternetGateways', 'NatGateways', 'Tags'],
    ...['InstanceTypes', 'InstanceTypeOfferings', 'ManagedPrefixLists', 'PrefixLists', 'NetworkAcls', 'Instances'],
  ].map((name) => `Describe${name}`)
  for (const [name, [need]] of Object.entries(needs('ec2', ...names))) expect(need?.[0]).toBe(`ec2:${name}`)
})

test('no exception is about an operation that has an action of its name, nor names an action that AWS does not know', () => {
  const has = (prefix: string, name: string): boolean => {
    const known = PREFIXES.find((one) => one === prefix)
    return known === undefined || Object.hasOwn(table[known].actions, name)
  }
  for (const prefix of PREFIXES) {
    for (const [operation, actions] of Object.entries(RENAMED[prefix] ?? {})) {
      expect(actions.every((action) => has(...(action.split(':') as [string, string])))).toBe(true)
      expect(has(prefix, operation) && actions.length === 1 ? operation : undefined).toBeUndefined()
    }
    for (const operation of Object.keys(UNLISTED[prefix] ?? {})) expect(has(prefix, operation)).toBe(false)
  }
})
