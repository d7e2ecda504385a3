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
