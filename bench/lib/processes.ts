import { readFileSync, readdirSync } from 'node:fs'

/** Clock ticks a second in /proc/<pid>/stat; 100 on every Linux that Node runs on. */
const TICKS = 100
const PAGE_BYTES = 4_096

/** CPU seconds that a process and its running children have used. Linux only. */
export const cpuSeconds = (pid: number): number => family(pid).reduce((sum, member) => sum + ownCpuSeconds(member), 0)

/** CPU seconds that a process has used, its children apart. Linux only. */
export const ownCpuSeconds = (pid: number): number => (Number(stat(pid)[11]) + Number(stat(pid)[12])) / TICKS

/** Resident megabytes of one process. */
export const residentMegabytes = (pid: number): number =>
  (Number(readFileSync(`/proc/${String(pid)}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES) / 1_000_000

/** Direct children whose command line matches. */
export const childrenOf = (pid: number, command: RegExp = /./): readonly number[] =>
  readdirSync(`/proc/${String(pid)}/task`)
    .flatMap((thread) =>
      readFileSync(`/proc/${String(pid)}/task/${thread}/children`, 'utf8')
        .trim()
        .split(' '),
    )
    .filter((text) => text !== '')
    .map(Number)
    .filter((child) => command.test(readFileSync(`/proc/${String(child)}/cmdline`, 'utf8').replaceAll('\0', ' ')))

const family = (pid: number): readonly number[] => [
  pid,
  ...childrenOf(pid).filter((child) => !/java/.test(readFileSync(`/proc/${String(child)}/cmdline`, 'utf8'))),
]
const stat = (pid: number): readonly string[] => {
  const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}
