import { useDeviceChoice } from './device-choice.ts'

/** Single keys can be switched off: whoever speaks to their computer would press them by talking. */
export function useKeySwitch(): [boolean, (on: boolean) => void] {
  const [now, choose] = useDeviceChoice('plenary-web.control-keys', ['on', 'off'], 'on')
  return [now === 'on', (on) => choose(on ? 'on' : 'off')]
}
