import type { Browser, Page } from '@playwright/test'
import { polls, questions, stage } from '../../packages/kinds/src/index.ts'
import { createEvent, expect, look, test } from './event.ts'
import { Guest } from './host.ts'

const SCREEN = { width: 1920, height: 1080 }

async function screen(browser: Browser, address: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: SCREEN })).newPage()
  await page.goto(address)
  return page
}

/** How see-through the page is at this place, from 0 to 255. */
async function alphaAt(page: Page, x: number, y: number): Promise<number> {
  const picture = await page.screenshot({ omitBackground: true, clip: { x, y, width: 4, height: 4 } })
  return await page.evaluate(async (bytes) => {
    const image = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/png' }))
    const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d')
    canvas?.drawImage(image, 0, 0)
    return canvas?.getImageData(1, 1, 1, 1).data[3] ?? 255
  }, Array.from(picture))
}

test('overlays show the question, the poll, a countdown, a caption and the code, on nothing but what lies below', async ({
  browser,
  server,
}, { project }) => {
  test.skip(project.name !== 'desktop', 'an overlay has the size of a broadcast, whatever the page has')
  using host = await Guest.organise(server.url, 'On air')
  const { key } = await host.client.http.post<{ key: string }>(`/api/events/${host.session.event.id}/overlay-keys`, {
    label: 'Main stream',
  })
  const at = (what: string) => `${server.url}/o/${what}#${key}`

  await host.act(questions, 'ask', { text: 'What will change for members next year?' })
  const target = host.room(questions).snapshot.view?.questions[0]?.seq ?? 0
  const question = await screen(browser, at('question'))
  // Nothing is shown before there is something to show, not even a word.
  await expect(question.getByRole('main')).toBeAttached()
  await expect(question.getByRole('figure')).toHaveCount(0)
  expect(await alphaAt(question, 900, 500)).toBe(0)
  await host.act(questions, 'mark', { target, as: 'live' })
  await expect(question.getByText('What will change for members next year?')).toBeVisible()
  expect(await alphaAt(question, 900, 200)).toBe(0)
  await look(question, 'overlay-question', project.name)

  await host.act(polls, 'draft', {
    title: 'Which evening suits you best?',
    form: { type: 'choice', options: ['Tuesday', 'Wednesday', 'Thursday'] },
  })
  const poll = host.room(polls).snapshot.view?.polls[0]?.id
  if (poll === undefined) throw new Error('There is no poll.')
  await host.act(polls, 'open', { poll })
  const shown = await screen(browser, at('poll'))
  await expect(shown.getByRole('heading', { name: 'Which evening suits you best?' })).toBeVisible()
  await host.act(polls, 'vote', { poll, answer: { picks: [1] } })
  await expect(shown.getByText('1 vote')).toBeVisible()
  await expect(shown.getByText('100')).toBeVisible()
  await look(shown, 'overlay-poll', project.name)

  await host.act(stage, 'add', {
    title: 'Doors',
    scene: { layout: 'welcome', countdown: true },
    plannedMs: 600_000,
    lowerThird: { title: 'Dr. Grace Moreau', detail: 'Institute for Assembly' },
  })
  await host.act(stage, 'start', {})
  const cue = host.room(stage).snapshot.view?.staff?.cues[0]?.id
  if (cue === undefined) throw new Error('There is no cue.')
  await host.act(stage, 'go', { to: cue })
  const countdown = await screen(browser, at('countdown'))
  await expect(countdown.getByRole('timer')).toHaveText(/^(10:00|9:5\d)$/)
  await look(countdown, 'overlay-countdown', project.name)
  const caption = await screen(browser, at('caption'))
  await expect(caption.getByText('Dr. Grace Moreau')).toBeVisible()
  await look(caption, 'overlay-caption', project.name)
  const whole = await screen(browser, at('stage'))
  await expect(whole.getByRole('heading', { name: 'On air', level: 2 })).toBeVisible()
  await look(whole, 'overlay-stage', project.name)
  const join = await screen(browser, at('join'))
  await expect(join.getByText(host.code)).toBeVisible()
  await expect(join.getByRole('img', { name: /^QR code that opens/ })).toBeVisible()
  await look(join, 'overlay-join', project.name)

  const reactions = await screen(browser, at('reactions'))
  await expect(reactions.getByRole('main')).toBeAttached()
  await expect(async () => {
    // They are for who is there now, so they are sent until the page is.
    host.room(stage).signal('react', { clap: 3 })
    await expect(reactions.getByText('👏').first()).toBeAttached({ timeout: 1_500 })
  }).toPass()

  // Who watches by a key is not one of the audience.
  expect(host.room(stage).snapshot.presence.total).toBe(1)
})

test('[R6] an organiser makes a key for overlays and takes it back: what it showed is gone at once', async ({
  browser,
  server,
}, { project }) => {
  const organiser = await (await browser.newContext()).newPage()
  const code = await createEvent(organiser, server, 'Keys')
  await organiser.goto(`${server.url}/e/${code}/settings`)
  await organiser.getByRole('textbox', { name: 'What the key is for' }).fill('Main stream')
  await organiser.getByRole('button', { name: 'Make a key' }).click()
  const address = await organiser.getByRole('link', { name: 'Join', exact: true }).getAttribute('href')
  await look(organiser, 'overlay-keys', project.name)
  const overlay = await screen(browser, address ?? '')
  await expect(overlay.getByText(code)).toBeVisible()

  await organiser.getByRole('button', { name: 'Take back Main stream' }).click()
  await expect(overlay.getByText(code)).toHaveCount(0)
  await expect(organiser.getByRole('link', { name: 'Join', exact: true })).toHaveCount(0)
  await overlay.reload()
  await expect(overlay.getByText('This overlay’s address is not valid any more.')).toBeVisible()
})
