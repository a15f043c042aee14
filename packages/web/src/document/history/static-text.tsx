import { isColourName } from '../colours.ts'
import { isOwnImage, safeHref } from '../convert/address.ts'
import { personColour } from '../person-colour.ts'
import type { CSSProperties, ReactNode } from 'react'
import type { Shown } from './past.ts'

/** A text to read only, with what changed in it marked by whom. */
export function StaticText({ shown }: { shown: readonly Shown[] }) {
  return shown.map((piece) => <Block key={piece.key} piece={piece} />)
}

const person = (id: string) => ({ '--person': personColour(id) }) as CSSProperties

const TAGS: Readonly<Record<string, 'p' | 'ul' | 'ol' | 'li' | 'blockquote' | 'tr' | 'td' | 'th'>> = {
  paragraph: 'p',
  bulletList: 'ul',
  orderedList: 'ol',
  listItem: 'li',
  blockquote: 'blockquote',
  tableRow: 'tr',
  tableCell: 'td',
  tableHeader: 'th',
}

function Block({ piece }: { piece: Shown }): ReactNode {
  const { type, attrs, content, change } = piece
  if (type === 'text') return <Words piece={piece} />
  const inside = content.map((part) => <Block key={part.key} piece={part} />)
  const style = {
    ...(typeof attrs['textAlign'] === 'string' ? { textAlign: attrs['textAlign'] as 'center' } : {}),
    ...(change ? person(change.id) : {}),
  }
  // Text says for itself what changed in it; what has none is marked as a whole.
  const marked = change && !holdsText(piece) ? { 'data-change': change.what, title: titleOf(change) } : {}
  const own = { style, dir: 'auto', ...marked }
  const number = (name: string) => (typeof attrs[name] === 'number' ? attrs[name] : 1)
  switch (type) {
    case 'heading': {
      const Tag = `h${Math.min(6, Math.max(1, number('level')))}` as 'h1'
      return <Tag {...own}>{inside}</Tag>
    }
    case 'orderedList':
      return (
        <ol {...own} start={number('start')}>
          {inside}
        </ol>
      )
    case 'taskList':
      return (
        <ul {...own} data-type="taskList">
          {inside}
        </ul>
      )
    case 'taskItem':
      return (
        <li {...own} data-checked={attrs['checked'] === true}>
          <label>
            <input type="checkbox" checked={attrs['checked'] === true} readOnly disabled aria-label="Task" />
          </label>
          <div>{inside}</div>
        </li>
      )
    case 'codeBlock':
      return (
        <pre {...own}>
          <code>{inside}</code>
        </pre>
      )
    case 'horizontalRule':
      return <hr {...own} />
    case 'hardBreak':
      return <br />
    case 'image': {
      const [src, alt] = [attrs['src'], attrs['alt']]
      return typeof src === 'string' && isOwnImage(src) ? (
        <img {...own} src={src} alt={typeof alt === 'string' ? alt : ''} />
      ) : null
    }
    case 'table':
      return (
        <div className="tableWrapper">
          <table {...own}>
            <tbody>{inside}</tbody>
          </table>
        </div>
      )
    case 'tableCell':
    case 'tableHeader': {
      const Cell = type === 'tableCell' ? 'td' : 'th'
      return (
        <Cell {...own} colSpan={number('colspan')} rowSpan={number('rowspan')}>
          {inside}
        </Cell>
      )
    }
    default: {
      const Tag = TAGS[type] ?? 'div'
      return <Tag {...own}>{inside}</Tag>
    }
  }
}

const holdsText = ({ type, content }: Shown): boolean => type === 'text' || content.some(holdsText)
const titleOf = ({ what, by }: NonNullable<Shown['change']>) => `${what === 'added' ? 'Added' : 'Removed'} by ${by}`

function Words({ piece }: { piece: Shown }): ReactNode {
  const { marks = {}, change } = piece
  let words: ReactNode = piece.text
  for (const [name, value] of Object.entries(marks)) {
    const attrs = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
    // Where one mark can stand twice at one place, the shared document tells the two apart behind the name.
    words = withMark(name.replace(/--.{8}$/, ''), attrs, words)
  }
  if (change === undefined) return words
  const Tag = change.what === 'added' ? 'ins' : 'del'
  return (
    <Tag style={person(change.id)} title={titleOf(change)} data-by={change.by}>
      {words}
    </Tag>
  )
}

function withMark(name: string, attrs: Record<string, unknown>, words: ReactNode): ReactNode {
  const color = isColourName(attrs['color']) ? attrs['color'] : undefined
  switch (name) {
    case 'bold':
      return <strong>{words}</strong>
    case 'italic':
      return <em>{words}</em>
    case 'underline':
      return <u>{words}</u>
    case 'strike':
      return <s>{words}</s>
    case 'code':
      return <code>{words}</code>
    case 'textColor':
      return <span data-color={color}>{words}</span>
    case 'highlight':
      return <mark data-highlight={color}>{words}</mark>
    case 'link': {
      const href = typeof attrs['href'] === 'string' ? safeHref(attrs['href']) : null
      return href === null ? words : <a href={href}>{words}</a>
    }
    default:
      return words
  }
}
