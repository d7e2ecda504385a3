import { type Node, parsePattern } from './syntax.ts'

/** How a match ended, and how many times a repetition was tried for it. */
export interface Counted {
  /** `undefined`: given up, there were too many steps. */
  readonly matches: boolean | undefined
  readonly steps: number
}

/** Goes on after a part that ended at a position. */
type Next = (at: number) => boolean
type Match = (at: number, next: Next) => boolean

class TooManySteps extends Error {}

/** A matcher that goes back as JavaScript's does, and counts. Characters are UTF-16 units. */
export function stepCounter({ source, flags }: RegExp): (text: string, most: number) => Counted {
  const state = { text: '', steps: 0, most: 0 }
  const match = compile(parsePattern(source), flags, state)
  return (text, most) => {
    Object.assign(state, { text, steps: 0, most })
    try {
      return { matches: match(0, () => true), steps: state.steps }
    } catch (error) {
      if (error instanceof TooManySteps) return { matches: undefined, steps: state.steps }
      throw error
    }
  }
}

interface State {
  text: string
  steps: number
  most: number
}

function compile(node: Node, flags: string, state: State): Match {
  switch (node.kind) {
    case 'one': {
      const takes = characterTest(node.atom, flags)
      return (at, next) => at < state.text.length && takes(state.text[at] ?? '') && next(at + 1)
    }
    case 'sequence':
      return node.parts
        .map((part) => compile(part, flags, state))
        .reduceRight<Match>(
          (after, part) => (at, next) => part(at, (to) => after(to, next)),
          (at, next) => next(at),
        )
    case 'choice': {
      const branches = node.branches.map((branch) => compile(branch, flags, state))
      return (at, next) => branches.some((branch) => branch(at, next))
    }
    case 'repeat':
      return compileRepeat(node, compile(node.item, flags, state), state)
    case 'look': {
      const item = compile(node.item, flags, state)
      // What looks behind looks at one character in all of AWS's patterns.
      const sees = (at: number): boolean =>
        node.behind ? at > 0 && item(at - 1, (to) => to === at) : item(at, () => true)
      return (at, next) => sees(at) !== node.negative && next(at)
    }
    case 'start':
      return (at, next) => at === 0 && next(at)
    case 'end':
      return (at, next) => at === state.text.length && next(at)
    case 'border':
      return (at, next) => isWord(state.text[at - 1]) !== isWord(state.text[at]) && next(at)
  }
}

function compileRepeat({ min, max, lazy }: Extract<Node, { kind: 'repeat' }>, item: Match, state: State): Match {
  return (from, next) => {
    const round = (count: number, at: number): boolean => {
      if (++state.steps > state.most) throw new TooManySteps()
      // A round that takes nothing is the last.
      const more = (): boolean => count < max && item(at, (to) => (to !== at || count < min) && round(count + 1, to))
      if (count < min) return more()
      return lazy ? next(at) || more() : more() || next(at)
    }
    return round(0, from)
  }
}

const isWord = (char: string | undefined): boolean => char !== undefined && /\w/.test(char)

/** Whether one character is taken by an atom; asked of JavaScript once a character. */
export function characterTest(atom: string, flags: string): (char: string) => boolean {
  const expression = new RegExp(`^${atom}$`, flags)
  const known = new Map<string, boolean>()
  return (char) => {
    const before = known.get(char)
    if (before !== undefined) return before
    const takes = expression.test(char)
    known.set(char, takes)
    return takes
  }
}
