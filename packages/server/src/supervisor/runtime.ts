/** A process to run. Secrets go into `environment`, never into `args`: everyone on the machine can read arguments. */
export interface LaunchSpec {
  /** Belongs to this one process; its identity and output are kept here, and it is the working directory. Must exist. */
  readonly directory: string
  readonly command: string
  readonly args: readonly string[]
  /** The whole environment: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>
}

export interface ProcessExit {
  /** Both are null for a process that an earlier life of the platform launched: nobody is told how it ended. */
  readonly code: number | null
  readonly signal: string | null
  /** The end of what the process wrote to its standard output and error, at most 4 KiB. */
  readonly lastOutput: string
}

/** A process that runs, launched or adopted. */
export interface SupervisedProcess {
  readonly pid: number
  /** Resolves when the process has ended, whoever ended it; never rejects. */
  readonly exited: Promise<ProcessExit>
}

/**
 * Where processes run. They outlive the platform: a restarted platform finds them again by their directory.
 * Local processes today; the interface has nothing that only a local process could do.
 */
export interface Runtime {
  /** Must run the process in a group of its own and note who it is before its first instruction. @throws Error when one runs in the directory already. */
  launch(spec: LaunchSpec): Promise<SupervisedProcess>
  /** Must return the process that was launched in the directory if that same one still runs. */
  adopt(directory: string): Promise<SupervisedProcess | undefined>
  /** Must return the environment that the directory's running process was launched with; `undefined`: none runs, or nobody knows it. */
  environment(directory: string): Promise<LaunchSpec['environment'] | undefined>
  /** Must ask the directory's process to end, kill it and its group after the grace, and resolve when it is gone; nothing to stop is no error. */
  stop(directory: string, graceMillis: number): Promise<void>
  /** Must stop watching and leave the processes alone. */
  close(): void
}
