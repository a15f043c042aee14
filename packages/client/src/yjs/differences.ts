import { fromBase64Url } from '@plenary/kinds/base64url'
import type { YUpdate } from '@plenary/kinds/document'
import * as Y from 'yjs'

/** What this document has and the server, which has these, lacks; null for nothing. */
export function lackingOf(doc: Y.Doc, served: readonly YUpdate[]): Uint8Array | null {
  const own = Y.snapshot(doc)
  if (own.sv.size === 0) return null
  const server = new Y.Doc()
  try {
    server.transact(() => {
      for (const update of served) {
        const bytes = fromBase64Url(update)
        if (bytes !== null) Y.applyUpdate(server, bytes)
      }
    })
    const reached = Y.encodeStateVector(server)
    // Taking in what is here tells whether that changes anything, deletions too.
    const before = Y.snapshot(server)
    const lacking = Y.encodeStateAsUpdate(doc, reached)
    Y.applyUpdate(server, lacking)
    return Y.equalSnapshots(before, Y.snapshot(server)) ? null : lacking
  } finally {
    server.destroy()
  }
}

/** The change that makes a fragment read as it does in `past`; null when it does already. What is the same before and behind stays. */
export function changeBack(doc: Y.Doc, past: Y.Doc, fragment: string): Uint8Array | null {
  const copy = new Y.Doc()
  try {
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
    const reached = Y.encodeStateVector(copy)
    const now = copy.getXmlFragment(fragment)
    const then = past.getXmlFragment(fragment).toArray()
    const texts = now.toArray().map(textOf)
    const wanted = then.map(textOf)
    let head = 0
    while (head < Math.min(texts.length, wanted.length) && texts[head] === wanted[head]) head++
    let tail = 0
    const most = Math.min(texts.length, wanted.length) - head
    while (tail < most && texts.at(-1 - tail) === wanted.at(-1 - tail)) tail++
    if (head + tail === texts.length && head + tail === wanted.length) return null
    copy.transact(() => {
      now.delete(head, texts.length - head - tail)
      const parts = then.slice(head, then.length - tail).map((node) => node.clone())
      now.insert(head, parts as (Y.XmlElement | Y.XmlText)[])
    })
    return Y.encodeStateAsUpdate(copy, reached)
  } finally {
    copy.destroy()
  }
}

/** All of a node that a reader could see; marks and attributes too. */
function textOf(node: Y.XmlElement | Y.XmlText | Y.XmlHook): string {
  if (node instanceof Y.XmlText) return JSON.stringify(node.toDelta())
  if (node instanceof Y.XmlElement) {
    const attributes = Object.entries(node.getAttributes()).toSorted(([a], [b]) => (a < b ? -1 : 1))
    return JSON.stringify([node.nodeName, attributes, node.toArray().map((child) => textOf(child))])
  }
  return JSON.stringify(node.toJSON())
}
