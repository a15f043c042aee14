import { createEvent, expect, joinEvent, look, message, say, test } from './event.ts'

test('every screen, light and dark, without an accessibility violation', async ({ browser, server }, { project }) => {
  const organiser = await (await browser.newContext()).newPage()
  const guest = await (await browser.newContext()).newPage()

  await organiser.goto(server.url)
  await expect(organiser.getByRole('textbox', { name: 'Event title' })).toBeVisible()
  await look(organiser, 'home', project.name)

  const code = await createEvent(organiser, server, 'Summer assembly')
  await organiser.getByRole('button', { name: 'Invite' }).click()
  await expect(organiser.getByRole('dialog').getByRole('img', { name: /^QR code/ })).toBeVisible()
  await look(organiser, 'invitation', project.name)
  await organiser.goto(`${server.url}/e/${code}`)
  await expect(organiser.getByRole('textbox', { name: 'Message' })).toBeVisible()
  await look(organiser, 'play-empty', project.name)

  await guest.goto(`${server.url}/e/${code}`)
  await expect(guest.getByRole('textbox', { name: 'Your name' })).toBeVisible()
  await look(guest, 'join', project.name)
  await joinEvent(guest, server, code, 'Maria Sanchez')
  await say(guest, 'Hello from the back row <b>not bold</b>')
  await expect(message(organiser, 'Hello from the back row <b>not bold</b>')).toBeVisible()
  await say(organiser, 'Welcome, Maria! The doors close at https://example.org/doors at nine.')
  await expect(message(guest, 'Welcome, Maria!')).toBeVisible()
  await look(organiser, 'play-organiser', project.name)
  await look(guest, 'play-guest', project.name)

  await organiser.goto(`${server.url}/e/${code}/settings`)
  await expect(
    organiser.getByRole('region', { name: 'Event', exact: true }).getByRole('textbox', { name: 'Title' }),
  ).toBeVisible()
  await look(organiser, 'settings', project.name)

  await organiser.goto(`${server.url}/account`)
  await expect(organiser.getByRole('textbox', { name: /e-mail/i }).first()).toBeVisible()
  await look(organiser, 'account', project.name)

  await organiser.goto(`${server.url}/nowhere/at/all`)
  await look(organiser, 'not-found', project.name)
  await organiser.goto(`${server.url}/e/NOSUCHCODE`)
  await look(organiser, 'no-such-event', project.name)
})

test('[R6] text is data: what people type never becomes markup', async ({ browser, server }) => {
  const organiser = await (await browser.newContext()).newPage()
  const code = await createEvent(organiser, server, '<img src=x onerror=alert(1)>')
  await organiser.goto(`${server.url}/e/${code}`)
  const attack = '<script>window.hacked=1</script><img src=x onerror="window.hacked=1"> javascript:alert(1)'
  await say(organiser, attack)
  await expect(message(organiser, attack)).toBeVisible()
  await organiser.reload()
  await expect(message(organiser, attack)).toBeVisible()
  expect(await organiser.evaluate(() => 'hacked' in window)).toBe(false)
  expect(await organiser.getByRole('log').locator('script, img[src="x"], a[href^="javascript"]').count()).toBe(0)
})

test('[R6] an organiser renames, gives a role, bans, lets in, ends and reopens an event, and live pages follow', async ({
  browser,
  server,
}, { project }) => {
  const organiser = await (await browser.newContext()).newPage()
  const guest = await (await browser.newContext()).newPage()
  const code = await createEvent(organiser, server, 'First title')
  await joinEvent(guest, server, code, 'Ben Guest')
  await organiser.goto(`${server.url}/e/${code}/settings`)

  await organiser
    .getByRole('region', { name: 'Event', exact: true })
    .getByRole('textbox', { name: 'Title' })
    .fill('Second title')
  await organiser.getByRole('textbox', { name: 'Code' }).fill('second-code')
  await organiser.getByRole('button', { name: 'Save' }).click()
  await expect(organiser).toHaveURL(/SECOND-CODE\/settings/)
  await organiser.reload()
  await expect(
    organiser.getByRole('region', { name: 'Event', exact: true }).getByRole('textbox', { name: 'Title' }),
  ).toHaveValue('Second title')

  // A moderator has the host's tools at once, without a reload.
  await organiser.getByRole('combobox', { name: 'Role of Ben Guest' }).selectOption('moderator')
  if (project.name === 'phone') await guest.getByRole('button', { name: /people/i }).click()
  await expect(guest.getByRole('switch', { name: 'Approve messages first' })).toBeVisible()
  await look(guest, 'moderator', project.name)
  await organiser.getByRole('combobox', { name: 'Role of Ben Guest' }).selectOption('attendee')
  await expect(guest.getByRole('switch', { name: 'Approve messages first' })).toHaveCount(0)

  await organiser.getByRole('button', { name: 'Ban Ben Guest' }).click()
  await expect(guest.getByText('You were removed from this event')).toBeVisible()
  await look(guest, 'banned', project.name)
  await organiser.getByRole('button', { name: 'Let Ben Guest in again' }).click()
  await guest.goto(`${server.url}/e/second-code`)
  await expect(guest.getByRole('textbox', { name: 'Message' })).toBeVisible()

  await organiser.getByRole('button', { name: 'End event' }).click()
  await look(organiser, 'end-event', project.name)
  await organiser.getByRole('button', { name: 'Yes, end it' }).click()
  await expect(guest.getByText(/has ended/i).first()).toBeVisible()
  await look(guest, 'ended', project.name)
  await organiser.getByRole('button', { name: 'Reopen event' }).click()
  await expect(organiser.getByRole('button', { name: 'End event' })).toBeVisible()
  await guest.reload()
  await expect(guest.getByRole('textbox', { name: 'Message' })).toBeVisible()
})
