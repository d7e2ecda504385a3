import { styleText } from 'node:util'
import { type ClientOptions, platformClient } from '#cli/platform-client.ts'

/** What the platform keeps of a denied call. */
interface Explanation {
  readonly requestId: string
  readonly denials: readonly Denial[]
}

interface Denial {
  readonly at: string
  readonly end: 'denied' | 'let through'
  readonly call: string
  readonly message: string
  readonly verdict: string
  readonly statements: readonly {
    readonly where: string
    readonly sentences: readonly string[]
    readonly excerpt?: string
  }[]
  readonly missingKeys: readonly string[]
  readonly remedies: readonly string[]
}

/** Prints why a call was denied, or would have been. */
export async function whyDenied(options: ClientOptions, requestId: string): Promise<void> {
  const path = `/_sluice/why-denied/${encodeURIComponent(requestId)}`
  process.stdout.write(describeDenials(await platformClient(options).rest<Explanation>('GET', path)))
}

/** The explanation as people read it. */
export const describeDenials = ({ denials }: Explanation): string => `${denials.map(paragraph).join('\n\n')}\n`

function paragraph(denial: Denial): string {
  const ended =
    denial.end === 'denied' ? styleText('red', 'denied') : styleText('yellow', 'would be denied; let through')
  const lines = [
    `${styleText('bold', denial.call)} at ${denial.at}: ${ended}`,
    `  ${denial.message}`,
    '',
    denial.verdict,
  ]
  for (const { where, sentences, excerpt } of denial.statements) {
    lines.push('', styleText('bold', where), ...sentences.map((sentence) => `  ${sentence}`))
    if (excerpt !== undefined) lines.push(...excerpt.split('\n').map((line) => styleText('dim', `    ${line}`)))
  }
  if (denial.missingKeys.length > 0)
    lines.push('', `The request did not have these condition keys: ${denial.missingKeys.join(', ')}.`)
  if (denial.remedies.length > 0)
    lines.push('', styleText('bold', 'What would allow it:'), ...denial.remedies.map((remedy) => `  ${remedy}`))
  return lines.join('\n')
}
