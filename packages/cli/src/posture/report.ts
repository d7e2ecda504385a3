import { styleText } from 'node:util'
import { alarmFindings } from '#cli/posture/alarms.ts'
import { deliveryPolicyFindings } from '#cli/posture/delivery-policy.ts'
import { exposureFindings } from '#cli/posture/exposure.ts'
import type { BrokerFacts, Facts } from '#cli/posture/facts.ts'
import { type Finding, terraformName } from '#cli/posture/finding.ts'
import { loggingFindings, retentionFindings } from '#cli/posture/logging.ts'
import type { Preset } from '#cli/posture/presets.ts'

/** What was found, by broker; what is the account's own comes last, without a broker. */
export interface Posture {
  readonly sections: readonly { readonly broker: BrokerFacts | undefined; readonly findings: readonly Finding[] }[]
  readonly unread: readonly string[]
}

/** Judges what was read by what the preset asks for. */
export function judge(facts: Facts, preset: Preset): Posture {
  const { brokers, groups, filters, alarms, policies, region, unread } = facts
  const [any] = brokers
  return {
    unread,
    sections: [
      ...brokers.map((broker) => ({
        broker,
        findings: [
          ...loggingFindings(broker, region),
          ...retentionFindings(broker, groups.get(broker.brokerId), preset, region),
          ...exposureFindings(broker, region),
          ...alarmFindings(
            broker,
            { alarms, groups: groups.get(broker.brokerId), filters: filters.get(broker.brokerId) },
            region,
          ),
        ],
      })),
      ...(any === undefined
        ? []
        : [{ broker: undefined, findings: deliveryPolicyFindings(policies, any.brokerArn, region) }]),
    ],
  }
}

export const findingsOf = ({ sections }: Posture): readonly Finding[] => sections.flatMap(({ findings }) => findings)

/** The report as people read it. */
export function report(posture: Posture, preset: Preset): string {
  const lines = [`Preset ${preset.name}: ${preset.title}.`]
  if (posture.sections.length === 0) lines.push('', 'There are no brokers.')
  for (const { broker, findings } of posture.sections) {
    if (broker === undefined && findings.length === 0) continue
    lines.push(
      '',
      styleText('bold', broker === undefined ? 'The account' : `${broker.brokerName} (${broker.brokerId})`),
    )
    if (findings.length === 0) lines.push(`  ${styleText('green', 'ok')}  Nothing to mend`)
    for (const { title, detail } of findings) lines.push(`  ${styleText('red', 'no')}  ${title}`, `      ${detail}`)
  }
  if (posture.unread.length > 0)
    lines.push('', styleText('bold', 'Not checked:'), ...posture.unread.map((sentence) => `  ${sentence}`))
  return `${lines.join('\n')}\n`
}

/** The commands and the Terraform that mend what was found; reboots come last, once a broker. */
export function fixes(posture: Posture): string {
  const commands = [...new Set(findingsOf(posture).flatMap((finding) => finding.commands))]
  const isReboot = (command: string): boolean => command.includes(' mq reboot-broker ')
  const blocks = posture.sections.flatMap(({ broker, findings }) => [
    ...brokerBlock(broker, findings),
    ...findings.flatMap((finding) => finding.blocks ?? []),
  ])
  if (commands.length === 0 && blocks.length === 0) return ''
  return [
    '# AWS CLI',
    ...commands.filter((command) => !isReboot(command)),
    ...commands.filter(isReboot),
    '',
    '# Terraform: lines of aws_mq_broker belong into the one that you have',
    ...blocks,
    '',
  ].join('\n')
}

function brokerBlock(broker: BrokerFacts | undefined, findings: readonly Finding[]): readonly string[] {
  const wanted = findings.flatMap(({ brokerLines = [] }) => (brokerLines.length === 0 ? [] : [brokerLines]))
  if (broker === undefined || wanted.length === 0) return []
  const lines = wanted.flat()
  const seen = new Set<string>()
  // Several findings may want to be applied at once; saying so twice is an error to Terraform.
  const once = lines.filter((line) => {
    const isRepeated = line.startsWith('apply_immediately') && seen.has(line)
    seen.add(line)
    return !isRepeated
  })
  const name = terraformName(broker.brokerName)
  return [[`resource "aws_mq_broker" "${name}" {`, ...once.map((line) => `  ${line}`), '}'].join('\n')]
}
