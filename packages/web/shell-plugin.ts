import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Plugin, Rolldown } from 'vite'

/** The pages that must open without a network: those where something typed may be waiting. */
const KEPT_PAGES = ['/src/main.tsx', '/src/event/event-page.tsx', '/src/event/play-page.tsx']
const ALWAYS = ['/first-paint.js', '/mark.svg']

/** Writes the service worker `keep-shell.js` with the names of the files that those pages need. */
export function shellPlugin(): Plugin {
  return {
    name: 'plenary-shell',
    apply: 'build',
    async generateBundle(_options, bundle) {
      const files = new Set<string>()
      const take = (chunk: Rolldown.OutputChunk): void => {
        if (files.has(chunk.fileName)) return
        files.add(chunk.fileName)
        for (const css of chunk.viteMetadata?.importedCss ?? []) files.add(css)
        for (const name of chunk.imports) {
          const next = bundle[name]
          if (next?.type === 'chunk') take(next)
        }
      }
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue
        const modules = chunk.facadeModuleId === null ? chunk.moduleIds : [chunk.facadeModuleId]
        if (chunk.isEntry || modules.some((id) => KEPT_PAGES.some((page) => id.endsWith(page)))) take(chunk)
      }
      const list = [...[...files].toSorted().map((name) => `/${name}`), ...ALWAYS]
      const release = createHash('sha256').update(list.join('\n')).digest('hex').slice(0, 12)
      const worker = await readFile(new URL('./src/shell/keep-shell.worker.js', import.meta.url), 'utf8')
      this.emitFile({
        type: 'asset',
        fileName: 'keep-shell.js',
        source: worker.replace('__SHELL__', JSON.stringify({ RELEASE: release, FILES: list })),
      })
    },
  }
}
