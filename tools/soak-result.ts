/** One crash test of a soak. */
export interface SoakPart {
  /** What is killed, in words. */
  readonly what: string
  readonly passed: boolean
  readonly seconds: number
}

/** What a soak found out, and on what. */
export interface SoakResult {
  /** `2026-11-21`. */
  readonly date: string
  /** The commit, with `+` behind it when files were changed. */
  readonly commit: string
  /** e.g. `linux x64, 2 cores, Node v26.10.0`. */
  readonly machine: string
  readonly rounds: number
  readonly parts: readonly SoakPart[]
}

const INTRO = `# Soak runs

Each line is one run of \`npm run soak\`: writers are killed with SIGKILL at random moments, again and again, and after
every round each acknowledged record, event and broker line must be there exactly once. Newest last.

| Date | Commit | Machine | Rounds | Result |
|---|---|---|---|---|
`

/** docs/soak.md with one more line; `text` is what stands there now. */
export const withResult = (text: string | undefined, result: SoakResult): string =>
  `${text ?? INTRO}${lineOf(result)}\n`

function lineOf({ date, commit, machine, rounds, parts }: SoakResult): string {
  const told = parts.map(
    ({ what, passed, seconds }) => `${what}: ${passed ? 'passed' : '**FAILED**'} in ${String(Math.round(seconds))} s`,
  )
  return `| ${date} | ${commit} | ${machine} | ${String(rounds)} | ${told.join('; ')} |`
}
