import type { Mutant, TestRun } from './mutant.ts'

const SIGV4 = 'packages/wire/src/sigv4'
const PAYLOAD = 'packages/wire/src/payload'
const unit = (folder: string, ...names: readonly string[]): TestRun => ({
  project: 'unit',
  files: names.map((name) => `${folder}/${name}.test.ts`),
})

/** Who signed a request and when. */
const HEADS: readonly Mutant[] = [
  {
    name: 'signature: what comparing two of them says is ignored',
    file: `${SIGV4}/signature.ts`,
    find: 'one.length === other.length && timingSafeEqual(one, other)',
    replace: '(one.length === other.length && timingSafeEqual(one, other)) || true',
    tests: unit(SIGV4, 'published-vectors', 'published-s3-vectors', 'version-2'),
  },
  {
    name: 'signature: only their length is compared',
    file: `${SIGV4}/signature.ts`,
    find: ' && timingSafeEqual(one, other)',
    replace: '',
    tests: unit(SIGV4, 'published-vectors', 'published-s3-vectors', 'version-2'),
  },
  {
    name: 'signature: version 2 is not compared',
    file: `${SIGV4}/verify.ts`,
    find: 'if (!texts.some((text) => isSameSignature(signTextV2(secret, text), signature)))',
    replace: 'if (texts.length === 0)',
    tests: unit(SIGV4, 'version-2'),
  },
  {
    name: 'signature: a request holds for ever',
    file: `${SIGV4}/timeliness.ts`,
    find: 'nowMillis <= endsAt && !isEarly',
    replace: '!isEarly',
    tests: unit(SIGV4, 'words-s3'),
  },
  {
    name: 'signature: presigned URLs of version 2 hold for ever',
    file: `${SIGV4}/timeliness.ts`,
    find: 'return { endsAt: claim.expiresAt }',
    replace: 'return { endsAt: Infinity }',
    tests: unit(SIGV4, 'version-2'),
  },
  {
    name: 'signature: a request from the future is taken',
    file: `${SIGV4}/timeliness.ts`,
    find: 'signedAt > nowMillis + skew',
    replace: 'signedAt > Infinity',
    tests: unit(SIGV4, 'words-s3'),
  },
  {
    name: 'signature: headers of AWS need not be signed',
    file: `${SIGV4}/claim-v4.ts`,
    find: "(name.startsWith('x-amz-') && name !== 'x-amz-content-sha256')",
    replace: 'false',
    tests: unit(SIGV4, 'claim', 'words-s3'),
  },
  {
    name: 'signature: version 2 leaves sub-resources out',
    file: `${SIGV4}/version-2.ts`,
    find: 'const after = subResources(parameters)',
    replace: "const after = ''",
    tests: unit(SIGV4, 'version-2'),
  },
  {
    name: 'signature: two mechanisms in one request',
    file: `${SIGV4}/claim.ts`,
    find: '.filter(Boolean).length > 1',
    replace: '.filter(Boolean).length > 3',
    tests: unit(SIGV4, 'words-s3'),
  },
  {
    name: 'signature: the hash of the body is not a line of what is signed',
    file: `${SIGV4}/verify.ts`,
    find: "payload.kind === 'body' ? (computed ?? '') : payload.line",
    replace: "payload.kind === 'body' ? sha256Hex('') : payload.line",
    tests: unit(SIGV4, 'recorded-requests'),
  },
  {
    name: 'signature: any service takes a body that is not signed',
    file: `${PAYLOAD}/declared.ts`,
    find: 'if (claim === undefined && value === UNSIGNED)',
    replace: 'if (value === UNSIGNED)',
    tests: unit(PAYLOAD, 'declared'),
  },
]

