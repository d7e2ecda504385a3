import type { Service } from '#kernel/service.ts'
import { SECRETS, access } from '#services/mq/actions.ts'
import { BrokerKeys } from '#services/mq/broker-keys.ts'
import { type BrokerStore, brokerStore } from '#services/mq/broker-store.ts'
import { configurationStore } from '#services/mq/configuration/configuration-store.ts'
import { diagnose } from '#services/mq/diagnosis/diagnosis.ts'
import { FLOW_LOG } from '#services/mq/metrics/flow-log.ts'
import { MetricCollector } from '#services/mq/metrics/collector.ts'
import { oneByOne } from '#kernel/one-by-one.ts'
import { createBroker } from '#services/mq/operations/create-broker.ts'
import { createTags } from '#services/mq/operations/create-tags.ts'
import { createUser } from '#services/mq/operations/create-user.ts'
import { deleteBroker } from '#services/mq/operations/delete-broker.ts'
import { deleteTags } from '#services/mq/operations/delete-tags.ts'
import { deleteUser } from '#services/mq/operations/delete-user.ts'
import { describeBrokerEngineTypes } from '#services/mq/operations/describe-broker-engine-types.ts'
import { describeBrokerInstanceOptions } from '#services/mq/operations/describe-broker-instance-options.ts'
import { describeBroker } from '#services/mq/operations/describe-broker.ts'
import { describeUser } from '#services/mq/operations/describe-user.ts'
import { listBrokers } from '#services/mq/operations/list-brokers.ts'
import { listTags } from '#services/mq/operations/list-tags.ts'
import { listUsers } from '#services/mq/operations/list-users.ts'
import { rebootBroker } from '#services/mq/operations/reboot-broker.ts'
import { updateBroker } from '#services/mq/operations/update-broker.ts'
import { updateUser } from '#services/mq/operations/update-user.ts'
import { createConfiguration } from '#services/mq/operations/create-configuration.ts'
import { updateConfiguration } from '#services/mq/operations/update-configuration.ts'
import { describeConfiguration } from '#services/mq/operations/describe-configuration.ts'
import { describeConfigurationRevision } from '#services/mq/operations/describe-configuration-revision.ts'
import { listConfigurations } from '#services/mq/operations/list-configurations.ts'
import { listConfigurationRevisions } from '#services/mq/operations/list-configuration-revisions.ts'
import { deleteConfiguration } from '#services/mq/operations/delete-configuration.ts'
import { promote } from '#services/mq/operations/promote.ts'
import { describeSharedResources } from '#services/mq/operations/describe-shared-resources.ts'
import { paging } from '#services/mq/paging.ts'
import type { Diagnosis, DiagnosisScope, MqDeps, RabbitmqOffer } from '#services/mq/port.ts'
import { type BrokerProgress, progressBoard } from '#services/mq/reconciler/progress.ts'
import { type BrokerReconciler, brokerReconciler } from '#services/mq/reconciler/reconciler.ts'
import type { EngineCatalogue } from '#services/mq/rules/engine.ts'
import { RESTART_TUNING } from '#services/mq/reconciler/restart-policy.ts'
import { UnseenBrokers } from '#services/mq/reconciler/unseen-brokers.ts'
import type { EngineOf } from '#services/mq/reconciler/step.ts'
import { slots } from '#services/mq/reconciler/slots.ts'

/** Brokers that start or stop at the same time; each start keeps a processor busy for seconds. */
const PARALLEL_BROKERS = 4

/** Amazon MQ: its API, the reconciler behind it, and the answer to "why do my logs not appear?". */
export interface Mq {
  readonly service: Service<'mq'>
  readonly reconciler: BrokerReconciler
  /** @throws AwsError NotFoundException when there is no such broker */
  readonly diagnose: (brokerIdOrName: string, scope: DiagnosisScope) => Promise<Diagnosis>
  /** What is being done for a broker right now, for people who wait; `undefined`: nothing. */
  readonly progress: (brokerId: string) => BrokerProgress | undefined
}

/** RabbitMQ is looked for at each request: it may be installed while the platform runs. */
const rabbitmqCatalogue = (rabbitmq: RabbitmqOffer | undefined): Pick<EngineCatalogue, 'rabbitmq'> =>
  rabbitmq === undefined ? {} : { rabbitmq: { installed: rabbitmq.installed, instanceTypes: rabbitmq.instanceTypes } }

