import { createTheme, localStorageColorSchemeManager } from '@mantine/core'
import controls from './controls.module.css'
import type { CSSVariablesResolver, MantineColorsTuple, VariantColorsResolver } from '@mantine/core'

/** Mantine's theme, derived from `tokens.css`: it names tokens and holds no value of its own. */

const one = (token: string): MantineColorsTuple => [
  token,
  token,
  token,
  token,
  token,
  token,
  token,
  token,
  token,
  token,
]

/** How a button of each variant takes its colours; `color="danger"` is the only other family. */
const variants: VariantColorsResolver = ({ variant, color }) => {
  const family = color === 'danger' ? 'danger' : 'accent'
  if (variant === 'filled')
    return {
      background: `var(--${family})`,
      hover: `var(--${family}-hover)`,
      color: `var(--${family}-ink)`,
      border: '1px solid transparent',
    }
  if (variant === 'light')
    return {
      background: `var(--${family}-soft)`,
      hover: family === 'danger' ? 'var(--danger-soft)' : 'var(--accent-soft-hover)',
      color: `var(--${family})`,
      border: '1px solid transparent',
    }
  const quiet = family === 'danger' ? 'var(--danger)' : 'var(--ink)'
  return {
    background: variant === 'default' ? 'var(--surface)' : 'transparent',
    hover: family === 'danger' ? 'var(--danger-soft)' : 'var(--sunken)',
    color: quiet,
    border: variant === 'default' ? '1px solid var(--line-strong)' : '1px solid transparent',
  }
}

export const theme = createTheme({
  fontFamily: 'var(--font-text)',
  fontFamilyMonospace: 'var(--font-code)',
  colors: { accent: one('var(--accent)'), danger: one('var(--danger)') },
  primaryColor: 'accent',
  variantColorResolver: variants,
  defaultRadius: 'md',
  radius: { sm: 'var(--radius-sm)', md: 'var(--radius-md)', lg: 'var(--radius-lg)', xl: 'var(--radius-round)' },
  spacing: {
    xs: 'var(--space-2)',
    sm: 'var(--space-3)',
    md: 'var(--space-4)',
    lg: 'var(--space-5)',
    xl: 'var(--space-6)',
  },
  fontSizes: {
    xs: 'var(--type-xs)',
    sm: 'var(--type-sm)',
    md: 'var(--type-md)',
    lg: 'var(--type-lg)',
    xl: 'var(--type-xl)',
  },
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'md' }, classNames: { root: controls.button } },
    ActionIcon: { defaultProps: { variant: 'subtle', size: 44 }, classNames: { root: controls.iconButton } },
    TextInput: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    Input: { classNames: { input: controls.input } },
    InputWrapper: { classNames: { label: controls.label, description: controls.description, error: controls.error } },
    Menu: {
      defaultProps: { shadow: 'none', transitionProps: { duration: 120 } },
      classNames: { dropdown: controls.dropdown, item: controls.item, label: controls.menuLabel },
    },
    Popover: { classNames: { dropdown: controls.dropdown } },
    Modal: {
      classNames: { content: controls.content, title: controls.title, overlay: controls.veil },
    },
    ModalRoot: { defaultProps: { centered: true, transitionProps: { duration: 160 } } },
    ModalCloseButton: { defaultProps: { 'aria-label': 'Close', size: 44 } },
    Drawer: {
      classNames: { content: controls.content, title: controls.title, overlay: controls.veil },
    },
    DrawerRoot: { defaultProps: { transitionProps: { duration: 200 } } },
    DrawerCloseButton: { defaultProps: { 'aria-label': 'Close', size: 44 } },
  },
})

/** Mantine's own variables, pointed at the tokens, so that both schemes follow from one place. */
export const variables: CSSVariablesResolver = () => {
  const both = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-soft)',
    '--mantine-color-error': 'var(--danger)',
    '--mantine-color-placeholder': 'var(--ink-faint)',
    '--mantine-color-anchor': 'var(--accent)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-default-hover': 'var(--sunken)',
    '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-disabled': 'var(--sunken)',
    '--mantine-color-disabled-color': 'var(--ink-faint)',
    '--mantine-color-disabled-border': 'var(--line)',
    '--mantine-primary-color-filled': 'var(--accent)',
    '--mantine-primary-color-filled-hover': 'var(--accent-hover)',
    '--mantine-primary-color-contrast': 'var(--accent-ink)',
  }
  return { variables: both, light: both, dark: both }
}

/** Where the chosen scheme is kept on this device; `public/first-paint.js` reads the same key. */
export const schemeManager = localStorageColorSchemeManager({ key: 'plenary-web.scheme' })
