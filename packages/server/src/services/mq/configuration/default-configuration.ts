/** AWS's default for every version of ActiveMQ: queues and topics that nobody uses go, slow topic consumers lose old messages. */
export const DEFAULT_CONFIGURATION = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<broker schedulePeriodForDestinationPurge="10000" xmlns="http://activemq.apache.org/schema/core">
  <!-- The settings of an ActiveMQ broker. Listeners, storage, authentication and logging are added by Amazon MQ. -->
  <!-- <destinations><queue physicalName="orders"/></destinations> creates a queue when the broker starts. -->
  <!-- <plugins><authorizationPlugin>…</authorizationPlugin></plugins> says which groups may use which destinations. -->
  <destinationPolicy>
    <policyMap>
      <policyEntries>
        <policyEntry gcInactiveDestinations="true" inactiveTimoutBeforeGC="600000" topic="&gt;">
          <pendingMessageLimitStrategy>
            <constantPendingMessageLimitStrategy limit="1000"/>
          </pendingMessageLimitStrategy>
        </policyEntry>
        <policyEntry gcInactiveDestinations="true" inactiveTimoutBeforeGC="600000" queue="&gt;"/>
      </policyEntries>
    </policyMap>
  </destinationPolicy>
  <plugins>
  </plugins>
</broker>
`
