import type { AuthenticationStrategy } from '#services/mq/rules/authentication.ts'

/** What an attribute may hold; `uri`: other brokers. Texts are what is left: names, destinations, sizes such as `64mb`. */
export type AttributeKind = 'flag' | 'number' | 'text' | 'uri'

/** What one element of a configuration may have. */
export interface PermittedElement {
  readonly attributes: ReadonlyMap<string, AttributeKind>
  /** Child collections by name, such as `plugins`, and the elements that each may hold. */
  readonly collections: ReadonlyMap<string, ReadonlySet<string>>
}

interface Attributes {
  readonly flags?: string
  readonly numbers?: string
  readonly texts?: string
  readonly uris?: string
}

const words = (text = ''): readonly string[] => text.split(/\s+/).filter((word) => word !== '')

const element = (
  { flags, numbers, texts, uris }: Attributes = {},
  collections: Readonly<Record<string, string>> = {},
): PermittedElement => ({
  attributes: new Map<string, AttributeKind>([
    ...words(flags).map((name) => [name, 'flag'] as const),
    ...words(numbers).map((name) => [name, 'number'] as const),
    ...words(texts).map((name) => [name, 'text'] as const),
    ...words(uris).map((name) => [name, 'uri'] as const),
  ]),
  collections: new Map(Object.entries(collections).map(([name, elements]) => [name, new Set(words(elements))])),
})

const DESTINATIONS = 'queue topic tempQueue tempTopic'
const AUTHORIZATION = { flags: 'tempQueue tempTopic', texts: 'admin read write queue topic' }
const COMPOSITE = { flags: 'concurrentSend copyMessage forwardOnly sendWhenNotMatched', texts: 'name' }
const FORWARD = { forwardTo: `${DESTINATIONS} filteredDestination` }
const DEAD_LETTERS = {
  flags: 'enableAudit processExpired processNonPersistent',
  numbers: 'expiration maxAuditDepth maxProducersToAudit',
}
const SLOW_CONSUMER = {
  flags: 'abortConnection ignoreNetworkConsumers',
  numbers: 'checkPeriod maxSlowCount maxSlowDuration',
  texts: 'name',
}
const EVICTION = { numbers: 'evictExpiredMessagesHighWatermark' }
const RECOVERY = `fixedCountSubscriptionRecoveryPolicy fixedSizedSubscriptionRecoveryPolicy lastImageSubscriptionRecoveryPolicy
  noSubscriptionRecoveryPolicy queryBasedSubscriptionRecoveryPolicy retainedMessageSubscriptionRecoveryPolicy timedSubscriptionRecoveryPolicy`
const DESTINATION = { flags: 'DLQ', texts: 'name physicalName' }

/**
 * The elements that a configuration may hold. What is not here is removed: above all what would let a configuration read
 * files, open ports, run code or switch authentication off.
 * @source Amazon MQ developer guide: permitted elements, their attributes, their child collections; kinds of attributes
 * from the schema of ActiveMQ 5.18.3
 */
