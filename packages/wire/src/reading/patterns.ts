/** What the dot does not match. */
const LINE_ENDS = String.raw`\n\r\u2028\u2029`
/** As `.+\/.+`, which tries every slash: the first one that is not the first character decides. */
const SOMETHING_SLASH_SOMETHING = String.raw`.[^/${LINE_ENDS}]*\/.+`

/**
 * Patterns of AWS that a matcher which goes back, as JavaScript's does, takes quadratic or exponential time for, and what
 * is used instead. Each takes the same strings and has one way at most to take a string. AWS's own stands in messages.
 */
export const LINEAR_EQUIVALENTS: ReadonlyMap<string, string> = new Map([
  // Words of printable characters with blanks between, but a space is printable too: all but tabs alone.
  [String.raw`^[ \t]*[\x20-\x7E]+([ \t]+[\x20-\x7E]+)*[ \t]*$`, String.raw`^\t*[\x20-\x7E][\t\x20-\x7E]*$`],
  [
    String.raw`^[ \t]*[^\x00-\x1F:\x7F]+([ \t]+[^\x00-\x1F:\x7F]+)*[ \t]*$`,
    String.raw`^\t*[^\x00-\x1F:\x7F][^\x00-\x08\x0A-\x1F:\x7F]*$`,
  ],
  [
    String.raw`^arn:aws([a-z]|\-)*:events:([a-z]|\d|\-)*:([0-9]{12})?:.+\/.+$`,
    String.raw`^arn:aws([a-z]|\-)*:events:([a-z]|\d|\-)*:([0-9]{12})?:${SOMETHING_SLASH_SOMETHING}$`,
  ],
  // A slash in front may be the optional one or the first character: the rest is asked the same.
  [String.raw`\/?.+\/.+`, SOMETHING_SLASH_SOMETHING],
  // The first `:glue:` is as good as any later one, for what follows it may be anything.
  [
    String.raw`arn:.*:glue:.*:\d{12}:catalog(?:(/[a-z0-9_-]+){1,2})?`,
    String.raw`arn:(?:(?!:glue:).)*:glue:.*:\d{12}:catalog(?:(/[a-z0-9_-]+){1,2})?`,
  ],
])
