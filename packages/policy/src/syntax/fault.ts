import type { Place } from './json-node.ts'

/** A rule that a policy breaks: AWS's words for it, and where. */
export class Fault extends Error {
  readonly detail: string | undefined
  readonly place: Place | undefined

  constructor(message: string, place?: Place, detail?: string) {
    super(message)
    this.place = place
    this.detail = detail
  }
}
