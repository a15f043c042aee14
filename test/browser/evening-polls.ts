import type { Locator, Page } from '@playwright/test'
import { expect } from './evening.ts'

/** One poll of the evening: how it is written, how three people answer it, and what they see in the end. */
interface Asked {
  title: string
  /** As the editor calls it. */
  form: 'Choice' | 'Quiz' | 'Rating' | 'Word cloud' | 'Open text'
  write?(dialog: Locator): Promise<void>
  answers: readonly [string, string, string]
  answer(card: Locator, answer: string): Promise<void>
  /** Stands on everyone's card once it is over. */
  shows: RegExp
}

const options = (several: boolean, ...texts: string[]) =>
  async function write(dialog: Locator): Promise<void> {
    for (const [index, text] of texts.entries()) {
      if (index > 1) await dialog.getByRole('button', { name: 'One more' }).click()
      await dialog.getByRole('textbox', { name: `Option ${index + 1}` }).fill(text)
    }
    if (several) await dialog.getByRole('checkbox', { name: 'Several can be picked' }).check()
  }

const pick = (card: Locator, answer: string) => card.getByRole('radio', { name: answer }).click()

async function pickSeveral(card: Locator, answer: string): Promise<void> {
  for (const option of answer.split(', ')) await card.getByRole('checkbox', { name: option }).click()
  await card.getByRole('button', { name: 'Vote', exact: true }).click()
}

/** What cannot be changed is only sent when it is said so. */
async function pickForGood(card: Locator, answer: string): Promise<void> {
  await pick(card, answer)
  await card.getByRole('button', { name: 'Vote', exact: true }).click()
}

async function type(card: Locator, answer: string): Promise<void> {
  await card.getByRole('textbox').fill(answer)
  await card.getByRole('button', { name: 'Send' }).click()
}

export const SINGLE: Asked = {
  title: 'Which evening suits you?',
  form: 'Choice',
  write: options(false, 'Tuesday', 'Thursday'),
  answers: ['Tuesday', 'Thursday', 'Thursday'],
  answer: pick,
  shows: /Thursday.*67\s%/s,
}
export const MULTIPLE: Asked = {
  title: 'What shall we serve?',
  form: 'Choice',
  write: options(true, 'Soup', 'Bread', 'Cake'),
  answers: ['Soup, Cake', 'Soup', 'Bread, Cake'],
  answer: pickSeveral,
  shows: /Soup.*67\s%.*Bread.*33\s%.*Cake.*67\s%/s,
}
export const RATING: Asked = {
  title: 'How do you like it so far?',
  form: 'Rating',
  answers: ['3 of 5', '4 of 5', '5 of 5'],
  answer: pick,
  shows: /4\.0/,
}
export const WORDS: Asked = {
  title: 'The evening in a word',
  form: 'Word cloud',
  answers: ['warm', 'Warm', 'loud'],
  answer: type,
  shows: /warm, 2 times/i,
}
export const TEXT: Asked = {
  title: 'What is missing?',
  form: 'Open text',
  answers: ['More chairs', 'A <b>louder</b> microphone', 'Nothing'],
  answer: type,
  shows: /A <b>louder<\/b> microphone/,
}
export const QUIZ: Asked = {
  title: 'When was the hall built?',
  form: 'Quiz',
  // With names, because there is a leaderboard.
  async write(dialog) {
    await options(false, '1888', '1926')(dialog)
    await dialog.getByText('Who sees what').click()
    await dialog.getByRole('combobox', { name: 'Privacy' }).selectOption({ label: 'Everyone sees who voted what' })
  },
  answers: ['1888', '1926', '1888'],
  answer: pickForGood,
  shows: /1888.*Right answer/s,
}

/** Writes a poll in the control room and keeps it for later. */
export async function draftPoll(page: Page, { title, form, write }: Asked): Promise<void> {
  await page.keyboard.press('q')
  const dialog = page.getByRole('dialog', { name: 'Ask a poll' })
  await dialog.getByRole('textbox', { name: 'Question' }).fill(title)
  await dialog.getByRole('radio', { name: form }).check({ force: true })
  await write?.(dialog)
  await dialog.getByRole('button', { name: 'Keep as a draft' }).click()
  await expect(dialog).toHaveCount(0)
}

/** The first is on the stage, where a poll is on it. */
export const cardOf = (page: Page, { title }: Asked): Locator => page.getByRole('article', { name: title }).first()
export const voteState = (page: Page, asked: Asked): Locator => cardOf(page, asked).getByRole('status')

/** Answers, and waits until it is kept here or saved there. */
export async function vote(page: Page, asked: Asked, answer: string, state: 'saved' | 'kept' = 'saved'): Promise<void> {
  await asked.answer(cardOf(page, asked), answer)
  await expect(voteState(page, asked)).toHaveAttribute('data-state', state)
}
