/** What was to expire is another one by now. */
export class Changed extends Error {}

/** Lets it be when it changed meanwhile. */
export async function unlessChanged(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Changed)) throw error
  }
}
