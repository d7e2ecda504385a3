/** The PEM of the authority that signed every broker's certificate. */
export async function ca(endpoint: string): Promise<string> {
  const response = await fetch(new URL('/_sluice/ca.pem', endpoint)).catch((error: unknown) => {
    throw new Error(`no platform answers at ${endpoint}; start one with: sluice start`, { cause: error })
  })
  if (!response.ok)
    throw new Error(`${endpoint} answered ${String(response.status)} when asked for its certificate authority`)
  return response.text()
}
