import type { DataIdentifier } from '#services/logs/protection/identifiers.ts'

/** Where sensitive data is in a text: from `start` up to, not including, `end`. */
export interface Detection {
  readonly identifier: string
  readonly start: number
  readonly end: number
}

/** Everything that the identifiers find, identifier by identifier. */
export function detect(text: string, identifiers: readonly DataIdentifier[]): readonly Detection[] {
  return identifiers.flatMap((identifier) => found(text, identifier))
}

function found(text: string, { name, regex, hint, isValid }: DataIdentifier): readonly Detection[] {
  if (hint !== undefined && !text.includes(hint)) return []
  const detections: Detection[] = []
  const matcher = regex.matcher(text)
  let from = 0
  while (from <= text.length && matcher.find(from)) {
    const group = dataGroup(matcher)
    const [start, end] = [matcher.start(group), matcher.end(group)]
    if (end > start && (isValid === undefined || isValid(text.slice(start, end)))) {
      detections.push({ identifier: name, start, end })
    }
    // What follows the data may also be what stands before the next one.
    from = Math.max(end, from + 1)
  }
  return detections
}

function dataGroup(matcher: ReturnType<DataIdentifier['regex']['matcher']>): number {
  for (let group = 1; group <= matcher.groupCount(); group += 1) if (matcher.start(group) >= 0) return group
  return 0
}

/** The text with an asterisk for every sign of what was found. */
export function masked(text: string, detections: readonly Detection[]): string {
  if (detections.length === 0) return text
  let out = ''
  let at = 0
  for (const { start, end } of detections.toSorted((a, b) => a.start - b.start)) {
    if (end <= at) continue
    const from = Math.max(start, at)
    out += text.slice(at, from) + '*'.repeat(end - from)
    at = end
  }
  return out + text.slice(at)
}
