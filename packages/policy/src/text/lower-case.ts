/** Most names that are remembered; when there are more, remembering starts anew. */
const MOST = 2_048

const known = new Map<string, string>()

/** A condition key in lower case. The same few keys come with every request, so their answers are remembered. */
export function lowerCaseKey(key: string): string {
  const found = known.get(key)
  if (found !== undefined) return found
  const lower = key.toLowerCase()
  if (key.length > 256) return lower
  if (known.size >= MOST) known.clear()
  known.set(key, lower)
  return lower
}
