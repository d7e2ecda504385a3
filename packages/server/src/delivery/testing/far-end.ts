import type { Decision } from '@sluice/policy'
import type { Call, Checkpoint } from '#kernel/call.ts'
import type { Clock } from '#kernel/clock.ts'
import { AccessDenied, AwsError } from '#kernel/errors.ts'

export interface StoredEvent {
  readonly timestamp: number
  readonly message: string
}

/** What goes wrong with one call: before anything is stored, or after everything was. */
export interface Fault {
  readonly error: Error
  readonly when: 'before' | 'after'
}

const DAY_MILLIS = 24 * 60 * 60 * 1_000
const HOUR_MILLIS = 60 * 60 * 1_000

export const denial: Decision = {
  allowed: false,
  kind: 'implicit-deny',
  decidedBy: 'resource',
  crossAccount: false,
  principal: 'mq.amazonaws.com',
  action: 'logs:PutLogEvents',
  resource: 'arn:aws:logs:us-east-1:000000000000:log-group:/g:log-stream:s',
  matched: [],
  unmatched: [],
  unmatchedOmitted: 0,
  missingKeys: [],
  outcomes: [],
}

export const accessDenied = (action: string): AccessDenied =>
  new AccessDenied('AccessDeniedException', 400, `mq.amazonaws.com is not authorized to perform: ${action}`, denial)

export const throttled = (): AwsError => new AwsError('ThrottlingException', 400, 'Rate exceeded')

interface PutInput {
  readonly logGroupName: string
  readonly logStreamName: string
  readonly logEvents: readonly StoredEvent[]
}

/** CloudWatch Logs as deliveries see it: strict about every rule of PutLogEvents and of checkpoints, and able to fail. */
export class FarEnd {
  readonly call: Call
  readonly streams = new Map<string, StoredEvent[]>()
  readonly calls: { readonly operation: string; readonly events: number }[] = []
  readonly groups = new Set<string>()
  readonly checkpoints = new Map<string, Checkpoint>()
  /** Asked before each call; an answer makes it fail. */
  fault: (operation: string, events: readonly StoredEvent[]) => Fault | undefined = () => undefined
  readonly #clock: Clock

  constructor(clock: Clock, groups: readonly string[] = ['/g']) {
    this.#clock = clock
    for (const group of groups) this.groups.add(group)
    this.call = (async (
      _as: unknown,
      service: string,
      operation: string,
      input: unknown,
      options?: { readonly checkpoint?: Checkpoint },
    ) => {
      if (service !== 'logs') throw new Error(`nothing calls ${service} here`)
      return this.#answer(operation, input as PutInput, options?.checkpoint)
    }) as Call
  }

  readonly checkpoint = (source: string): Promise<Checkpoint | undefined> =>
    Promise.resolve(this.checkpoints.get(source))

  messages(stream = '/g/s'): string[] {
    return (this.streams.get(stream) ?? []).map(({ message }) => message)
  }

  #answer(operation: string, input: PutInput, checkpoint: Checkpoint | undefined): unknown {
    const events = operation === 'PutLogEvents' ? input.logEvents : []
    this.calls.push({ operation, events: events.length })
    const fault = this.fault(operation, events)
    if (fault?.when === 'before') throw fault.error
    const answer =
      operation === 'CreateLogStream' ? this.#createLogStream(input) : this.#putLogEvents(input, checkpoint)
    if (fault?.when === 'after') throw fault.error
    return answer
  }

  #createLogStream({ logGroupName, logStreamName }: PutInput): unknown {
    if (!this.groups.has(logGroupName))
      throw new AwsError('ResourceNotFoundException', 400, 'The specified log group does not exist.')
    const name = `${logGroupName}/${logStreamName}`
    if (this.streams.has(name))
      throw new AwsError('ResourceAlreadyExistsException', 400, 'The specified log stream already exists')
    this.streams.set(name, [])
    return {}
  }

  #putLogEvents({ logGroupName, logStreamName, logEvents }: PutInput, checkpoint: Checkpoint | undefined): unknown {
    checkBatch(logEvents)
    if (!this.groups.has(logGroupName))
      throw new AwsError('ResourceNotFoundException', 400, 'The specified log group does not exist.')
    const stream = this.streams.get(`${logGroupName}/${logStreamName}`)
    if (stream === undefined)
      throw new AwsError('ResourceNotFoundException', 400, 'The specified log stream does not exist.')
    if (!this.#commit(checkpoint)) return {}
    const now = this.#clock.now()
    const tooOld = logEvents.findLastIndex(({ timestamp }) => timestamp < now - 14 * DAY_MILLIS) + 1
    const tooNew = logEvents.findIndex(({ timestamp }) => timestamp > now + 2 * HOUR_MILLIS)
    stream.push(...logEvents.slice(tooOld, tooNew === -1 ? undefined : tooNew))
    if (tooOld === 0 && tooNew === -1) return {}
    return {
      rejectedLogEventsInfo: {
        ...(tooOld === 0 ? {} : { tooOldLogEventEndIndex: tooOld }),
        ...(tooNew === -1 ? {} : { tooNewLogEventStartIndex: tooNew }),
      },
    }
  }

  /** False when the checkpoint is not beyond the committed one: the call then changes nothing. */
  #commit(checkpoint: Checkpoint | undefined): boolean {
    if (checkpoint === undefined) throw new Error('a delivery must send a checkpoint')
    if (checkpoint.position.length > 1_000 || checkpoint.source.length > 200)
      throw new Error('the checkpoint is too long')
    const committed = this.checkpoints.get(checkpoint.source)
    if (committed !== undefined && checkpoint.sequence <= committed.sequence) return false
    this.checkpoints.set(checkpoint.source, checkpoint)
    return true
  }
}

const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', 400, message)

function checkBatch(events: readonly StoredEvent[]): void {
  if (events.length === 0 || events.length > 10_000) throw invalid('1 to 10,000 events')
  if (events.some(({ message }) => message === '')) throw invalid('a message has at least one character')
  const bytes = events.reduce((total, { message }) => total + Buffer.byteLength(message) + 26, 0)
  if (bytes > 1_048_576) throw invalid(`Upload too large: ${String(bytes)} bytes exceeds limit of 1048576`)
  if (events.some(({ timestamp }, index) => timestamp < (events[index - 1]?.timestamp ?? 0))) {
    throw invalid('Log events in a single PutLogEvents request must be in chronological order.')
  }
  if ((events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0) > DAY_MILLIS) {
    throw invalid('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.')
  }
}
