/** @throws RangeError for anything but a whole number, so that nothing else can get into a statement */
export function number(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${String(value)} is not a whole number`)
  return String(value)
}

/** A statement whose text is ours alone, and the texts of users that it refers to. */
export interface BoundStatement {
  readonly sql: string
  readonly parameters: Readonly<Record<string, string>>
  readonly settings?: string
}

/** @throws Error for anything but the name of a partition as the engine makes them */
function partitionIn(row: unknown): string {
  const [partition] = Array.isArray(row) ? (row as readonly unknown[]) : []
  if (typeof partition !== 'string' || !/^[\w-]+$/.test(partition))
    throw new Error('the column store named a partition strangely')
  return partition
}

/** Names of partitions from the answer, in JSONCompactEachRow, to a statement that selects them alone. */
export const partitionsIn = (answer: Buffer): readonly string[] =>
  answer
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => partitionIn(JSON.parse(line)))
