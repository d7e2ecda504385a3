import type { AuthorizationRequest, Context, ContextValue } from '../request.ts'
import { type Arn, splitArn } from '../text/arn.ts'
import { lowerCaseKey } from '../text/lower-case.ts'
import type { Meter } from '../text/meter.ts'
import type { Variable } from '../text/template.ts'

/** A request that cannot be evaluated; the decision is then a denial. */
export class EvaluationError extends Error {}

/** Stands for a key that the context holds twice, in different case. */
const AMBIGUOUS = Symbol('ambiguous')

/** A request as statements are compared with it: taken apart once, its context only when somebody asks. */
export class Facts {
  readonly request: AuthorizationRequest
  /** The action in lower case; actions have no case. */
  readonly action: string
  /** The prefix of the action. */
  readonly service: string
  readonly resource: string
  /** `undefined`: the resource is no ARN, usually `*`. */
  readonly arn: Arn | undefined
  readonly meter: Meter | undefined
  #context: ReadonlyMap<string, ContextValue | typeof AMBIGUOUS> | undefined

  /** @throws EvaluationError when the action is not `service:Name` */
  constructor(request: AuthorizationRequest, meter?: Meter) {
    this.meter = meter
    this.request = request
    this.action = request.action.toLowerCase()
    const colon = this.action.indexOf(':')
    if (colon < 1 || colon === this.action.length - 1) {
      throw new EvaluationError(`the request's action "${request.action}" is not of the form service:Name`)
    }
    this.service = this.action.slice(0, colon)
    this.resource = request.resource
    this.arn = splitArn(request.resource)
  }

  /**
   * The value of a condition key, given in lower case.
   * @throws EvaluationError when the request gives the key twice
   */
  value(name: string): ContextValue | undefined {
    this.#context ??= normalise(this.request.context)
    const value = this.#context.get(name)
    if (value === AMBIGUOUS) throw new EvaluationError(`the request gives the condition key "${name}" twice`)
    return value
  }

  /** The value that stands for a policy variable. A key with several values has none. */
  readonly resolve = (variable: Variable): string | undefined => {
    const value = this.value(variable.name)
    if (value === undefined) return variable.fallback
    return typeof value === 'string' ? value : undefined
  }
}

/** A list without values is no key. */
function normalise(context: Context): ReadonlyMap<string, ContextValue | typeof AMBIGUOUS> {
  const byName = new Map<string, ContextValue | typeof AMBIGUOUS>()
  for (const key of Object.keys(context)) {
    const value = context[key]
    if (value === undefined || (value.length === 0 && typeof value !== 'string')) continue
    const name = lowerCaseKey(key)
    const before = byName.size
    byName.set(name, value)
    if (byName.size === before) byName.set(name, AMBIGUOUS)
  }
  return byName
}
