import { styleText } from 'node:util'

/** An event of a log group, as FilterLogEvents and a live tail show it. */
export interface TailedEvent {
  readonly logStreamName: string
  /** Milliseconds since 1970. */
  readonly timestamp: number
  readonly ingestionTime: number
  readonly message: string
}

const CONTROL = /[^\P{Cc}\t\n]/gu

/**
 * Time, stream and message, and a line end. Control characters of a message are replaced on a terminal, which would obey
 * them; further lines of a message stand as they are.
 */
export function printedEvent({ timestamp, logStreamName, message }: TailedEvent, isTerminal: boolean): string {
  const time = new Date(timestamp).toISOString()
  const text = message.replace(/\r?\n$/, '')
  if (!isTerminal) return `${time} ${logStreamName} ${text}\n`
  const paint = (format: 'green' | 'cyan', plain: string): string =>
    styleText(format, plain.replaceAll(CONTROL, '\uFFFD'), { stream: process.stdout })
  return `${paint('green', time)} ${paint('cyan', logStreamName)} ${text.replaceAll(CONTROL, '\uFFFD')}\n`
}
