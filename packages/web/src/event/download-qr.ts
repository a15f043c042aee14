import { toDataURL } from 'qrcode'

/** Wide enough for a poster, in pixels. */
const WIDTH_PX = 1_200

/** Saves the QR code of `link` as a PNG named after the event's code. */
export async function downloadQr(link: string, code: string): Promise<void> {
  const anchor = document.createElement('a')
  anchor.href = await toDataURL(link, {
    width: WIDTH_PX,
    margin: 4,
    errorCorrectionLevel: 'M',
    color: { dark: '#10201b', light: '#ffffff' },
  })
  anchor.download = `plenary-${code}.png`
  anchor.click()
}
