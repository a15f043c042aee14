import type { Report } from './report.ts'

const WIDTH = 720
const LEFT = 150
const RIGHT = 110
const BAR = 18
const GAP = 8
const TITLE = 34
const PANEL_GAP = 22

const STYLE = `
  svg { color: #1f2328; font: 13px system-ui, sans-serif }
  text { fill: currentColor }
  .ground { fill: #ffffff }
  .title { font-weight: 600 }
  .bar { fill: #8c959f }
  .ours { fill: #0969da }
  @media (prefers-color-scheme: dark) {
    svg { color: #e6edf3 }
    .ground { fill: #0d1117 }
    .bar { fill: #6e7681 }
    .ours { fill: #58a6ff }
  }
  @media print { svg { color: #000 } .ground { fill: #ffffff } }
`

/** What each side came to, one panel a row, as an SVG that follows the reader's light or dark; with a ground of its own, since the page around it may not. */
export function chart(reports: readonly Report[]): string {
  let top = 4
  const panels = reports.map((report) => {
    const panel = panelOf(report, top)
    top += heightOf(report) + PANEL_GAP
    return panel
  })
  const named = reports.map(({ bench }) => bench).join(', ')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}" role="img" aria-label="Bars for ${named}">
<style>${STYLE}</style>
<rect class="ground" width="${WIDTH}" height="${top}" rx="6"/>
${panels.join('\n')}
</svg>
`
}

const heightOf = ({ sides }: Report) => TITLE + sides.length * (BAR + GAP)

function panelOf({ bench, unit, better, sides }: Report, top: number): string {
  const most = Math.max(...sides.map(({ value }) => value))
  const bars = sides.map(({ name, value }, index) => {
    const y = top + TITLE + index * (BAR + GAP)
    const width = Math.max(1, Math.round((value / most) * (WIDTH - LEFT - RIGHT)))
    const middle = y + BAR - 5
    const kind = index === 0 ? 'bar ours' : 'bar'
    return [
      `<text x="${LEFT - 8}" y="${middle}" text-anchor="end">${escaped(name)}</text>`,
      `<rect class="${kind}" x="${LEFT}" y="${y}" width="${width}" height="${BAR}" rx="2"/>`,
      `<text x="${LEFT + width + 8}" y="${middle}">${value.toLocaleString('en')}</text>`,
    ].join('')
  })
  const title = `<text class="title" x="16" y="${top + 20}">${escaped(`${bench}: ${unit}, ${better} is better`)}</text>`
  return [title, ...bars].join('\n')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
