import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'

const generate = promisify(generateKeyPair)

/** RSA, because PKCS#12 stores and older MQTT and STOMP clients agree on nothing else. */
const MODULUS_BITS = 2_048

/** A new private key as PKCS#8 PEM; made off the event loop. */
export async function newPrivateKey(): Promise<string> {
  const { privateKey } = await generate('rsa', {
    modulusLength: MODULUS_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return privateKey
}

/** Keys, the next of which is made ahead once one was asked for: to find its primes takes a tenth of a second and more. */
export function keysAhead(make: () => Promise<string> = newPrivateKey): () => Promise<string> {
  let ahead: Promise<string> | undefined
  return async () => {
    const mine = ahead ?? make()
    ahead = undefined
    const key = await mine
    ahead ??= make()
    ahead.catch(() => (ahead = undefined))
    return key
  }
}
