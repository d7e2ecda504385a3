import type { FaultTarget } from '../request.ts'
import { CATALOG } from '../types/catalog.ts'
import type { AuthWords } from './auth-words.ts'
import { EC2_WORDS } from './words-ec2.ts'
import { PLAIN_WORDS } from './words-plain.ts'
import { S3_WORDS } from './words-s3.ts'

/** S3 takes what no other service does: bodies without a hash, bodies in signed chunks, Signature Version 2. */
export const S3 = 's3'

/** The services with words of their own, by their names in credential scopes; all others share theirs. */
const OWN_WORDS: ReadonlyMap<string | undefined, AuthWords> = new Map([
  [S3, S3_WORDS],
  ['ec2', EC2_WORDS],
])

export const wordsOf = (signingName: string | undefined): AuthWords => OWN_WORDS.get(signingName) ?? PLAIN_WORDS

/** The name in credential scopes of the service that a request was found to be for. */
export const signingNameOf = ({ service }: FaultTarget): string | undefined =>
  service === undefined ? undefined : CATALOG[service].signingName
