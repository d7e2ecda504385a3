import { log, spinner } from '@clack/prompts'

/** Something that takes a while, told to people as it goes. */
export interface Progress {
  update(text: string): void
  done(text: string): void
}

/** A spinner with a clock on a terminal; elsewhere a line for each new text. */
export function progress(text: string): Progress {
  if (process.stdout.isTTY !== true) return lines(text)
  const wait = spinner({ indicator: 'timer' })
  wait.start(text)
  return { update: (next) => wait.message(next), done: (end) => wait.stop(end) }
}

function lines(text: string): Progress {
  let last = text
  log.info(text)
  return {
    update: (next) => {
      if (next !== last) log.info(next)
      last = next
    },
    done: (end) => log.success(end),
  }
}
