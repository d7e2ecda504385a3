/** Something that an auditor would ask about. */
export interface Finding {
  readonly title: string
  /** Why it matters, or what mends it when no command does. */
  readonly detail: string
  /** AWS CLI commands, ready to run. */
  readonly commands: readonly string[]
  /** Lines inside of the broker's `aws_mq_broker`. */
  readonly brokerLines?: readonly string[]
  /** Terraform blocks of their own. */
  readonly blocks?: readonly string[]
}

/** The AWS CLI in a region; every word is one that no shell reads differently. */
export const aws = (region: string, ...words: readonly string[]): string =>
  ['aws', '--region', region, ...words].join(' ')

/** A name as Terraform takes it. */
export function terraformName(...parts: readonly string[]): string {
  const name = parts.join('_').replaceAll(/[^\w-]/g, '_')
  return /^[A-Za-z_]/.test(name) ? name : `_${name}`
}
