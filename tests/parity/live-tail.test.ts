import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent } from 'node:https'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import {
  CloudWatchLogsClient,
  type CloudWatchLogsClientConfig,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  type LiveTailSessionLogEvent,
  PutLogEventsCommand,
  StartLiveTailCommand,
  type StartLiveTailResponseStream,
} from '@aws-sdk/client-cloudwatch-logs'
import { beforeAll, expect, test } from 'vitest'
import { awsCliPrograms } from '@sluice/testkit/aws-cli.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import { pythonEnvironment } from '@sluice/testkit/python-environment.ts'

const BOTO3 = fileURLToPath(new URL('boto3-live-tail.py', import.meta.url))
const ARN = 'arn:aws:logs:us-east-1:000000000000:log-group:/live'
const stream = { logGroupName: '/live', logStreamName: 's' }
const platform = filePlatform()
const aws = platform.clients()

beforeAll(async () => {
  await aws.logs.send(new CreateLogGroupCommand({ logGroupName: '/live' }))
  await aws.logs.send(new CreateLogStreamCommand(stream))
})

const put = (...messages: readonly string[]) =>
  aws.logs.send(
    new PutLogEventsCommand({
      ...stream,
      logEvents: messages.map((message) => ({ timestamp: Date.now(), message })),
    }),
  )

const client = (config: CloudWatchLogsClientConfig = {}): CloudWatchLogsClient =>
  new CloudWatchLogsClient({
    endpoint: platform.url,
    disableHostPrefix: true,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    ...config,
  })

/** Opens a live tail of what has ERROR in it. */
async function open(from: CloudWatchLogsClient): Promise<AsyncIterator<StartLiveTailResponseStream>> {
  const { responseStream } = await from.send(
    new StartLiveTailCommand({ logGroupIdentifiers: [ARN], logEventFilterPattern: 'ERROR' }),
  )
  if (responseStream === undefined) throw new Error('the answer has no stream')
  return responseStream[Symbol.asyncIterator]()
}

const started = {
  sessionStart: {
    requestId: expect.stringMatching(/^[\da-f-]{36}$/) as unknown,
    sessionId: expect.stringMatching(/^[\da-f-]{36}$/) as unknown,
    logGroupIdentifiers: [ARN],
    logStreamNames: [],
    logStreamNamePrefixes: [],
    logEventFilterPattern: 'ERROR',
  },
}

/** The events of the first update that has some; updates without any come before it. */
async function nextEvents(events: AsyncIterator<StartLiveTailResponseStream>): Promise<LiveTailSessionLogEvent[]> {
  for (;;) {
    const { value } = (await events.next()) as { value: StartLiveTailResponseStream | undefined }
    if (value?.sessionUpdate === undefined) throw new Error(`no update but ${JSON.stringify(value)}`)
    expect(value.sessionUpdate.sessionMetadata).toEqual({ sampled: false })
    const { sessionResults = [] } = value.sessionUpdate
    if (sessionResults.length > 0) return sessionResults
  }
}

test('the JS client gets the start of the session and the events that match', async () => {
  const events = await open(client())
  expect((await events.next()).value).toEqual(started)
  const before = Date.now()
  await put('INFO one', 'ERROR one', 'ERROR grüße')
  const found = await nextEvents(events)
  expect(found.map(({ message }) => message)).toEqual(['ERROR one', 'ERROR grüße'])
  expect(found[0]).toEqual({
    logGroupIdentifier: ARN,
    logStreamName: 's',
    message: 'ERROR one',
    timestamp: expect.any(Number) as unknown,
    ingestionTime: expect.any(Number) as unknown,
  })
  expect(found[0]?.ingestionTime).toBeGreaterThanOrEqual(before)
  await events.return?.()
})

