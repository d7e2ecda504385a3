import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { pythonEnvironment } from './python-environment.ts'

/** A call for boto3, as root of account 000000000000 in us-east-1. */
export interface BotoCall {
  /** By which its outcome is found. */
  readonly name: string
  /** boto3's name of the service. */
  readonly service: string
  /** boto3's name of the operation, e.g. `list_brokers`. */
  readonly method: string
  readonly args?: object
  /** `botocore.config.Config`'s members. */
  readonly config?: object
  /** `false`: the client does not look at its input, so that the platform has to. */
  readonly validated?: boolean
  readonly endpoint?: string
  readonly secret?: string
  /** Content of `Body`, given as a stream. */
  readonly stream?: string
  /** The call is not made: its outcome is a URL that makes it. */
  readonly presigned?: boolean
}

export interface BotoOutcome {
  readonly answer?: Readonly<Record<string, unknown>>
  /** The `response` of the `ClientError`. */
  readonly error?: {
    readonly Error: { readonly Code: string; readonly Message: string }
    readonly ResponseMetadata: { readonly HTTPStatusCode: number; readonly RequestId?: string }
    readonly [member: string]: unknown
  }
  /** The class of the exception, which for modelled errors is the error's own. */
  readonly class?: string
  readonly sent?: { readonly url: string; readonly headers: Readonly<Record<string, string>> }
  readonly url?: string
}

/** Makes calls through boto3 in one process, in their order. @param script the path of tests/parity/boto3-calls.py */
export async function boto3(
  script: string,
  endpoint: string,
  calls: readonly BotoCall[],
): Promise<ReadonlyMap<string, BotoOutcome>> {
  const { python } = pythonEnvironment()
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  child.stdin.end(JSON.stringify({ endpoint, calls }))
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = (await ended) as [number | null]
  if (code !== 0) throw new Error(`${script} ended with ${String(code)}:\n${errors}`)
  return new Map(Object.entries(JSON.parse(output) as Record<string, BotoOutcome>))
}
