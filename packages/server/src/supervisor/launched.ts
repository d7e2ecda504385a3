import { readFileSync } from 'node:fs'
import { isRunning } from '#kernel/process-identity.ts'
import type { ProcessIdentity } from '#kernel/process-identity.ts'

/** A process as it was noted on disk when it was launched. */
export interface Launched extends ProcessIdentity {
  /** The boot of the machine in which it started: start times begin again with each one. Empty where start times are dates. */
  readonly boot: string
}

/**
 * Shell that writes the identity of its own process to `$0` and then becomes the command. Pid and start time stay the
 * same through `exec`, so the identity is on disk before the command's first instruction: however the platform dies,
 * no process is ever running without one.
 */
export const NOTE_AND_EXEC: string = [
  'umask 077',
  process.platform === 'linux'
    ? 'IFS= read -r boot </proc/sys/kernel/random/boot_id && IFS= read -r stat </proc/$$/stat && printf "%s\\n%s\\n" "$boot" "$stat" >"$0.new"'
    : 'printf "%s\\n%s\\n" "$$" "$(LC_ALL=C ps -o lstart= -p $$)" >"$0.new"',
  'mv "$0.new" "$0" && exec "$@"',
].join(' && ')

/** Reads what {@link NOTE_AND_EXEC} wrote; undefined when there is none, or not a whole one. */
export function readLaunched(file: string): Launched | undefined {
  const [first = '', second = ''] = readText(file).split('\n')
  if (process.platform === 'linux') return parseStat(first, second)
  const pid = Number(first)
  return pid > 1 && second !== '' ? { boot: '', pid, startTime: second.trim() } : undefined
}

/** Whether that very process still runs: same pid, same start, same boot, and not a zombie. */
export const stillRuns = (launched: Launched): boolean => launched.boot === currentBoot() && isRunning(launched)

/** A line of `/proc/<pid>/stat`. Its second field is a name in parentheses that may itself hold anything. */
export function parseStat(boot: string, line: string): Launched | undefined {
  const pid = Number.parseInt(line, 10)
  const startTime = line.slice(line.lastIndexOf(')') + 2).split(' ')[19]
  return pid > 1 && boot !== '' && startTime !== undefined && /^\d+$/.test(startTime)
    ? { boot, pid, startTime }
    : undefined
}

const currentBoot = (): string =>
  process.platform === 'linux' ? readText('/proc/sys/kernel/random/boot_id').trim() : ''

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
