import { type Apis, readInput } from '@sluice/wire'

type LogEvents = Apis['logs']['PutLogEvents']['input']['logEvents']

/** Small bodies are read as objects. */
const BLANKS = ' '.repeat(32_768)

/** Events as the wire reads them of a large body of PutLogEvents. */
export function arrivedEvents(
  logEvents: readonly { readonly timestamp: number; readonly message: string }[],
): LogEvents {
  const operation = { protocol: 'aws-json-1.1', service: 'logs', operation: 'PutLogEvents' } as const
  const body = Buffer.from(JSON.stringify({ logGroupName: 'g', logStreamName: 's', logEvents }) + BLANKS)
  const input = readInput(operation, { method: 'POST', rawUrl: '/', headers: {} }, body)
  return input['logEvents'] as LogEvents
}
