import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { RunningCluster } from '../../scripts/cluster/running.ts'
import { unzipped } from '../../packages/server/src/testing/unzipped.ts'
import { possibleLog } from '../cluster/possible-log.ts'
import { addCue, giveRole, layout, openControl, panel } from './control.ts'
import { desk, expect, lineOf, onStage, overlayKey, phone, picture, press, takeBack, turnTo } from './evening.ts'
import { cardOf, draftPoll, MULTIPLE, QUIZ, RATING, SINGLE, TEXT, vote, voteState, WORDS } from './evening-polls.ts'
import { createEvent, joinEvent, message, say, test } from './event.ts'

const EVENING_MS_MAX = 900_000
const ASKED = [SINGLE, MULTIPLE, RATING, WORDS, TEXT, QUIZ]
const CUES = [
  ['Doors open', 'Welcome'],
  ['Opening words', 'Questions'],
  ['The vote', 'Poll'],
  ['You ask', 'Questions'],
  ['Coffee', 'Break'],
  ['Good night', 'End'],
] as const

test('a whole evening over two nodes: six cues, a poll of each form, moderated questions, a ban, things taken back, nodes and phones that go and come, overlays, an export', async ({
  browser,
}, { project }) => {
  test.skip(project.name !== 'desktop', 'whoever takes part has a screen of their own size')
  test.setTimeout(EVENING_MS_MAX)
  const log = await possibleLog()
  test.skip(log === null, 'the engines of a cluster are not there')
  if (log === null) return
  await using cluster = await RunningCluster.start({
    log,
    zones: ['north', 'north'],
    progress: (line) => console.log(line),
  })
  const [olga, mona, cy] = [await desk(browser), await desk(browser), await desk(browser)]
  const [sam, ann, ben] = [await phone(browser), await phone(browser), await phone(browser)]
  const audience = [ann, ben, cy] as const

  // Everyone comes in, and two are given something to do.
  const code = await createEvent(olga, cluster, 'Members’ evening')
  const guests = [
    [mona, 'Mona Moderator'],
    [sam, 'Sam Speaker'],
    [ann, 'Ann Lee'],
    [ben, 'Ben Stone'],
    [cy, 'Cy Young'],
  ] as const
  await Promise.all(guests.map(([page, name]) => joinEvent(page, cluster, code, name)))
  await expect.poll(async () => (await cluster.nodes()).map(({ connections }) => connections > 0)).toEqual([true, true])
  await giveRole(olga, cluster, code, 'Mona Moderator', 'moderator')
  await giveRole(olga, cluster, code, 'Sam Speaker', 'speaker')

  // What was prepared: six cues and six polls.
  await openControl(olga, cluster, code)
  for (const [title, shows] of CUES) await addCue(olga, title, '5:00', layout(olga, shows))
  await panel(olga, 'Polls')
  for (const asked of ASKED) await draftPoll(olga, asked)
  await expect(olga.getByRole('group', { name: 'Drafts' }).getByRole('option')).toHaveCount(ASKED.length)
  await openControl(mona, cluster, code)
  await sam.goto(`${cluster.url}/e/${code}/speaker`)
  await expect(sam.getByTestId('speaker-next')).toHaveText('Doors open')
  await picture('01-prepared', { olga, sam, ann })

  // Doors, opening words; one step back and on again, and one taken back.
  await next(olga, 'Doors open')
  for (const page of audience) await expect(onStage(page)).toBeVisible()
  await expect(sam.getByTestId('speaker-now')).toHaveText('Doors open')
  await picture('02-doors', { olga, mona, sam, ann })
  await next(olga, 'Opening words')
  await olga.keyboard.press('b')
  await expect(sam.getByTestId('speaker-now')).toHaveText('Doors open')
  // What is taken back is the step back, so that it must have come here, too.
  await expect(olga.getByTestId('on-now')).toHaveText('Doors open')
  await takeBack(olga, 'Went to another cue')
  await expect(sam.getByTestId('speaker-now')).toHaveText('Opening words')
  await olga.keyboard.press('m')
  await olga.keyboard.type('Two minutes more')
  await olga.keyboard.press('Enter')
  await expect(sam.getByText('Two minutes more', { exact: true })).toBeVisible()
  await olga.keyboard.press('Escape')
  await picture('03-opening', { olga, sam, ann })

  // A poll of each form, on the stage. One phone votes in a tunnel; one close is taken back.
  await next(olga, 'The vote')
  for (const [index, asked] of ASKED.slice(0, -1).entries()) {
    await press(lineOf(olga, 'Polls', asked.title), 'o')
    // Polls are at hand from the first that is open.
    if (index === 0) for (const page of audience) await turnTo(page, 'Polls')
    for (const page of audience) await expect(cardOf(page, asked)).toBeVisible()
    const [first, second, third] = asked.answers
    await vote(ann, asked, first)
    if (asked === RATING) {
      await ben.context().setOffline(true)
      await vote(ben, asked, second, 'kept')
      await picture('04-tunnel', { ben })
      await ben.context().setOffline(false)
    } else await vote(ben, asked, second)
    await vote(cy, asked, third)
    await expect(voteState(ben, asked)).toHaveAttribute('data-state', 'saved')
    await expect(lineOf(olga, 'Polls', asked.title)).toContainText('3 votes')
    await picture(`04-poll-${index + 1}-open`, { olga, ann })
    await press(lineOf(olga, 'Polls', asked.title), 'k')
    if (asked === SINGLE) {
      await takeBack(olga, `Closed “${asked.title}”`)
      await expect(olga.getByRole('group', { name: 'Open', exact: true })).toContainText(asked.title)
      await press(lineOf(olga, 'Polls', asked.title), 'k')
    }
    for (const page of audience) await expect(cardOf(page, asked)).toContainText(asked.shows)
    await picture(`04-poll-${index + 1}-closed`, { olga, ann })
  }

  // Questions: one is let through, voted for and answered, one is turned down, and that is taken back.
  await next(olga, 'You ask')
  await panel(mona, 'Q&A')
  await mona.getByRole('checkbox', { name: 'Approve first' }).click()
  await expect(mona.getByRole('checkbox', { name: 'Approve first' })).toBeChecked()
  for (const page of audience) await turnTo(page, 'Q&A')
  await ask(ann, 'Who decides about the hall?')
  await ask(ben, 'Is this a joke?')
  await expect(mona.getByText('Waiting: 2')).toBeVisible()
  await expect(cy.getByText('Who decides about the hall?')).toHaveCount(0)
  await picture('05-waiting', { mona, ann, cy })
  await press(lineOf(mona, 'Questions', 'Who decides'), 'y')
  await press(lineOf(mona, 'Questions', 'Is this a joke?'), 'd')
  await takeBack(mona, 'Rejected a question')
  await expect(mona.getByText('Waiting: 1')).toBeVisible()
  await cy.getByRole('button', { name: 'Vote for this question, 0 votes' }).click()
  await expect(lineOf(mona, 'Questions', 'Who decides')).toContainText('1 vote')
  await press(lineOf(mona, 'Questions', 'Who decides'), 'v')
  await expect(sam.getByTestId('speaker-question')).toHaveText('Who decides about the hall?')
  await expect(onStage(cy)).toContainText('Who decides about the hall?')
  await expect(cy.getByText('Is this a joke?')).toHaveCount(0)
  await picture('06-answered', { mona, sam, cy })

  // Overlays: a key is made, its pages show what is on, and it is taken back.
  const settings = await olga.context().newPage()
  const overlayAt = await overlayKey(settings, cluster, code, 'Main stream')
  const [overlay, join] = [await desk(browser), await desk(browser)]
  await overlay.goto(await overlayAt('Question'))
  await join.goto(await overlayAt('Join'))
  await expect(overlay.getByText('Who decides about the hall?')).toBeVisible()
  await expect(join.getByText(code)).toBeVisible()
  await settings.getByRole('button', { name: 'Take back Main stream' }).scrollIntoViewIfNeeded()
  await picture('07-overlays', { settings, overlay, join })
  await settings.getByRole('button', { name: 'Take back Main stream' }).click()
  await expect(overlay.getByText('Who decides about the hall?')).toHaveCount(0)
  await expect(join.getByText(code)).toHaveCount(0)
  await overlay.reload()
  await expect(overlay.getByText('This overlay’s address is not valid any more.')).toBeVisible()
  await picture('08-overlays-gone', { settings, overlay })

  // A node dies. Those who were on it come to the other, and the quiz is answered by all of them.
  await next(olga, 'Coffee')
  await cluster.act('kill', 'node-2')
  for (const page of audience) await turnTo(page, 'Polls')
  await press(lineOf(olga, 'Polls', QUIZ.title), 'o')
  for (const [index, page] of audience.entries()) await vote(page, QUIZ, QUIZ.answers[index] ?? '')
  await expect(lineOf(olga, 'Polls', QUIZ.title)).toContainText('3 votes')
  await picture('09-quiz', { olga, ann })
  await press(lineOf(olga, 'Polls', QUIZ.title), 'k')
  await expect(olga.getByRole('group', { name: 'Closed' })).toContainText(QUIZ.title)
  await press(lineOf(olga, 'Polls', QUIZ.title), 'w')
  for (const page of audience) {
    await expect(cardOf(page, QUIZ)).toContainText(QUIZ.shows)
    await expect(page.getByRole('region', { name: 'Leaderboard' })).toContainText('Ann Lee')
  }
  await cluster.act('restart', 'node-2')
  await picture('10-leaderboard', { olga, ann })

  // The chat: a message is removed and brought back, and who wrote it is shown out.
  for (const page of [ann, ben]) await turnTo(page, 'Chat')
  await panel(mona, 'Chat')
  await say(ben, 'Buy my watches')
  await expect(message(ann, 'Buy my watches')).toBeVisible()
  await press(lineOf(mona, 'Chat', 'Buy my watches'), 'd')
  await expect(ann.getByText('Removed by the hosts')).toBeVisible()
  await takeBack(mona, 'Deleted a message by Ben Stone')
  await expect(message(ann, 'Buy my watches')).toBeVisible()
  await press(lineOf(mona, 'Chat', 'Buy my watches'), 'x')
  await expect(ben.getByText('You were removed from this event')).toBeVisible()
  await ben.reload()
  await expect(ben.getByRole('textbox', { name: 'Message' })).toHaveCount(0)
  await panel(olga, 'Log')
  const deeds = olga.getByRole('region', { name: 'Who did what' })
  await expect(deeds).toContainText('Mona Moderator banned Ben Stone')
  await expect(deeds).toContainText('made Sam Speaker speaker')
  await picture('11-banned', { olga, mona, ann, ben })

  // Good night; a phone that comes back sees the end, and the organiser takes it all home.
  await next(olga, 'Good night')
  await cy.reload()
  for (const page of [ann, cy]) await expect(onStage(page)).toBeVisible()
  await expect(sam.getByTestId('speaker-now')).toHaveText('Good night')
  await picture('12-good-night', { olga, sam, ann, cy })
  await settings.goto(`${cluster.url}/e/${code}/afterwards`)
  const downloading = settings.waitForEvent('download')
  await settings.getByRole('button', { name: 'Export as ZIP' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toBe(`${code}.zip`)
  const files = unzipped(await readFile(await download.path()))
  const all = (ending: string) =>
    Object.entries(files)
      .filter(([name]) => name.endsWith(ending))
      .map(([, text]) => text)
      .join('\n')
  for (const { title } of ASKED) expect(all('polls.csv')).toContain(title)
  expect(all('questions.csv')).toContain('Who decides about the hall?')
  expect(all('chat.txt')).toContain('Ben Stone: Buy my watches')
  for (const [title] of CUES) expect(all('stage.jsonl')).toContain(title)
  const table = settings.waitForEvent('download')
  await settings.getByRole('button', { name: 'Polls as CSV' }).click()
  expect(await readFile(await (await table).path(), 'utf8')).toBe(all('polls.csv'))
  await picture('13-export', { settings })
})

async function ask(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Your question' }).fill(text)
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await expect(page.getByRole('article', { name: 'Your question, waiting for approval' })).toContainText(text)
}

/** On to the next cue. */
async function next(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: 'Next', exact: true }).click()
  await expect(page.getByTestId('on-now')).toHaveText(title)
}
