import { MantineProvider } from '@mantine/core'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './theme/mantine.ts'
import './theme/tokens.css'
import './theme/base.css'
import { router } from './router.tsx'
import { Announcer } from './shell/announcer.tsx'
import { ClientProvider } from './shell/client-provider.tsx'
import { CrashBoundary } from './shell/crash.tsx'
import { keepShell } from './shell/keep-shell.ts'
import { schemeManager, theme, variables } from './theme/theme.ts'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no #root.')
keepShell()
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      colorSchemeManager={schemeManager}
      defaultColorScheme="auto"
    >
      <CrashBoundary>
        <Announcer>
          <ClientProvider>
            <RouterProvider router={router} />
          </ClientProvider>
        </Announcer>
      </CrashBoundary>
    </MantineProvider>
  </StrictMode>,
)
