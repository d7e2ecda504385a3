import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type RabbitmqNode, distributionPort } from '#engines/rabbitmq/node.ts'

const run = promisify(execFile)

/** Comes with Erlang, in the path. */
const ERL_CALL = 'erl_call'
/** The statistics of a thousand queues take some 200 KB. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024
const ANSWER_MILLIS = 10_000

/**
 * Has a node work out an Erlang expression, as whoever has the broker's cookie may. The cookie is read from its file and
 * the expression from standard input: neither is among the arguments of a process.
 * @returns the value as Erlang writes it; `undefined`: no node answers
 * @throws Error when the node answers that the expression fails
 */
export async function evaluate(node: RabbitmqNode, expression: string): Promise<string | undefined> {
  const asking = run(ERL_CALL, ['-address', `127.0.0.1:${String(distributionPort(node))}`, '-e'], {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: node.layout.home },
    maxBuffer: MAX_ANSWER_BYTES,
    timeout: ANSWER_MILLIS,
    killSignal: 'SIGKILL',
  })
  // Where no node answers, nobody reads this.
  asking.child.stdin?.on('error', () => {})
  asking.child.stdin?.end(`${expression}.\n`)
  const answer = await asking.then(
    ({ stdout }) => stdout,
    () => undefined,
  )
  if (answer === undefined) return undefined
  const [, value] = /^\{ok, (.*)\}\s*$/s.exec(answer) ?? []
  if (value === undefined) throw new Error(`the node does not know what was asked: ${answer.slice(0, 500)}`)
  return value
}
