import { createEvent, expect, joinEvent, keeper, look, message, say, shown, test } from './event.ts'

test('[R5] both pages come back by themselves after a SIGKILL, with every message once and in one order', async ({
  browser,
  server,
}, { project }) => {
  const organiser = await (await browser.newContext()).newPage()
  const guest = await (await browser.newContext()).newPage()
  const code = await createEvent(organiser, server, 'Town hall')
  await organiser.goto(`${server.url}/e/${code}`)
  await joinEvent(guest, server, code, 'Ann Guest')

  const before = ['first words', 'an answer', 'and a third']
  await say(organiser, 'first words')
  await expect(message(guest, 'first words')).toBeVisible()
  await say(guest, 'an answer')
  await expect(message(organiser, 'an answer')).toBeVisible()
  await say(organiser, 'and a third')
  await expect(message(guest, 'and a third')).toBeVisible()
  await look(guest, 'conversation', project.name)

  await server.kill()
  // Typed into the outage, by both; the pages keep it.
  await say(guest, 'while it is away')
  await expect(message(guest, 'while it is away')).toHaveAttribute('data-state', 'kept')
  await look(guest, 'server-away', project.name)
  await say(organiser, 'I noticed nothing')
  await server.start()

  const all = [...before, 'while it is away', 'I noticed nothing']
  for (const page of [organiser, guest]) {
    for (const text of all) await expect(message(page, text)).toHaveCount(1, { timeout: 30_000 })
  }
  await expect(message(guest, 'while it is away')).toHaveAttribute('data-state', 'saved')
  await expect(message(organiser, 'I noticed nothing')).toHaveAttribute('data-state', 'saved')
  expect(await shown(guest, all)).toEqual(await shown(organiser, all))

  // A page that starts afresh sees the same, so it is the log that says so.
  await guest.reload()
  for (const text of all) await expect(message(guest, text)).toHaveCount(1)
  expect(await shown(guest, all)).toEqual(await shown(organiser, all))
})

test('[R12] an offline page keeps what is typed, says so, survives a reload, and delivers once', async ({
  browser,
  server,
}, { project }) => {
  const organiser = await (await browser.newContext()).newPage()
  const context = await browser.newContext()
  const guest = await context.newPage()
  const code = await createEvent(organiser, server, 'In a tunnel')
  await organiser.goto(`${server.url}/e/${code}`)
  await joinEvent(guest, server, code, 'Train Passenger')
  await say(guest, 'still online')
  await expect(message(organiser, 'still online')).toBeVisible()
  // The page must be able to start without a network from now on.
  await expect.poll(() => keeper(guest), { timeout: 40_000 }).toBe('activated')

  await context.setOffline(true)
  await say(guest, 'typed in a tunnel')
  await expect(message(guest, 'typed in a tunnel')).toHaveAttribute('data-state', 'kept')
  await expect(
    guest
      .getByRole('status')
      .filter({ hasText: /offline/i })
      .first(),
  ).toBeVisible()
  await look(guest, 'offline', project.name)

  await guest.reload()
  await expect(message(guest, 'typed in a tunnel')).toHaveAttribute('data-state', 'kept')

  await context.setOffline(false)
  await expect(message(guest, 'typed in a tunnel')).toHaveAttribute('data-state', 'saved', { timeout: 30_000 })
  await expect(message(organiser, 'typed in a tunnel')).toHaveCount(1)
  await guest.reload()
  await expect(message(guest, 'typed in a tunnel')).toHaveCount(1)
  await expect(message(organiser, 'typed in a tunnel')).toHaveCount(1)
})
