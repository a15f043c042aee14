import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { RouteCrash } from './shell/crash.tsx'
import { NotFound } from './shell/not-found.tsx'
import { PageLoading } from './shell/page-loading.tsx'
import { Root } from './shell/root.tsx'

const root = createRootRoute({ component: Root, notFoundComponent: NotFound })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./home/home-page.tsx'), 'HomePage'),
})
/** Holds the session that the play page and the settings share. */
const event = createRoute({
  getParentRoute: () => root,
  path: '/e/$code',
  component: lazyRouteComponent(() => import('./event/event-page.tsx'), 'EventPage'),
})
const play = createRoute({
  getParentRoute: () => event,
  path: '/',
  validateSearch: (search): { invite?: true } => (search['invite'] === true ? { invite: true } : {}),
  component: lazyRouteComponent(() => import('./event/play-page.tsx'), 'PlayPage'),
})
const settings = createRoute({
  getParentRoute: () => event,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/settings-page.tsx'), 'SettingsPage'),
})
const control = createRoute({
  getParentRoute: () => event,
  path: '/control',
  validateSearch: (search): { poll?: true; of?: string } => ({
    ...(search['poll'] === true ? { poll: true } : {}),
    // The event that this is a rehearsal of.
    ...(typeof search['of'] === 'string' ? { of: search['of'] } : {}),
  }),
  component: lazyRouteComponent(() => import('./control/control-page.tsx'), 'ControlPage'),
})
const game = createRoute({
  getParentRoute: () => event,
  path: '/g/$room',
  validateSearch: (search): { match?: true } => (search['match'] === true ? { match: true } : {}),
  component: lazyRouteComponent(() => import('./games/game-page.tsx'), 'GamePage'),
})
const games = createRoute({
  getParentRoute: () => root,
  path: '/games',
  component: lazyRouteComponent(() => import('./games/games-page.tsx'), 'GamesPage'),
})
const documentPage = createRoute({
  getParentRoute: () => event,
  path: '/d/$room',
  component: lazyRouteComponent(() => import('./document/document-page.tsx'), 'DocumentPage'),
})
const documents = createRoute({
  getParentRoute: () => root,
  path: '/documents',
  component: lazyRouteComponent(() => import('./document/documents-page.tsx'), 'DocumentsPage'),
})
const speaker = createRoute({
  getParentRoute: () => event,
  path: '/speaker',
  component: lazyRouteComponent(() => import('./speaker/speaker-page.tsx'), 'SpeakerPage'),
})
const afterwards = createRoute({
  getParentRoute: () => event,
  path: '/afterwards',
  component: lazyRouteComponent(() => import('./afterwards/afterwards-page.tsx'), 'AfterwardsPage'),
})
const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('./account/account-page.tsx'), 'AccountPage'),
})
const overlay = createRoute({
  getParentRoute: () => root,
  path: '/o/$what',
  component: lazyRouteComponent(() => import('./overlay/overlay-page.tsx'), 'OverlayPage'),
})

/** Every page of the app; each is a chunk of its own. */
export const router = createRouter({
  routeTree: root.addChildren([
    home,
    event.addChildren([play, settings, control, speaker, afterwards, game, documentPage]),
    games,
    documents,
    account,
    overlay,
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: RouteCrash,
  defaultPendingComponent: PageLoading,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
