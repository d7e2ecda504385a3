const MAX_SHOWN = 64

/** What a client sent, as it is quoted in an error: the beginning of it when it is long. */
export const shown = (text: string): string => (text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}...`)
