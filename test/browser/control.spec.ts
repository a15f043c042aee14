import type { Browser, Page } from '@playwright/test'
import { addCue, cue, giveRole, layout, openControl, panel } from './control.ts'
import { createEvent, expect, joinEvent, look, say, test } from './event.ts'

async function threeCues(page: Page): Promise<void> {
  await addCue(page, 'Doors open', '10:00', layout(page, 'Welcome'))
  await addCue(page, 'Opening words', '5:00', layout(page, 'Questions'))
  await addCue(page, 'Good night', '1:00', layout(page, 'End'))
}

async function guestOf(browser: Browser): Promise<Page> {
  return await (await browser.newContext()).newPage()
}

test('two producers run one evening: each sees at once what the other did, and takes it back by a key', async ({
  browser,
  server,
}, { project }) => {
  const olga = await guestOf(browser)
  const paul = await guestOf(browser)
  const code = await createEvent(olga, server, 'Autumn assembly')
  await joinEvent(paul, server, code, 'Paul Producer')
  await giveRole(olga, server, code, 'Paul Producer', 'producer')
  await openControl(olga, server, code)
  await look(olga, 'control-empty', project.name)
  await openControl(paul, server, code)
  await threeCues(olga)

  await expect(cue(paul, 'Opening words')).toBeVisible()
  await paul.keyboard.press('n')
  await expect(olga.getByTestId('on-now')).toHaveText('Doors open')
  await olga.keyboard.press('n')
  await expect(paul.getByTestId('on-now')).toHaveText('Opening words')
  await expect(paul.getByTestId('left')).toHaveText(/^[45]:\d\d$/)
  // Whoever takes it back, it was the last act on the stage.
  await paul.keyboard.press('z')
  await expect(olga.getByTestId('on-now')).toHaveText('Doors open')
  await olga.keyboard.press('n')
  await expect(olga.getByTestId('up-next')).toHaveText('Next: Good night')
  await olga.keyboard.press('b')
  await expect(paul.getByTestId('on-now')).toHaveText('Doors open')
  await paul.keyboard.press('n')

  // Hold, and on again.
  await paul.keyboard.press('h')
  await expect(olga.getByTestId('transport')).toContainText('On hold')
  await look(olga, 'control-hold', project.name)
  await olga.keyboard.press('h')
  await expect(paul.getByTestId('transport')).not.toContainText('On hold')

  // A cue goes and comes back.
  await cue(olga, 'Good night').click()
  await olga.keyboard.press('d')
  await expect(cue(paul, 'Good night')).toHaveCount(0)
  await expect(paul.getByTestId('undo')).toContainText('Removed a cue')
  await paul.keyboard.press('z')
  await expect(cue(olga, 'Good night')).toBeVisible()

  // An announcement, by keys alone.
  await olga.keyboard.press('a')
  await olga.keyboard.type('Coffee is served in the foyer')
  await olga.keyboard.press('Enter')
  await panel(paul, 'On air')
  await expect(paul.getByTestId('on-air')).toContainText('Coffee is served in the foyer')
  await look(paul, 'control-on-air', project.name)

  await panel(paul, 'Log')
  const log = paul.getByRole('region', { name: 'Who did what' })
  await expect(log).toContainText('Organiser announced “Coffee is served in the foyer”')
  await expect(log).toContainText('Paul Producer took the last act back')
  await look(paul, 'control-log', project.name)
})

