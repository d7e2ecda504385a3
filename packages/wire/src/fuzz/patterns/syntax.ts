/** A regular expression as far as AWS's patterns use them. */
export type Node =
  /** One character: literal, escape, class or dot, as it is written. */
  | { readonly kind: 'one'; readonly atom: string }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly branches: readonly Node[] }
  | { readonly kind: 'repeat'; readonly item: Node; readonly min: number; readonly max: number; readonly lazy: boolean }
  | { readonly kind: 'look'; readonly item: Node; readonly behind: boolean; readonly negative: boolean }
  | { readonly kind: 'start' | 'end' | 'border' }

const ATOM = /^(?:\[(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\.|[\s\S])/
const REPEAT = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})(\??)/
const GROUP = /^\((?:\?(:|=|!|<=|<!))?/

/** @throws Error for what no pattern of AWS has, such as back references */
export function parsePattern(source: string): Node {
  let at = 0
  const rest = (): string => source.slice(at)

  const choice = (): Node => {
    const branches = [sequence()]
    while (source[at] === '|') {
      at++
      branches.push(sequence())
    }
    return branches.length === 1 ? (branches[0] as Node) : { kind: 'choice', branches }
  }
  const sequence = (): Node => {
    const parts: Node[] = []
    while (at < source.length && source[at] !== '|' && source[at] !== ')') parts.push(repeated(single()))
    return { kind: 'sequence', parts }
  }
  const single = (): Node => {
    if (source[at] === '(') return group()
    const [atom = ''] = ATOM.exec(rest()) ?? []
    at += atom.length
    if (atom === '^') return { kind: 'start' }
    if (atom === '$') return { kind: 'end' }
    if (atom === String.raw`\b`) return { kind: 'border' }
    if (/^\\[1-9k]/.test(atom)) throw new Error(`a back reference: ${source}`)
    return { kind: 'one', atom }
  }
  const group = (): Node => {
    const [open = '', type] = GROUP.exec(rest()) ?? []
    at += open.length
    const item = choice()
    if (source[at++] !== ')') throw new Error(`a group has no end: ${source}`)
    if (type === undefined || type === ':') return item
    return { kind: 'look', item, behind: type.startsWith('<'), negative: type.endsWith('!') }
  }
  const repeated = (item: Node): Node => {
    const [all, sign, from, comma, to, lazy] = REPEAT.exec(rest()) ?? []
    if (all === undefined) return item
    at += all.length
    const [min, max] =
      sign === undefined
        ? [Number(from), comma === '' ? Number(from) : to === '' ? Infinity : Number(to)]
        : [sign === '+' ? 1 : 0, sign === '?' ? 1 : Infinity]
    return { kind: 'repeat', item, min, max, lazy: lazy === '?' }
  }

  const parsed = choice()
  if (at !== source.length) throw new Error(`more follows: ${source}`)
  return parsed
}
