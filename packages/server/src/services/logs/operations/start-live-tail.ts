import { setTimeout as sleep } from 'node:timers/promises'
import { AwsError } from '#kernel/errors.ts'
import { newUuid } from '#kernel/ids.ts'
import type { CallContext } from '#kernel/call.ts'
import { parseGroupArn } from '#services/logs/arns.ts'
import { requireStandardClass } from '#services/logs/catalog/standard-class.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { groupOfIdentifier } from '#services/logs/names.ts'
import { compileFilterPattern } from '#services/logs/patterns/evaluate.ts'
import { TailSession, type TailUpdate, type TailedGroup } from '#services/logs/tail/session.ts'
import { TAIL_TIMING, type TailTiming } from '#services/logs/tail/timing.ts'
import type { LogsHandler, LogsInput, LogsOutput } from '#services/logs/types.ts'

type Input = LogsInput<'StartLiveTail'>
type Events = NonNullable<LogsOutput<'StartLiveTail'>['responseStream']>
type Deps = Pick<LogsParts, 'groups' | 'liveTails' | 'protection' | 'tailTiming'>

/** Events as they are stored, from now on: an update a second, also when there is nothing to show. */
export const startLiveTail =
  ({ groups, liveTails, protection, tailTiming = TAIL_TIMING }: Deps): LogsHandler<'StartLiveTail'> =>
  async (input, ctx) => {
    checkStreams(input)
    const matcher = compileFilterPattern(input.logEventFilterPattern ?? '')
    const isWanted = streamSelector(input)
    const watched = new Map<number, TailedGroup>()
    for (const logGroupIdentifier of new Set(input.logGroupIdentifiers)) {
      if (parseGroupArn(logGroupIdentifier) === undefined)
        throw logsErrors.invalidParameter('A log group of a live tail is named by its ARN, without :* at the end.')
      const group = await groups.require(ctx, groupOfIdentifier(logGroupIdentifier, ctx))
      requireStandardClass(group)
      watched.set(group.number, { logGroupIdentifier, isWanted, mask: await protection.maskOf(group) })
    }
    const session = new TailSession(matcher.matches)
    const close = liveTails.open(ctx.account, session, watched)
    // Whoever goes away before the answer is read never comes to read its end.
    ctx.signal.addEventListener('abort', close, { once: true })
    return { responseStream: follow(input, ctx, session, tailTiming, () => liveTails.isClosed, close) }
  }

function checkStreams({ logGroupIdentifiers, logStreamNames, logStreamNamePrefixes }: Input): void {
  const named = logStreamNames !== undefined && logStreamNames.length > 0
  const prefixed = logStreamNamePrefixes !== undefined && logStreamNamePrefixes.length > 0
  if (named && prefixed)
    throw logsErrors.invalidParameter('logStreamNames and logStreamNamePrefixes are mutually exclusive parameters.')
  if ((named || prefixed) && logGroupIdentifiers.length > 1)
    throw logsErrors.invalidParameter('Log streams can be named only when there is exactly one log group.')
}

function streamSelector({ logStreamNames = [], logStreamNamePrefixes = [] }: Input): TailedGroup['isWanted'] {
  if (logStreamNames.length > 0) {
    const names = new Set(logStreamNames)
    return (name) => names.has(name)
  }
  if (logStreamNamePrefixes.length > 0) return (name) => logStreamNamePrefixes.some((prefix) => name.startsWith(prefix))
  return () => true
}

async function* follow(
  input: Input,
  { requestId, signal }: CallContext,
  session: TailSession,
  { updateMillis, sessionMillis }: TailTiming,
  mustEnd: () => boolean,
  close: () => void,
): AsyncGenerator<Events extends AsyncIterable<infer E> ? E : never, void> {
  const ends = performance.now() + sessionMillis
  // By a clock of its own and not by its reader: a slow reader is shown the latest updates, not a queue of old ones.
  const clock = setInterval(() => session.cut(), updateMillis)
  try {
    yield {
      sessionStart: {
        requestId,
        sessionId: newUuid(),
        logGroupIdentifiers: input.logGroupIdentifiers,
        logStreamNames: input.logStreamNames ?? [],
        logStreamNamePrefixes: input.logStreamNamePrefixes ?? [],
        logEventFilterPattern: input.logEventFilterPattern ?? '',
      },
    }
    while (!signal.aborted) {
      const update = session.next()
      if (update !== undefined) yield { sessionUpdate: shown(update) }
      else if (mustEnd()) throw stopping()
      else if (performance.now() >= ends) throw timedOut()
      else await sleep(updateMillis / 4)
    }
  } finally {
    clearInterval(clock)
    close()
  }
}

const shown = ({ sampled, events }: TailUpdate) => ({ sessionMetadata: { sampled }, sessionResults: events })

const timedOut = (): AwsError =>
  new AwsError('SessionTimeoutException', 400, 'The live tail session has lasted for as long as one may.')

const stopping = (): AwsError =>
  new AwsError('SessionStreamingException', 400, 'The live tail session ended because the service is stopping.')
