import type { SourcePosition } from './policy.ts'

/**
 * A policy text that cannot be used. `message` is what AWS answers (for IAM the message of `MalformedPolicyDocument`);
 * `detail` says in a sentence what is wrong, for people and logs.
 */
export class PolicySyntaxError extends Error {
  readonly detail: string
  readonly position: SourcePosition | undefined

  constructor(message: string, detail: string = message, position?: SourcePosition) {
    super(message)
    this.name = 'PolicySyntaxError'
    this.detail = position === undefined ? detail : `${detail} (line ${position.line}, column ${position.column})`
    this.position = position
  }
}
