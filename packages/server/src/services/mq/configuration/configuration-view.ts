import type { OperationOutput } from '#kernel/call.ts'
import type { ConfigurationRecord, Revision } from '#services/mq/configuration/configuration-record.ts'

type Description = NonNullable<OperationOutput<'mq', 'ListConfigurations'>['Configurations']>[number]

/** A configuration as it is described and listed. */
export const configurationView = (record: ConfigurationRecord): Description => ({
  Arn: record.arn,
  AuthenticationStrategy: record.authenticationStrategy ?? 'simple',
  Created: record.created,
  // AWS describes a configuration by what was said about its newest revision.
  Description: record.latest.description ?? '',
  // AWS answers so although its model says ACTIVEMQ; Terraform plans a replacement for anything else.
  EngineType: 'ActiveMQ',
  EngineVersion: record.engineVersion,
  Id: record.configurationId,
  LatestRevision: revisionView(record.latest),
  Name: record.name,
  Tags: record.tags,
})

/** A revision without its data. */
export const revisionView = ({ revision, created, description }: Revision): Description['LatestRevision'] => ({
  Revision: revision,
  Created: created,
  ...(description === undefined ? {} : { Description: description }),
})
