import { compileFilterPattern, extractedValues } from '#services/logs/patterns/evaluate.ts'
import { MessageView } from '#services/logs/patterns/message-view.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** Which of the messages a pattern selects, counted from 0, and what it takes out of them. */
export const testMetricFilter =
  (): LogsHandler<'TestMetricFilter'> =>
  ({ filterPattern, logEventMessages }) => {
    const { pattern, selects } = compileFilterPattern(filterPattern, 'metric')
    const matches = logEventMessages.flatMap((eventMessage, eventNumber) => {
      const message = new MessageView(eventMessage)
      if (!selects(message)) return []
      return [{ eventNumber, eventMessage, extractedValues: Object.fromEntries(extractedValues(pattern, message)) }]
    })
    return { matches }
  }
