import type { Checkpoint } from '#kernel/call.ts'

/** The source positions that a mark covers, as the text in its last column. Empty: none. */
export const encodePositions = (checkpoints: Iterable<Checkpoint>): string => {
  const entries = Array.from(checkpoints, ({ source, sequence, position }) => [source, sequence, position])
  return entries.length === 0 ? '' : JSON.stringify(entries)
}

/** @throws Error when the text was not written by {@link encodePositions} */
export function decodePositions(text: string): readonly Checkpoint[] {
  if (text === '') return []
  const entries: unknown = JSON.parse(text)
  if (!Array.isArray(entries)) throw new Error('a mark holds no list of positions')
  return entries.map((entry: unknown) => {
    const [source, sequence, position] = Array.isArray(entry) ? (entry as readonly unknown[]) : []
    if (typeof source !== 'string' || typeof sequence !== 'number' || typeof position !== 'string') {
      throw new Error('a mark holds something else than a position')
    }
    return { source, sequence, position }
  })
}
