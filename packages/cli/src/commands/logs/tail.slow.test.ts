import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { platformClient } from '#cli/platform-client.ts'
import { eventually } from '../../../../testkit/src/eventually.ts'
import { type TestPlatform, startTestPlatform, temporaryDirectory } from '../../../../testkit/src/platform.ts'

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url))
const directory = temporaryDirectory()
const group = { logGroupName: '/tail' }
let platform: TestPlatform

const logs = (operation: string, input: object): Promise<unknown> =>
  platformClient({ endpoint: platform.url, region: 'us-east-1', accessKeyId: 'test', secret: 'test' }).json(
    'logs',
    operation,
    input,
  )
const put = (...messages: readonly string[]): Promise<unknown> =>
  logs('PutLogEvents', {
    ...group,
    logStreamName: 's',
    logEvents: messages.map((message) => ({ timestamp: Date.now(), message })),
  })

beforeAll(async () => {
  platform = await startTestPlatform({ data: directory.path })
  await logs('CreateLogGroup', group)
  await logs('CreateLogStream', { ...group, logStreamName: 's' })
  await put('ERROR past', 'INFO past')
})
afterAll(async () => {
  await platform.stop()
  directory.remove()
})

function startTail(...args: readonly string[]) {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', MAIN, 'logs', 'tail', ...args, '--data', directory.path],
    { env: { PATH: process.env['PATH'], HOME: directory.path }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      output[name] += chunk.toString()
    })
  }
  return { child, output, closed: once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]> }
}

const printed = (output: { readonly stdout: string }, text: string): Promise<string> =>
  eventually(
    `${text} is printed`,
    20,
    async () => output.stdout,
    (all) => all.includes(text),
  )

test('past events are printed without colours into a pipe', async () => {
  const { output, closed } = startTail('/tail', '--filter', 'ERROR')
  expect(await closed).toEqual([0, null])
  expect(output).toEqual({ stdout: expect.stringMatching(/^\d{4}-\S+Z s ERROR past\n$/) as unknown, stderr: '' })
})

test('--follow prints what arrives until Ctrl-C', async () => {
  const { child, output, closed } = startTail('/tail', '--follow', '--filter', 'ERROR')
  await printed(output, 'ERROR past\n')
  await put('INFO now', 'ERROR now')
  await printed(output, 'ERROR now\n')
  child.kill('SIGINT')
  expect(await closed).toEqual([0, null])
  expect(output.stdout).toMatch(/^\S+ s ERROR past\n\S+ s ERROR now\n$/)
  expect(output.stderr).toBe('')
})

test.each([
  { args: ['/none'], says: 'The specified log group does not exist.' },
  { args: ['/none', '--follow'], says: 'there is no log group /none' },
  { args: ['/tail', '--since', 'soon'], says: '--since is "soon", but it must be like 30s' },
  { args: ['/tail', '--filter', '{ $.a'], says: "If a filter pattern starts with '{' it must end with '}'" },
])('$args is refused in one sentence', async ({ args, says }) => {
  const { output, closed } = startTail(...args)
  expect(await closed).toEqual([1, null])
  expect(output.stderr).toContain(`sluice: ${says}`)
  expect(output.stderr.trim().split('\n')).toHaveLength(1)
})
