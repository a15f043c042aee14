import { findOrInstall } from './apt.ts'
import { lastLine, thisMachine } from '../debian.ts'

/** The office suite without a screen, what tells the pages of its PDFs, and fonts for most scripts. */
const PACKAGES = ['libreoffice-writer-nogui', 'poppler-utils', 'fonts-noto-core', 'fonts-noto-color-emoji']
const CONVERT_MS_MAX = 120_000

/** Finds LibreOffice, and installs it from Debian where it can; null, with a line that says why, where it cannot. */
export async function provideLibreOffice(): Promise<string | null> {
  return await findOrInstall('LibreOffice', PACKAGES, async () => {
    const office = await thisMachine.run('soffice', ['--version'])
    const pages = await thisMachine.run('pdftotext', ['-v'])
    return office.code === 0 && pages.code === 0 ? lastLine(office.output) : null
  })
}

/** Opens a file and saves it in another format, beside it in a folder that has a profile of its own. Throws when it cannot. */
export async function convertWithLibreOffice(file: string, format: 'pdf' | 'docx', folder: string): Promise<void> {
  const seconds = String(CONVERT_MS_MAX / 1000)
  const { code, output } = await thisMachine.run('timeout', [
    seconds,
    'soffice',
    `-env:UserInstallation=file://${folder}/profile`,
    '--headless',
    '--convert-to',
    format,
    '--outdir',
    folder,
    file,
  ])
  if (code !== 0) throw new Error(`LibreOffice could not make a ${format}: ${output}`)
}

/** The text of a PDF, page by page. */
export async function pagesOfPdf(file: string): Promise<string[]> {
  const { code, output } = await thisMachine.run('pdftotext', ['-layout', file, '-'])
  if (code !== 0) throw new Error(`The PDF could not be read: ${output}`)
  return output.split('\f').slice(0, -1)
}
