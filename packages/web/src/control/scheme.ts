import { useDeviceChoice } from './device-choice.ts'

/** A control room is dark, as the hall is; who sits in the sun has it as the device has it. */
export function useRoomScheme(): ['dark' | 'device', (to: 'dark' | 'device') => void] {
  return useDeviceChoice('plenary-web.control-scheme', ['dark', 'device'], 'dark')
}