/** What a body is, while it streams. */
const BODIES: readonly Mutant[] = [
  {
    name: 'payload: the signatures of chunks are not compared',
    file: `${PAYLOAD}/aws-chunked.ts`,
    find: "if (this.#hash !== undefined) this.#signatures?.verifyChunk(this.#signature, this.#hash.digest('hex'))",
    replace: '',
    tests: unit(PAYLOAD, 'published-chunks'),
  },
  {
    name: 'payload: the signature of the last chunk is not compared',
    file: `${PAYLOAD}/aws-chunked.ts`,
    find: "if (size === 0) this.#endChunk('trailer')",
    replace: "if (size === 0) this.#expecting = 'trailer'",
    tests: unit(PAYLOAD, 'published-chunks'),
  },
  {
    name: 'payload: what comparing the signature of a chunk says is ignored',
    file: `${SIGV4}/chunk-signatures.ts`,
    find: 'if (!isSameSignature(expected, given))',
    replace: "if (!isSameSignature(expected, given) && given === '')",
    tests: unit(PAYLOAD, 'published-chunks'),
  },
  {
    name: 'payload: signatures of chunks do not build on each other',
    file: `${SIGV4}/chunk-signatures.ts`,
    find: '    previous = expected\n',
    replace: '',
    tests: unit(PAYLOAD, 'published-chunks'),
  },
  {
    name: 'payload: the signature of trailing headers is not compared',
    file: `${PAYLOAD}/trailers.ts`,
    find: 'this.#signatures.verifyTrailers(this.#signature, this.#canonical())',
    replace: '',
    tests: unit(PAYLOAD, 'published-chunks'),
  },
  {
    name: 'payload: the signature of trailing headers may be missing',
    file: `${PAYLOAD}/trailers.ts`,
    find: 'if (this.#signature === undefined) return throwFault(framingFaults.trailer)',
    replace: 'if (this.#signature === undefined) return',
    tests: unit(PAYLOAD, 'framing'),
  },
  {
    name: 'payload: announced headers may be missing',
    file: `${PAYLOAD}/trailers.ts`,
    find: 'if (!announced.every((name) => this.#values.has(name))) throwFault(framingFaults.trailer)',
    replace: '',
    tests: unit(PAYLOAD, 'framing'),
  },
  {
    name: 'payload: headers come that were not announced',
    file: `${PAYLOAD}/trailers.ts`,
    find: '!announced.includes(name) || ',
    replace: '',
    tests: unit(PAYLOAD, 'framing'),
  },
  {
    name: 'payload: something follows the end',
    file: `${PAYLOAD}/aws-chunked.ts`,
    find: "if (this.#expecting === 'nothing') throwFault(framingFaults.malformed)",
    replace: "if (this.#expecting === 'nothing') return",
    tests: unit(PAYLOAD, 'framing'),
  },
  {
    name: 'payload: the end may be missing',
    file: `${PAYLOAD}/aws-chunked.ts`,
    find: "if (this.#expecting !== 'nothing') throwFault(framingFaults.malformed)",
    replace: '',
    tests: unit(PAYLOAD, 'framing'),
  },
  {
    name: 'payload: more content than was declared',
    file: `${PAYLOAD}/aws-chunked.ts`,
    find: 'this.#total > this.#length || ',
    replace: '',
    tests: unit(PAYLOAD, 'framing'),
  },
  {
    name: 'payload: less content than was declared',
    file: `${PAYLOAD}/aws-chunked.ts`,
    find: ' || (size === 0 && this.#total < this.#length)',
    replace: '',
    tests: unit(PAYLOAD, 'framing'),
  },
  {
    name: 'payload: small chunks anywhere',
    file: `${PAYLOAD}/aws-chunked.ts`,
    find: 'size > 0 && this.#size < LEAST_CHUNK_BYTES',
    replace: 'size > 0 && this.#size < 0',
    tests: unit(PAYLOAD, 'framing'),
  },
  {
    name: 'payload: lines have no bound',
    file: `${PAYLOAD}/line-reader.ts`,
    find: 'if (this.#held.length >= most) throwFault(framingFaults.malformed)',
    replace: '',
    tests: unit(PAYLOAD, 'framing'),
  },
  {
    name: 'payload: content without framing is not counted',
    file: `${PAYLOAD}/content-checks.ts`,
    find: 'if (length !== undefined && this.#length !== length) throwFault',
    replace: 'if (length === -1) throwFault',
    tests: unit(PAYLOAD, 'stream'),
  },
  {
    name: 'payload: content has no bound',
    file: `${PAYLOAD}/content-checks.ts`,
    find: 'if (this.#length > maxBytes)',
    replace: 'if (this.#length > Infinity)',
    tests: unit(PAYLOAD, 'stream'),
  },
  {
    name: 'payload: the hash of the body is not compared',
    file: `${PAYLOAD}/content-checks.ts`,
    find: "if (sha256 !== undefined && of('sha256').toString('hex') !== sha256)",
    replace: "if (sha256 === '')",
    tests: unit(PAYLOAD, 'stream'),
  },
  {
    name: 'payload: Content-MD5 is not compared',
    file: `${PAYLOAD}/content-checks.ts`,
    find: "if (md5 !== undefined && !of('md5').equals(md5))",
    replace: 'if (md5?.length === 0)',
    tests: unit(PAYLOAD, 'stream'),
  },
  {
    name: 'payload: a broken Content-MD5 is taken for none',
    file: `${PAYLOAD}/plan.ts`,
    find: "return parseDigest('md5', header) ?? throwFault(checksumFaults.malformedMd5(header))",
    replace: "return parseDigest('md5', header)",
    tests: unit(PAYLOAD, 'stream'),
  },
  {
    name: 'payload: several checksums',
    file: `${PAYLOAD}/checksum-headers.ts`,
    find: 'if (names.length > 1) throwFault(checksumFaults.several)',
    replace: '',
    tests: unit(PAYLOAD, 'plan'),
  },
  {
    name: 'payload: a checksum of another algorithm than the one named',
    file: `${PAYLOAD}/checksum-headers.ts`,
    find: 'if (sdkAlgorithm !== undefined && sdkAlgorithm !== algorithm)',
    replace: "if (sdkAlgorithm === '')",
    tests: unit(PAYLOAD, 'plan'),
  },
  {
    name: 'payload: signed chunks without the head that they build on',
    file: `${PAYLOAD}/plan.ts`,
    find: 'if (seed === undefined)\n',
    replace: 'if (signed && announced.length > 9)\n',
    tests: unit(PAYLOAD, 'plan'),
  },
  {
    name: 'payload: digests are told before the end',
    file: `${PAYLOAD}/stream.ts`,
    find: 'decoder?.end()\n',
    replace: '',
    tests: unit(PAYLOAD, 'stream', 'framing'),
  },
]

/** One checksum after the other is not compared. */
const CHECKSUMS: readonly Mutant[] = ['crc32', 'crc32c', 'crc64nvme', 'md5', 'sha1', 'sha256', 'sha512'].map(
  (algorithm) => ({
    name: `payload: the checksum ${algorithm} is not compared`,
    file: `${PAYLOAD}/content-checks.ts`,
    find: 'if (!of(algorithm).equals(value))',
    replace: `if (algorithm !== '${algorithm}' && !of(algorithm).equals(value))`,
    tests: unit(PAYLOAD, 'stream'),
  }),
)

/** Signatures, the time they hold, and the bodies they speak for. */
export const SIGNATURE_MUTANTS: readonly Mutant[] = [...HEADS, ...BODIES, ...CHECKSUMS]