test('chat and questions are kept civil by one key each, and each can be taken back', async ({ browser, server }, {
  project,
}) => {
  const olga = await guestOf(browser)
  const ben = await guestOf(browser)
  const code = await createEvent(olga, server, 'Town hall')
  await joinEvent(ben, server, code, 'Ben Guest')
  await openControl(olga, server, code)
  await threeCues(olga)
  await panel(olga, 'Chat')
  const chat = olga.getByRole('listbox', { name: 'Chat' })
  const line = (text: string) => chat.getByRole('option').filter({ hasText: text })

  await say(ben, 'First of all')
  await expect(line('First of all')).toBeVisible()
  await olga.keyboard.press('3')
  await expect(chat).toBeFocused()
  await olga.keyboard.press('d')
  await expect(ben.getByText('Removed by the hosts')).toBeVisible()
  await olga.keyboard.press('z')
  await expect(ben.getByText('First of all')).toBeVisible()

  // The box follows the room, which has to say so first.
  await olga.getByRole('checkbox', { name: 'Approve first' }).first().click()
  await expect(olga.getByRole('checkbox', { name: 'Approve first' }).first()).toBeChecked()
  await say(ben, 'Please let me through')
  await say(ben, 'And this too')
  await expect(line('Please let me through')).toBeVisible()
  await look(olga, 'control-queue', project.name)
  await line('Please let me through').click()
  await olga.keyboard.press('y')
  await expect(chat.getByText('Waiting: 1')).toBeVisible()
  // The next one in the queue is chosen by itself. What was turned down waits again when it is taken back.
  await olga.keyboard.press('d')
  await expect(chat.getByText('Waiting: 1')).toHaveCount(0)
  await olga.keyboard.press('z')
  await expect(chat.getByText('Waiting: 1')).toBeVisible()
  await line('And this too').click()
  await olga.keyboard.press('y')
  await expect(chat.getByText('Waiting: 1')).toHaveCount(0)

  await line('First of all').click()
  await olga.keyboard.press('u')
  await expect(line('First of all')).toContainText('muted')
  await olga.keyboard.press('z')
  await expect(line('First of all')).not.toContainText('muted')
  await olga.keyboard.press('x')
  await expect(ben.getByText('You were removed from this event')).toBeVisible()
  await olga.keyboard.press('z')
  await expect(olga.getByTestId('undo')).not.toContainText('Banned')
  await ben.goto(`${server.url}/e/${code}`)
  await expect(ben.getByRole('textbox', { name: 'Message' })).toBeVisible()
  await panel(olga, 'Log')
  const log = olga.getByRole('region', { name: 'Who did what' })
  await expect(log).toContainText('Organiser banned Ben Guest')
  await expect(log).toContainText('Organiser let Ben Guest in again')
})

test('[R6] only those who run the event see the control room, and what it shows comes and goes with the role', async ({
  browser,
  server,
}, { project }) => {
  const olga = await guestOf(browser)
  const mona = await guestOf(browser)
  const code = await createEvent(olga, server, 'Closed doors')
  const lobby = await mona.context().newPage()
  await joinEvent(lobby, server, code, 'Mona Moderator')
  await mona.goto(`${server.url}/e/${code}/control`)
  await expect(mona.getByText('The control room is for the hosts')).toBeVisible()
  await look(mona, 'control-refused', project.name)
  await giveRole(olga, server, code, 'Mona Moderator', 'moderator')
  await expect(mona.getByTestId('transport')).toBeVisible()
  await expect(mona.getByRole('link', { name: 'Settings' })).toHaveCount(0)
  await olga.getByRole('combobox', { name: 'Role of Mona Moderator' }).selectOption('attendee')
  await expect(mona.getByText('The control room is for the hosts')).toBeVisible()
})

test('every key is told, and single keys can be switched off', async ({ browser, server }, { project }) => {
  const olga = await guestOf(browser)
  const code = await createEvent(olga, server, 'Keys')
  await openControl(olga, server, code)
  await threeCues(olga)
  await olga.keyboard.press('?')
  const sheet = olga.getByRole('dialog', { name: 'Keys' })
  await expect(sheet).toContainText('Next cue')
  await look(olga, 'control-keys', project.name)
  await sheet.getByRole('checkbox', { name: 'Single keys act anywhere in the room' }).uncheck()
  await olga.keyboard.press('Escape')
  await olga.keyboard.press('n')
  await expect(olga.getByTestId('on-now')).toHaveText('—')
  await olga.getByRole('button', { name: 'Next' }).click()
  await expect(olga.getByTestId('on-now')).toHaveText('Doors open')
  // In the light, for those who sit in it.
  await olga.getByRole('button', { name: 'Colours: dark' }).click()
  await look(olga, 'control-light', project.name)
})

