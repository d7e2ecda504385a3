import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { ConfigurationStore } from '#services/mq/configuration/configuration-store.ts'
import { revisionView } from '#services/mq/configuration/configuration-view.ts'
import { readConfiguration } from '#services/mq/configuration/read-configuration.ts'
import type { SanitizationWarning } from '#services/mq/configuration/sanitise.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { MAX_REVISIONS, MAX_WARNINGS } from '#services/mq/limits.ts'
import { checkDescription } from '#services/mq/rules/configuration.ts'

type Input = OperationInput<'mq', 'UpdateConfiguration'>
type Output = OperationOutput<'mq', 'UpdateConfiguration'>

/** Keeps a new revision with what is permitted of the data, and says what was taken out. */
export const updateConfiguration =
  ({ configurations }: { readonly configurations: ConfigurationStore }): Handler<Input, Output> =>
  async ({ ConfigurationId: configurationId, Data, Description }, { account, region, now }) => {
    const description = checkDescription(Description)
    const id = { account, region, configurationId }
    const found = await configurations.get(id)
    // Whatever is wrong with the data is told first, as if the configuration were there.
    const { text, warnings } = readConfiguration(Data, found?.authenticationStrategy ?? 'simple')
    const record = await configurations.addRevision(
      id,
      { data: text, now, ...(description === undefined ? {} : { description }) },
      ({ latest }) => {
        if (latest.revision < MAX_REVISIONS) return
        throw mqErrors.badRequest(
          `A configuration can have at most ${String(MAX_REVISIONS)} revisions. Create a new configuration.`,
          'configuration_id',
        )
      },
    )
    if (record === undefined) throw mqErrors.configurationNotFound(configurationId)
    return {
      Arn: record.arn,
      Created: record.created,
      Id: record.configurationId,
      LatestRevision: revisionView(record.latest),
      Name: record.name,
      Warnings: warnings.slice(0, MAX_WARNINGS).map(warningView),
    }
  }

const warningView = ({
  reason,
  elementName,
  attributeName,
}: SanitizationWarning): NonNullable<Output['Warnings']>[number] => ({
  Reason: reason,
  ElementName: elementName,
  ...(attributeName === undefined ? {} : { AttributeName: attributeName }),
})
