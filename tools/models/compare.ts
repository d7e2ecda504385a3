/** A sentence for every generated file that is missing, changed or left over; none when all is as generated. */
export function compare(
  committed: ReadonlyMap<string, string>,
  generated: ReadonlyMap<string, string>,
): readonly string[] {
  const remedy = 'run node tools/models/main.ts'
  const differences: string[] = []
  for (const [path, text] of generated) {
    if (!committed.has(path)) differences.push(`packages/wire/${path} is missing; ${remedy}`)
    else if (committed.get(path) !== text) differences.push(`packages/wire/${path} differs from its model; ${remedy}`)
  }
  for (const path of committed.keys()) {
    if (!generated.has(path)) differences.push(`packages/wire/${path} comes from no model; ${remedy}`)
  }
  return differences
}