const PERMITTED: ReadonlyMap<string, PermittedElement> = new Map(
  Object.entries({
    broker: element(
      {
        flags: `advisorySupport allowTempAutoCreationOnSend cacheTempDestinations dedicatedTaskRunner deleteAllMessagesOnStartup
          enableMessageExpirationOnActiveDurableSubs keepDurableSubsActive monitorConnectionSplits networkConnectorStartAsync persistent
          populateJMSXUserID rejectDurableConsumers rollbackOnlyOnAsyncException schedulerSupport splitSystemUsageForProducersConsumers
          useAuthenticatedPrincipalForJMSXUserID useMirroredQueues useTempMirroredQueues useVirtualDestSubs useVirtualDestSubsOnCreation
          useVirtualTopics`,
        numbers: `consumerSystemUsagePortion maxPurgedDestinationsPerSweep maxSchedulerRepeatAllowed offlineDurableSubscriberTaskSchedule
          offlineDurableSubscriberTimeout persistenceThreadPriority producerSystemUsagePortion schedulePeriodForDestinationPurge
          taskRunnerPriority timeBeforePurgeTempDestinations`,
      },
      {
        destinationInterceptors: 'mirroredQueue virtualDestinationInterceptor',
        destinationPolicy: 'policyMap',
        destinations: DESTINATIONS,
        networkConnectors: 'networkConnector',
        persistenceAdapter: 'kahaDB',
        plugins: `authorizationPlugin discardingDLQBrokerPlugin forcePersistencyModeBrokerPlugin redeliveryPlugin
          statisticsBrokerPlugin timeStampingBrokerPlugin`,
        systemUsage: 'systemUsage',
        transportConnectors: 'transportConnector',
      },
    ),

    authorizationPlugin: element({}, { map: 'authorizationMap' }),
    authorizationMap: element(
      {},
      {
        authorizationEntries: 'authorizationEntry tempDestinationAuthorizationEntry',
        defaultEntry: 'authorizationEntry tempDestinationAuthorizationEntry',
        tempDestinationAuthorizationEntry: 'tempDestinationAuthorizationEntry',
      },
    ),
    authorizationEntry: element(AUTHORIZATION),
    tempDestinationAuthorizationEntry: element(AUTHORIZATION),

    discardingDLQBrokerPlugin: element({
      flags: 'dropAll dropTemporaryQueues dropTemporaryTopics',
      numbers: 'reportInterval',
      texts: 'dropOnly',
    }),
    forcePersistencyModeBrokerPlugin: element({ flags: 'persistenceFlag' }),
    redeliveryPlugin: element(
      { flags: 'fallbackToDeadLetter sendToDlqIfMaxRetriesExceeded' },
      { redeliveryPolicyMap: 'redeliveryPolicyMap' },
    ),
    redeliveryPolicyMap: element({}, { defaultEntry: 'redeliveryPolicy', redeliveryPolicyEntries: 'redeliveryPolicy' }),
    redeliveryPolicy: element({
      flags: 'preDispatchCheck tempQueue tempTopic useCollisionAvoidance useExponentialBackOff',
      numbers: `backOffMultiplier collisionAvoidancePercent initialRedeliveryDelay maximumRedeliveries maximumRedeliveryDelay
        redeliveryDelay`,
      texts: 'queue topic',
    }),
    statisticsBrokerPlugin: element(),
    timeStampingBrokerPlugin: element({
      flags: 'futureOnly processNetworkMessages',
      numbers: 'ttlCeiling zeroExpirationOverride',
    }),

    queue: element(DESTINATION),
    topic: element(DESTINATION),
    tempQueue: element(DESTINATION),
    tempTopic: element(DESTINATION),
    mirroredQueue: element({ flags: 'copyMessage', texts: 'postfix prefix' }),
    virtualDestinationInterceptor: element({}, { virtualDestinations: 'compositeQueue compositeTopic virtualTopic' }),
    compositeQueue: element(COMPOSITE, FORWARD),
    compositeTopic: element(COMPOSITE, FORWARD),
    filteredDestination: element({ texts: 'queue topic selector' }),
    virtualTopic: element({
      flags: 'concurrentSend dropOnResourceLimit local selectorAware setOriginalDestination transactedSend',
      texts: 'name postfix prefix',
    }),

    policyMap: element({}, { defaultEntry: 'policyEntry', policyEntries: 'policyEntry' }),
    policyEntry: element(
      {
        flags: `advisoryForConsumed advisoryForDelivery advisoryForDiscardingMessages advisoryForDispatched advisoryForFastProducers
          advisoryForSlowConsumers advisoryWhenFull allConsumersExclusiveByDefault alwaysRetroactive doOptimzeMessageStorage enableAudit
          gcInactiveDestinations gcWithNetworkConsumers includeBodyForAdvisory lazyDispatch optimizedDispatch persistJMSRedelivered
          prioritizedMessages producerFlowControl reduceMemoryFootprint sendAdvisoryIfNoConsumers sendDuplicateFromStoreToDLQ
          sendFailIfNoSpace strictOrderDispatch tempQueue tempTopic useCache useConsumerPriority usePrefetchExtension
          useTopicSubscriptionInflightStats`,
        numbers: `blockedProducerWarningInterval consumersBeforeDispatchStarts cursorMemoryHighWaterMark durableTopicPrefetch
          expireMessagesPeriod inactiveTimeoutBeforeGC inactiveTimoutBeforeGC maxAuditDepth maxBrowsePageSize maxDestinations
          maxExpirePageSize maxPageSize maxProducersToAudit maxQueueAuditDepth minimumMessageSize optimizeMessageStoreInFlightLimit
          queueBrowserPrefetch queuePrefetch sendFailIfNoSpaceAfterTimeout storeUsageHighWaterMark timeBeforeDispatchStarts topicPrefetch`,
        texts: 'memoryLimit queue topic',
      },
      {
        deadLetterStrategy: 'discarding individualDeadLetterStrategy sharedDeadLetterStrategy',
        destination: DESTINATIONS,
        dispatchPolicy: `priorityDispatchPolicy priorityNetworkDispatchPolicy roundRobinDispatchPolicy simpleDispatchPolicy
          strictOrderDispatchPolicy`,
        messageEvictionStrategy: `oldestMessageEvictionStrategy oldestMessageWithLowestPriorityEvictionStrategy
          uniquePropertyMessageEvictionStrategy`,
        messageGroupMapFactory:
          'cachedMessageGroupMapFactory messageGroupHashBucketFactory simpleMessageGroupMapFactory',
        pendingDurableSubscriberPolicy: 'fileDurableSubscriberCursor storeDurableSubscriberCursor vmDurableCursor',
        pendingMessageLimitStrategy: 'constantPendingMessageLimitStrategy prefetchRatePendingMessageLimitStrategy',
        pendingQueuePolicy: 'fileQueueCursor storeCursor vmQueueCursor',
        pendingSubscriberPolicy: 'fileCursor vmCursor',
        slowConsumerStrategy: 'abortSlowAckConsumerStrategy abortSlowConsumerStrategy',
        subscriptionRecoveryPolicy: RECOVERY,
      },
    ),
    discarding: element(DEAD_LETTERS),
    individualDeadLetterStrategy: element({
      flags: `${DEAD_LETTERS.flags} destinationPerDurableSubscriber useQueueForQueueMessages useQueueForTopicMessages`,
      numbers: DEAD_LETTERS.numbers,
      texts: 'queuePrefix queueSuffix topicPrefix topicSuffix',
    }),
    sharedDeadLetterStrategy: element(DEAD_LETTERS, { deadLetterQueue: DESTINATIONS }),
    abortSlowConsumerStrategy: element(SLOW_CONSUMER),
    abortSlowAckConsumerStrategy: element({
      flags: `${SLOW_CONSUMER.flags} ignoreIdleConsumers`,
      numbers: `${SLOW_CONSUMER.numbers} maxTimeSinceLastAck`,
      texts: SLOW_CONSUMER.texts,
    }),
    priorityDispatchPolicy: element(),
    priorityNetworkDispatchPolicy: element(),
    roundRobinDispatchPolicy: element(),
    simpleDispatchPolicy: element(),
    strictOrderDispatchPolicy: element(),
    oldestMessageEvictionStrategy: element(EVICTION),
    oldestMessageWithLowestPriorityEvictionStrategy: element(EVICTION),
    uniquePropertyMessageEvictionStrategy: element({ ...EVICTION, texts: 'propertyName' }),
    cachedMessageGroupMapFactory: element({ numbers: 'cacheSize' }),
    messageGroupHashBucketFactory: element({ numbers: 'bucketCount cacheSize' }),
    simpleMessageGroupMapFactory: element(),
    fileDurableSubscriberCursor: element(),
    storeDurableSubscriberCursor: element({ flags: 'immediatePriorityDispatch useCache' }),
    vmDurableCursor: element(),
    constantPendingMessageLimitStrategy: element({ numbers: 'limit' }),
    prefetchRatePendingMessageLimitStrategy: element({ numbers: 'multiplier' }),
    fileQueueCursor: element(),
    storeCursor: element(),
    vmQueueCursor: element(),
    fileCursor: element(),
    vmCursor: element(),
    fixedCountSubscriptionRecoveryPolicy: element({ numbers: 'maximumSize' }),
    fixedSizedSubscriptionRecoveryPolicy: element({ flags: 'useSharedBuffer', numbers: 'maximumSize' }),
    lastImageSubscriptionRecoveryPolicy: element(),
    noSubscriptionRecoveryPolicy: element(),
    queryBasedSubscriptionRecoveryPolicy: element({ texts: 'query' }),
    retainedMessageSubscriptionRecoveryPolicy: element({}, { wrapped: RECOVERY }),
    timedSubscriptionRecoveryPolicy: element({ numbers: 'recoverDuration' }),

    kahaDB: element({
      flags: 'cleanupOnStop concurrentStoreAndDispatchQueues',
      numbers: 'journalDiskSyncInterval',
      texts: 'journalDiskSyncStrategy preallocationStrategy',
    }),
    systemUsage: element(
      { flags: 'sendFailIfNoSpace', numbers: 'sendFailIfNoSpaceAfterTimeout' },
      { memoryUsage: 'memoryUsage' },
    ),
    memoryUsage: element({ numbers: 'percentOfJvmHeap' }),
    networkConnector: element({
      flags: `advisoryForFailedForward alwaysSyncSend bridgeTempDestinations checkDuplicateMessagesOnDuplex
        conduitNetworkQueueSubscriptions conduitSubscriptions decreaseNetworkConsumerPriority dispatchAsync duplex dynamicOnly
        gcDestinationViews staticBridge suppressDuplicateQueueSubscriptions suppressDuplicateTopicSubscriptions syncDurableSubs
        useCompression useVirtualDestSubs`,
      numbers: `advisoryAckPercentage advisoryPrefetchSize consumerPriorityBase consumerTTL gcSweepTime messageTTL networkTTL
        prefetchSize`,
      texts: 'destinationFilter name userName',
      uris: 'uri',
    }),
    transportConnector: element({
      flags: 'rebalanceClusterClients updateClusterClients updateClusterClientsOnRemove',
      texts: 'name',
    }),
  }),
)

/** Where permissions are, and how often they are read; whom to ask, and as whom, Amazon MQ says itself. */
const PERMITTED_WITH_LDAP: ReadonlyMap<string, PermittedElement> = new Map([
  ...PERMITTED,
  ['authorizationPlugin', element({}, { map: 'authorizationMap cachedLDAPAuthorizationMap' })],
  [
    'cachedLDAPAuthorizationMap',
    element({
      flags: 'legacyGroupMapping',
      numbers: 'refreshInterval',
      texts: 'queueSearchBase tempSearchBase topicSearchBase',
    }),
  ],
])

/** The permitted elements of configurations of a strategy. */
export const permittedFor = (strategy: AuthenticationStrategy): ReadonlyMap<string, PermittedElement> =>
  strategy === 'ldap' ? PERMITTED_WITH_LDAP : PERMITTED
