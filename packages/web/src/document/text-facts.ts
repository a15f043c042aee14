import type { Editor } from '@tiptap/core'
import { useEffect, useState } from 'react'

/** A heading, and where it stands. */
export interface OutlineItem {
  at: number
  level: number
  text: string
}
interface Facts {
  words: number
  outline: readonly OutlineItem[]
}

const SETTLED_MS = 300
const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' })

/** How many words, in any script. */
function countWords(text: string): number {
  let words = 0
  for (const { isWordLike } of segmenter.segment(text)) if (isWordLike === true) words += 1
  return words
}

/** Words and headings of the text, counted once it has settled for a moment. */
export function useTextFacts(editor: Editor | null): Facts | null {
  const [facts, setFacts] = useState<Facts | null>(null)
  useEffect(() => {
    if (editor === null) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const count = () => {
      const outline: OutlineItem[] = []
      let words = 0
      editor.state.doc.descendants((node, at) => {
        if (!node.isTextblock) return true
        words += countWords(node.textContent)
        const level: unknown = node.attrs['level']
        if (node.type.name === 'heading' && node.textContent.trim() !== '')
          outline.push({ at, level: typeof level === 'number' ? level : 1, text: node.textContent })
        return false
      })
      setFacts({ words, outline })
    }
    const soon = () => {
      clearTimeout(timer)
      timer = setTimeout(count, SETTLED_MS)
    }
    count()
    editor.on('update', soon)
    return () => {
      clearTimeout(timer)
      editor.off('update', soon)
    }
  }, [editor])
  return facts
}