test('a poll is asked with a question and a key, counted as votes come, and closed, shown and archived by keys', async ({
  browser,
  server,
}, { project }) => {
  const olga = await guestOf(browser)
  const code = await createEvent(olga, server, 'Votes')
  await openControl(olga, server, code)
  await olga.keyboard.press('q')
  const dialog = olga.getByRole('dialog', { name: 'Ask a poll' })
  await expect(dialog.getByRole('textbox', { name: 'Question' })).toBeFocused()
  await look(olga, 'control-ask-poll', project.name)
  await olga.keyboard.type('Is it warm enough?')
  await olga.keyboard.press('Enter')
  await expect(dialog).toHaveCount(0)
  await expect(olga.getByTestId('on-now')).toHaveText('Is it warm enough?')
  await panel(olga, 'Polls')
  const polls = olga.getByRole('listbox', { name: 'Polls' })
  await expect(polls.getByRole('group', { name: 'Open' })).toContainText('Is it warm enough?')
  await look(olga, 'control-polls', project.name)
  await olga.keyboard.press('5')
  await olga.keyboard.press('k')
  await expect(polls.getByRole('group', { name: 'Closed' })).toContainText('Is it warm enough?')
  await olga.keyboard.press('z')
  await expect(polls.getByRole('group', { name: 'Open' })).toContainText('Is it warm enough?')
  await polls.focus()
  await olga.keyboard.press('k')
  await expect(polls.getByRole('group', { name: 'Closed' })).toBeVisible()
  await olga.keyboard.press('t')
  await expect(polls.getByRole('group', { name: 'Archived' })).toContainText('Is it warm enough?')
})

test('a speaker sees what is on, the time left, what comes, and what the control room says', async ({
  browser,
  server,
}, { project }) => {
  const olga = await guestOf(browser)
  const sven = await guestOf(browser)
  const code = await createEvent(olga, server, 'Evening talk')
  const lobby = await sven.context().newPage()
  await joinEvent(lobby, server, code, 'Sven Speaker')
  await sven.goto(`${server.url}/e/${code}/speaker`)
  await expect(sven.getByText('The speaker’s view is for speakers')).toBeVisible()
  await giveRole(olga, server, code, 'Sven Speaker', 'speaker')
  await expect(sven.getByTestId('speaker-now')).toHaveText('—')
  await openControl(olga, server, code)
  await threeCues(olga)
  await panel(olga, 'On air')
  await expect(olga.getByText('Standing by: Sven Speaker')).toBeVisible()
  await olga.keyboard.press('n')
  // A press speaks of the cue that the screen shows: the next is another one only once this has come.
  await expect(olga.getByTestId('on-now')).toHaveText('Doors open')
  await olga.keyboard.press('n')
  await expect(sven.getByTestId('speaker-now')).toHaveText('Opening words')
  await expect(sven.getByTestId('speaker-left')).toHaveText(/^(5:00|4:\d\d)$/)
  await expect(sven.getByTestId('speaker-next')).toHaveText('Good night')
  await olga.getByRole('button', { name: 'One minute left' }).click()
  await expect(sven.getByRole('region', { name: 'From the control room' })).toContainText('One minute left')
  await look(sven, 'speaker', project.name)
  // Gone from the page, gone from those who stand by.
  await sven.goto(`${server.url}/`)
  await expect(olga.getByText('No speaker has the speaker’s view open.')).toBeVisible()
})

