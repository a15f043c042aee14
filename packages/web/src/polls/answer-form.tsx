import { ChoiceForm } from './choice-form.tsx'
import { RatingForm } from './rating-form.tsx'
import { TextForm } from './text-form.tsx'
import { WordsForm } from './words-form.tsx'
import type { AnswerFormProps } from './answer-props.ts'

/** Takes an answer to an open poll, whatever its form. */
export function AnswerForm(props: AnswerFormProps) {
  const { form } = props.poll
  switch (form.type) {
    case 'choice':
      return <ChoiceForm {...props} form={form} />
    case 'rating':
      return <RatingForm {...props} form={form} />
    case 'words':
      return <WordsForm {...props} form={form} />
    case 'text':
      return <TextForm {...props} />
  }
}
