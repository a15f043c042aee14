import { SETTINGS, type SettingName } from '../settings.ts'
import { StartError } from '../start-error.ts'

/** Waits for an engine that a setting names. Throws a {@link StartError} with the setting and one line of why. */
export async function reach<T>(engine: SettingName, opening: Promise<T>): Promise<T> {
  try {
    return await opening
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    throw new StartError(`${SETTINGS[engine].env} cannot be used: ${why.replace(/\.$/, '')}.`, error)
  }
}