test('from nothing to a vote that is counted: at most six taps or fields for the organiser, three for the attendee', async ({
  browser,
  server,
}) => {
  const [olga, ann] = [await guestOf(browser), await guestOf(browser)]
  const taps = { organiser: 0, attendee: 0 }
  const tap = async (who: keyof typeof taps, done: Promise<void>) => {
    taps[who] += 1
    await done
  }
  await olga.goto(server.url)
  await tap('organiser', olga.getByRole('textbox', { name: 'Event title' }).fill('Lunch'))
  await tap('organiser', olga.getByRole('button', { name: 'Create event' }).click())
  await tap('organiser', olga.getByRole('link', { name: 'Ask a poll' }).click())
  await tap('organiser', olga.getByRole('textbox', { name: 'Question' }).fill('Shall we order?'))
  await tap('organiser', olga.getByRole('button', { name: 'Ask now' }).click())
  await expect(olga.getByTestId('on-now')).toHaveText('Shall we order?')
  const code = (await olga.getByTestId('event-code').first().innerText()).trim()

  // The phone scans the code.
  await ann.goto(`${server.url}/e/${code}`)
  await tap('attendee', ann.getByRole('textbox', { name: 'Your name' }).fill('Ann'))
  await tap('attendee', ann.getByRole('button', { name: 'Join' }).click())
  await tap('attendee', ann.getByRole('radio', { name: 'Yes' }).click())
  await panel(olga, 'Polls')
  await expect(olga.getByRole('listbox', { name: 'Polls' })).toContainText('1 vote')
  expect(taps.organiser).toBeLessThanOrEqual(6)
  expect(taps.attendee).toBeLessThanOrEqual(3)
})

test('an event begins from a template, is rehearsed with simulated attendees, and nothing of that is left in it', async ({
  browser,
  server,
}, { project }) => {
  const olga = await guestOf(browser)
  await olga.goto(server.url)
  await olga.getByRole('combobox', { name: 'Begin with' }).selectOption('webinar')
  const code = await createEvent(olga, server, 'Webinar', false)
  await openControl(olga, server, code)
  await expect(cue(olga, 'The talk')).toBeVisible()
  await panel(olga, 'Polls')
  await expect(olga.getByRole('listbox', { name: 'Polls' })).toContainText('Where do you join us from?')

  await olga.getByRole('button', { name: 'Rehearse' }).click()
  const bar = olga.getByRole('region', { name: 'Rehearsal' })
  await expect(bar).toBeVisible()
  await panel(olga, 'Rundown')
  await expect(cue(olga, 'The talk')).toBeVisible()
  await bar.getByRole('combobox', { name: 'Simulated attendees' }).selectOption('5')
  await expect(bar.getByRole('status')).toHaveText('5 simulated')
  await panel(olga, 'Chat')
  await expect(olga.getByRole('listbox', { name: 'Chat' }).getByText('(simulated').first()).toBeVisible({
    timeout: 60_000,
  })
  await look(olga, 'control-rehearsal', project.name)
  await bar.getByRole('button', { name: 'End the rehearsal' }).click()
  await expect(olga).toHaveURL(new RegExp(`/e/${code}/control`))
  await expect(bar).toHaveCount(0)
  await panel(olga, 'Chat')
  await expect(olga.getByText('Nobody has written yet.')).toBeVisible()
  await olga.goto(server.url)
  await expect(olga.getByText('Rehearsal:')).toHaveCount(0)
})

test('afterwards the evening is a line to run along: what was on and said at any moment', async ({ browser, server }, {
  project,
}) => {
  const olga = await guestOf(browser)
  const ben = await guestOf(browser)
  const code = await createEvent(olga, server, 'Looking back')
  await openControl(olga, server, code)
  await threeCues(olga)
  await olga.keyboard.press('n')
  await expect(olga.getByTestId('on-now')).toHaveText('Doors open')
  await olga.keyboard.press('n')
  await expect(olga.getByTestId('on-now')).toHaveText('Opening words')
  await joinEvent(ben, server, code, 'Ben Guest')
  await say(ben, 'What an evening')
  await expect(ben.getByText('What an evening')).toBeVisible()
  await olga.getByRole('link', { name: 'Afterwards' }).click()
  const messages = olga.getByRole('region', { name: 'Messages up to then, the newest first' })
  await expect(messages).toContainText('What an evening')
  await look(olga, 'afterwards', project.name)
  const line = olga.getByRole('slider', { name: 'Moment of the evening' })
  await line.focus()
  await olga.keyboard.press('Home')
  await expect(messages).not.toContainText('What an evening')
  await olga.keyboard.press('End')
  await expect(messages).toContainText('What an evening')
})
