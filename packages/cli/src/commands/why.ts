import { styleText } from 'node:util'
import { type ClientOptions, platformClient } from '#cli/platform-client.ts'

/** What the platform found out about a broker's logs. */
interface Diagnosis {
  readonly brokerId: string
  readonly brokerName: string
  readonly steps: readonly { readonly ok: boolean; readonly title: string; readonly detail?: string }[]
  /** The commands that mend it; none when all is well. */
  readonly fix: readonly string[]
}

/** Walks the chain from the broker to its log streams and ends with the command that mends it. Exit code 1 when something is wrong. */
export async function why(options: ClientOptions, broker: string): Promise<void> {
  const diagnosis = await platformClient(options).rest<Diagnosis>('GET', `/_sluice/why/${encodeURIComponent(broker)}`)
  process.stdout.write(describe(diagnosis))
  if (diagnosis.steps.some(({ ok }) => !ok)) process.exitCode = 1
}

/** The diagnosis as people read it. */
export function describe({ brokerName, brokerId, steps, fix }: Diagnosis): string {
  const lines = [`${styleText('bold', brokerName)} (${brokerId})`]
  for (const { ok, title, detail } of steps) {
    lines.push(`  ${ok ? styleText('green', 'ok') : styleText('red', 'no')}  ${title}`)
    if (detail !== undefined && detail !== '') lines.push(...detail.split('\n').map((line) => `      ${line}`))
  }
  if (fix.length === 0)
    lines.push(
      '',
      steps.every(({ ok }) => ok) ? 'Nothing to mend.' : 'There is no command that mends this; see the details above.',
    )
  else lines.push('', styleText('bold', 'To mend it:'), ...fix.map((command) => `  ${command}`))
  return `${lines.join('\n')}\n`
}
