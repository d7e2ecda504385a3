import type { AccessCheck, AccessScope, AuditResource, OperationAccess, Service } from '#kernel/service.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import type { ConfigurationStore } from '#services/mq/configuration/configuration-store.ts'
import { parseResourceArn, resourceByArn } from '#services/mq/tagged-resource.ts'

type Tags = Readonly<Record<string, string>>
type Conditions = NonNullable<AccessCheck['context']>

const TYPES = { broker: 'AWS::AmazonMQ::Broker', configuration: 'AWS::AmazonMQ::Configuration' } as const

/** Members that hold secrets; also of operations that are still to come, so that a refused call leaks nothing either. */
export const SECRETS: Service<'mq'>['secrets'] = {
  CreateBroker: ['password', 'serviceAccountPassword', 'data'],
  UpdateBroker: ['password', 'serviceAccountPassword', 'data'],
  CreateUser: ['password'],
  UpdateUser: ['password'],
  CreateConfiguration: ['data'],
  UpdateConfiguration: ['data'],
}

/** What each operation needs, as the service authorization reference has it: creating and listing know no resource. */
export function access(store: BrokerStore, configurations: ConfigurationStore): Service<'mq'>['access'] {
  const broker =
    (action: string) =>
    async (
      { BrokerId: brokerId }: { readonly BrokerId: string },
      scope: AccessScope,
    ): Promise<readonly AccessCheck[]> => {
      const record = await store.get({ account: scope.account, region: scope.region, brokerId })
      // Without a broker nobody knows its name. Whoever may act on every broker is told that there is none; whoever may
      // act on some only learns nothing.
      const resource = record?.brokerArn ?? `arn:aws:mq:${scope.region}:${scope.account}:broker:*:${brokerId}`
      return [{ action, resource, context: resourceTags(record?.tags) }]
    }

  const configuration =
    (action: string) =>
    async (
      { ConfigurationId: configurationId }: { readonly ConfigurationId: string },
      { account, region }: AccessScope,
    ): Promise<readonly AccessCheck[]> => {
      const record = await configurations.get({ account, region, configurationId })
      const resource = record?.arn ?? `arn:aws:mq:${region}:${account}:configuration:${configurationId}`
      return [{ action, resource, context: resourceTags(record?.tags) }]
    }

  const tagged =
    <I extends { readonly ResourceArn: string }>(action: string, conditions: (input: I) => Conditions) =>
    async (input: I, scope: AccessScope): Promise<readonly AccessCheck[]> => {
      const tags = (await resourceByArn(input.ResourceArn, scope, { store, configurations }))?.tags
      return [{ action, resource: input.ResourceArn, context: { ...resourceTags(tags), ...conditions(input) } }]
    }

  return {
    CreateBroker: {
      category: 'management',
      readOnly: false,
      checks: (input) => [
        {
          action: 'mq:CreateBroker',
          resource: '*',
          context: { ...requestTags(input.Tags), ...resourceTags(input.Tags) },
        },
      ],
      resources: ({ BrokerName }, output) => brokerResources(output?.['BrokerId'], BrokerName),
    },
    DescribeBroker: one('read', broker('mq:DescribeBroker')),
    DeleteBroker: one('write', broker('mq:DeleteBroker')),
    RebootBroker: one('write', broker('mq:RebootBroker')),
    UpdateBroker: one('write', broker('mq:UpdateBroker')),
    CreateUser: one('write', broker('mq:CreateUser')),
    UpdateUser: one('write', broker('mq:UpdateUser')),
    DeleteUser: one('write', broker('mq:DeleteUser')),
    DescribeUser: one('read', broker('mq:DescribeUser')),
    Promote: one('write', broker('mq:Promote')),
    DescribeSharedResources: one('read', broker('mq:DescribeSharedResources')),
    ListUsers: one('read', broker('mq:ListUsers')),
    CreateConfiguration: {
      category: 'management',
      readOnly: false,
      checks: (input) => [{ action: 'mq:CreateConfiguration', resource: '*', context: requestTags(input.Tags) }],
      resources: ({ Name }, output) => configurationResources(output?.['Id'], Name),
    },
    UpdateConfiguration: oneConfiguration('write', configuration('mq:UpdateConfiguration')),
    DescribeConfiguration: oneConfiguration('read', configuration('mq:DescribeConfiguration')),
    DescribeConfigurationRevision: oneConfiguration('read', configuration('mq:DescribeConfigurationRevision')),
    ListConfigurationRevisions: oneConfiguration('read', configuration('mq:ListConfigurationRevisions')),
    DeleteConfiguration: oneConfiguration('write', configuration('mq:DeleteConfiguration')),
    ListConfigurations: wildcardOnly('mq:ListConfigurations'),
    ListBrokers: wildcardOnly('mq:ListBrokers'),
    DescribeBrokerEngineTypes: wildcardOnly('mq:DescribeBrokerEngineTypes'),
    DescribeBrokerInstanceOptions: wildcardOnly('mq:DescribeBrokerInstanceOptions'),
    CreateTags: oneTagged(
      'write',
      tagged('mq:CreateTags', ({ Tags }: { readonly ResourceArn: string; readonly Tags?: Tags | undefined }) =>
        requestTags(Tags),
      ),
    ),
    DeleteTags: oneTagged(
      'write',
      tagged('mq:DeleteTags', ({ TagKeys }: { readonly ResourceArn: string; readonly TagKeys: readonly string[] }) => ({
        'aws:TagKeys': TagKeys,
      })),
    ),
    ListTags: oneTagged(
      'read',
      tagged('mq:ListTags', () => ({})),
    ),
  }
}

function one<I extends { readonly BrokerId: string }>(
  kind: 'read' | 'write',
  checks: OperationAccess<I>['checks'],
): OperationAccess<I> {
  return {
    category: 'management',
    readOnly: kind === 'read',
    checks,
    resources: ({ BrokerId }) => brokerResources(BrokerId),
  }
}

function oneConfiguration<I extends { readonly ConfigurationId: string }>(
  kind: 'read' | 'write',
  checks: OperationAccess<I>['checks'],
): OperationAccess<I> {
  return {
    category: 'management',
    readOnly: kind === 'read',
    checks,
    resources: ({ ConfigurationId }) => configurationResources(ConfigurationId),
  }
}

function oneTagged<I extends { readonly ResourceArn: string }>(
  kind: 'read' | 'write',
  checks: OperationAccess<I>['checks'],
): OperationAccess<I> {
  return {
    category: 'management',
    readOnly: kind === 'read',
    checks,
    resources: ({ ResourceArn }) => {
      const parsed = parseResourceArn(ResourceArn)
      return parsed === undefined ? [] : [{ type: TYPES[parsed.kind], name: parsed.id }]
    },
  }
}

const wildcardOnly = (action: string): OperationAccess<object> => ({
  category: 'management',
  readOnly: true,
  checks: () => [{ action, resource: '*' }],
})

const brokerResources = (...names: readonly unknown[]): readonly AuditResource[] => resources(TYPES.broker, names)
const configurationResources = (...names: readonly unknown[]): readonly AuditResource[] =>
  resources(TYPES.configuration, names)

const resources = (type: string, names: readonly unknown[]): readonly AuditResource[] =>
  names.filter((name) => typeof name === 'string').map((name) => ({ type, name }))

const resourceTags = (tags: Tags = {}): Conditions =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]))

function requestTags(tags: Tags | undefined): Conditions {
  if (tags === undefined || Object.keys(tags).length === 0) return {}
  return {
    'aws:TagKeys': Object.keys(tags),
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
  }
}