/** Brokers are read only where somebody takes what they say. */
function collectorOf(deps: MqDeps, store: BrokerStore, engineOf: EngineOf): { readonly collector?: MetricCollector } {
  const { clock, telemetry, metrics: sink } = deps
  const flow = deps.auditDetail === 'flow' ? FLOW_LOG : undefined
  if (sink === undefined && flow === undefined) return {}
  return {
    collector: new MetricCollector({
      store,
      engineOf,
      clock,
      telemetry,
      ...(sink === undefined ? {} : { sink }),
      ...(flow === undefined ? {} : { flow }),
    }),
  }
}

/** Builds Amazon MQ; nothing runs until its reconciler is started. */
export function mqService(deps: MqDeps): Mq {
  const { clock, deliveries, engine, rabbitmq, telemetry } = deps
  const store = brokerStore(deps.records)
  const engineOf: EngineOf = ({ engineType }) => {
    if (engineType === undefined) return engine
    if (rabbitmq === undefined) throw new Error(`nothing here runs ${engineType}`)
    return rabbitmq.engine
  }
  const catalogue = {
    engineVersions: deps.engineVersions,
    instanceTypes: deps.instanceTypes,
    ...rabbitmqCatalogue(rabbitmq),
  }
  const configurations = configurationStore(deps.records)
  const keys = new BrokerKeys(deps)
  const regionWork = oneByOne()
  const pages = paging(deps.tokens)
  const progress = progressBoard(clock)
  const unseen = new UnseenBrokers()
  const tuning = deps.restarts ?? RESTART_TUNING
  return {
    service: {
      name: 'mq',
      eventSource: 'amazonmq.amazonaws.com',
      global: false,
      secrets: SECRETS,
      access: access(store, configurations),
      operations: {
        CreateBroker: createBroker({ store, configurations, keys, catalogue, oneByOne: regionWork }),
        DescribeBroker: describeBroker({ store, unseen }),
        ListBrokers: listBrokers({ store, unseen, paging: pages }),
        DeleteBroker: deleteBroker({ store }),
        RebootBroker: rebootBroker({ store, keys }),
        UpdateBroker: updateBroker({ store, configurations, keys, catalogue, oneByOne: regionWork }),
        DescribeBrokerEngineTypes: describeBrokerEngineTypes({ catalogue, paging: pages }),
        DescribeBrokerInstanceOptions: describeBrokerInstanceOptions({ catalogue, paging: pages }),
        CreateTags: createTags({ store, configurations }),
        DeleteTags: deleteTags({ store, configurations }),
        ListTags: listTags({ store, configurations }),
        CreateUser: createUser({ store, keys }),
        UpdateUser: updateUser({ store, keys }),
        DeleteUser: deleteUser({ store }),
        DescribeUser: describeUser({ store }),
        ListUsers: listUsers({ store, paging: pages }),
        CreateConfiguration: createConfiguration({ configurations, catalogue, oneByOne: regionWork }),
        UpdateConfiguration: updateConfiguration({ configurations }),
        DescribeConfiguration: describeConfiguration({ configurations }),
        DescribeConfigurationRevision: describeConfigurationRevision({ configurations }),
        ListConfigurations: listConfigurations({ configurations, paging: pages }),
        ListConfigurationRevisions: listConfigurationRevisions({ configurations, paging: pages }),
        Promote: promote({ store }),
        DescribeSharedResources: describeSharedResources({ store, paging: pages }),
        DeleteConfiguration: deleteConfiguration({ store, configurations, oneByOne: regionWork }),
      },
    },
    reconciler: brokerReconciler({
      ...collectorOf(deps, store, engineOf),
      auditDetail: deps.auditDetail,
      store,
      configurations,
      engineOf,
      deliveries,
      clock,
      keys,
      telemetry,
      progress,
      tuning,
      unseen,
      slots: slots(PARALLEL_BROKERS),
    }),
    diagnose: (brokerIdOrName, scope) =>
      diagnose(brokerIdOrName, scope, {
        store,
        unseen,
        deliveries,
        progress,
        call: deps.call,
        clock,
        auditDetail: deps.auditDetail,
        engineOf,
        keys,
      }),
    progress: (brokerId) => progress.get(brokerId),
  }
}
