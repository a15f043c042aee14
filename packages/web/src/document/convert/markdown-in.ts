import { Marked } from 'marked'
import { htmlToDocument } from './html-in.ts'
import { IMPORT_LIMITS, ImportRefused } from './limits.ts'
import type { Imported } from './html-in.ts'

const marked = new Marked({ gfm: true })

/** Reads Markdown as GitHub writes it, with HTML where it stands in it. */
export function markdownToDocument(markdown: string): Imported {
  if (markdown.length > IMPORT_LIMITS.fileBytes) throw new ImportRefused('This file is too large.')
  return htmlToDocument(marked.parse(markdown, { async: false }), 'lines')
}