test.each(['stream-', 'streaming-'])('over HTTPS, by the name with %s before it', async (prefix) => {
  const ca = await (await fetch(`${platform.url}/_sluice/ca.pem`)).text()
  const asked: string[] = []
  const agent = new Agent({
    ca,
    // No resolver knows the name, as none would know it of a platform on another machine without a wildcard record.
    lookup: (hostname, options, done) => {
      asked.push(hostname)
      if (options.all === true) done(null, [{ address: '127.0.0.1', family: 4 }])
      else done(null, '127.0.0.1', 4)
    },
  })
  const { port } = new URL(platform.url)
  // The client of today puts `stream-` before the host; the older word is given by hand.
  const config: CloudWatchLogsClientConfig =
    prefix === 'stream-'
      ? { endpoint: `https://localhost:${port}`, disableHostPrefix: false }
      : { endpoint: `https://${prefix}localhost:${port}` }
  const events = await open(client({ ...config, requestHandler: { httpsAgent: agent } }))
  expect(asked).toEqual([`${prefix}localhost`])
  expect((await events.next()).value).toEqual(started)
  await put('ERROR secure')
  expect(await nextEvents(events)).toMatchObject([{ message: 'ERROR secure' }])
  await events.return?.()
})

test('what is wrong is refused before the stream begins', async () => {
  const refused = (logGroupIdentifiers: string[]) => client().send(new StartLiveTailCommand({ logGroupIdentifiers }))
  await expect(refused([`${ARN}/none`])).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  await expect(refused(['/live'])).rejects.toMatchObject({ name: 'InvalidParameterException' })
})

/** Starts a program and puts an event when `ready` says that its session has begun; its lines, up to one with `last`. */
async function linesOf(program: string, args: readonly string[], last: string): Promise<readonly string[]> {
  const child = spawn(program, args, {
    env: {
      PATH: process.env['PATH'],
      HOME: platform.scratch,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_DISABLE_HOST_PREFIX_INJECTION: 'true',
      PYTHONUNBUFFERED: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString()
  })
  // A session shows only what comes after its start, and not every program says when that was.
  const writing = setInterval(() => void put('INFO program', 'ERROR program'), 500)
  const lines: string[] = []
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line)
      if (line.includes(last)) return lines
    }
  } finally {
    clearInterval(writing)
    child.kill('SIGINT')
    await closed
  }
  throw new Error(`it ended before it printed ${last}:\n${lines.join('\n')}\n${complaints}`)
}

test('boto3 gets the start of the session and the events that match', async () => {
  const lines = await linesOf(pythonEnvironment().python, [BOTO3, platform.url, ARN, 'ERROR'], 'ERROR program')
  const events = lines.map((line) => JSON.parse(line) as StartLiveTailResponseStream)
  expect(events[0]).toEqual(started)
  expect(events.at(-1)?.sessionUpdate).toMatchObject({
    sessionMetadata: { sampled: false },
    sessionResults: expect.arrayContaining([expect.objectContaining({ message: 'ERROR program' })]) as unknown,
  })
  expect(lines.join('')).not.toContain('INFO program')
})

test.each(awsCliPrograms())('AWS CLI %s: logs start-live-tail prints the events that match', async (version, find) => {
  const endpoint = ['--endpoint-url', platform.url, '--region', 'us-east-1']
  const tail = ['logs', 'start-live-tail', '--log-group-identifiers', ARN, '--log-event-filter-pattern', 'ERROR']
  // Version 2 can be interactive, which needs a terminal.
  const mode = version === 'version 2' ? ['--mode', 'print-only'] : []
  const lines = await linesOf(find(), [...endpoint, ...tail, ...mode], 'ERROR program')
  expect(lines.join('\n')).not.toContain('INFO program')
})

// `aws logs tail` exists in version 2 only, which no registry of packages has: where the system has it, it is tried.
test.each(awsCliPrograms().filter(([version]) => version === 'version 2'))(
  'AWS CLI %s: logs tail --follow prints what arrives',
  async (_version, find) => {
    const args = ['--endpoint-url', platform.url, '--region', 'us-east-1', 'logs', 'tail', '/live', '--follow']
    expect((await linesOf(find(), args, 'ERROR program')).length).toBeGreaterThan(0)
  },
)

test('a platform that stops ends the session with an error of its own, and is not held up by it', async () => {
  const events = await open(client())
  expect((await events.next()).value).toEqual(started)
  const stopped = platform.stop()
  const ends = async (): Promise<void> => {
    while ((await events.next()).done !== true);
  }
  await expect(ends()).rejects.toMatchObject({ name: 'SessionStreamingException' })
  expect(await stopped).toBe(0)
  await platform.start()
})
