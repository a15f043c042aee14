import { ActionIcon, useMantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react'

const STEPS = {
  auto: { next: 'light', label: 'Colours: as the device', icon: IconDeviceDesktop },
  light: { next: 'dark', label: 'Colours: light', icon: IconSun },
  dark: { next: 'auto', label: 'Colours: dark', icon: IconMoon },
} as const

/** Goes round device, light, dark; the name says which it is now. */
export function SchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { next, label, icon: Icon } = STEPS[colorScheme]
  return (
    <ActionIcon aria-label={label} title={label} onClick={() => setColorScheme(next)}>
      <Icon size={20} stroke={1.75} />
    </ActionIcon>
  )
}
