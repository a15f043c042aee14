import { createPrivateKey, randomBytes, type KeyObject } from 'node:crypto'
import { link, open, readFile, stat, unlink } from 'node:fs/promises'
import { exportJWK, generateKeyPair, importJWK } from 'jose'
import { z } from 'zod'
import { StartError } from '../start-error.ts'
import { sealingKey } from './seals.ts'

const AUTH_SECRET_BYTES = 32
const OTHERS_MAY = 0o077

const fileSchema = z.strictObject({
  /** Signs passes and tickets. */
  signing: z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() }),
  /** Signs the cookies of accounts. */
  auth: z.string().min(AUTH_SECRET_BYTES),
})
type SecretsFile = z.output<typeof fileSchema>

/** What this installation must never show and never lose: with other keys, all passes given out are void. */
export interface Secrets {
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  /** The private key as Node's own signing takes it. */
  readonly signing: KeyObject
  /** The key of what nodes know again by a seal. */
  readonly sealing: Uint8Array
  readonly auth: string
}

/** Reads the installation's secrets, making them at the first start. Throws a {@link StartError} when they are damaged or exposed. */
export async function loadSecrets(file: string): Promise<Secrets> {
  const kept = (await readSecrets(file)) ?? (await makeSecrets(file))
  const { d: _, ...publicPart } = kept.signing
  const [privateKey, publicKey] = await Promise.all([
    importJWK(kept.signing, 'EdDSA'),
    importJWK(publicPart, 'EdDSA'),
  ]).catch((error: unknown) => {
    throw damaged(file, error)
  })
  if (privateKey instanceof Uint8Array || publicKey instanceof Uint8Array) throw damaged(file)
  const signing = createPrivateKey({ key: kept.signing, format: 'jwk' })
  return {
    privateKey,
    publicKey,
    signing,
    sealing: sealingKey(Buffer.from(kept.signing.d, 'base64url')),
    auth: kept.auth,
  }
}

async function readSecrets(file: string): Promise<SecretsFile | null> {
  let text: string
  try {
    const { mode } = await stat(file)
    if (process.platform !== 'win32' && (mode & OTHERS_MAY) !== 0) {
      throw new StartError(
        `The secrets in ${file} are open to other users of this machine. Close them: chmod 600 ${file}`,
      )
    }
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof StartError) throw error
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw new StartError(
      `The secrets in ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      error,
    )
  }
  try {
    return fileSchema.parse(JSON.parse(text))
  } catch (error) {
    throw damaged(file, error)
  }
}

async function makeSecrets(file: string): Promise<SecretsFile> {
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
  const { kty, crv, x, d } = await exportJWK(privateKey)
  const made = fileSchema.parse({
    signing: { kty, crv, x, d },
    auth: randomBytes(AUTH_SECRET_BYTES).toString('base64url'),
  })
  // Written aside and linked: a crash leaves either no secrets or whole ones, and of several nodes the first one's hold.
  const aside = `${file}.${process.pid}.new`
  const handle = await open(aside, 'w', 0o600)
  try {
    await handle.chmod(0o600)
    await handle.writeFile(`${JSON.stringify(made, null, 2)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  try {
    await link(aside, file)
    return made
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    return (await readSecrets(file)) ?? made
  } finally {
    await unlink(aside)
  }
}

// Says nothing of what stands in the file.
function damaged(file: string, cause?: unknown): StartError {
  return new StartError(
    `The secrets in ${file} are damaged. Restore the file from a backup; without it all passes are void.`,
    cause,
  )
}
