/** Where embedded videos may come from. A provider is a line here; a PeerTube host of one's own is a setting of the room. */

/** A video as it is embedded; `url` is the page that people may open instead. */
export interface Video {
  provider: string
  url: string
  embed: string
}

interface Provider {
  name: string
  hosts: readonly string[]
  /** Where its players come from; pages may frame these hosts and no others. */
  frames: readonly string[]
  /** What in path and query names the video, one pattern for each form of link; matched against both, without the host. */
  forms: readonly RegExp[]
  /** `host` is one of `hosts`. */
  page(id: string, host: string): string
  embed(id: string, host: string): string
}

/** A PeerTube host is any of many; these are known to everyone. */
const PEERTUBE_HOSTS = [
  'framatube.org',
  'peertube.tv',
  'tilvids.com',
  'video.blender.org',
  'tube.tchncs.de',
  'makertube.net',
] as const

export const PROVIDERS: readonly Provider[] = [
  {
    name: 'YouTube',
    hosts: ['www.youtube.com', 'youtube.com', 'm.youtube.com', 'youtu.be', 'www.youtube-nocookie.com'],
    frames: ['www.youtube-nocookie.com'],
    forms: [
      /^\/watch\?(?:[^#]*&)?v=([\w-]{11})(?:&|$)/,
      /^\/(?:embed|live|shorts)\/([\w-]{11})\/?(?:\?|$)/,
      /^\/([\w-]{11})(?:\?|$)/,
    ],
    page: (id) => `https://www.youtube.com/watch?v=${id}`,
    embed: (id) => `https://www.youtube-nocookie.com/embed/${id}`,
  },
  {
    name: 'Vimeo',
    hosts: ['vimeo.com', 'www.vimeo.com', 'player.vimeo.com'],
    frames: ['player.vimeo.com'],
    forms: [/^\/(?:video\/|event\/)?(\d{1,12})\/?(?:\?|$)/],
    page: (id) => `https://vimeo.com/${id}`,
    embed: (id) => `https://player.vimeo.com/video/${id}?dnt=1`,
  },
  {
    name: 'PeerTube',
    hosts: PEERTUBE_HOSTS,
    frames: PEERTUBE_HOSTS,
    forms: [/^\/(?:w|videos\/watch|videos\/embed)\/([\w-]{8,36})\/?(?:\?|$)/],
    page: (id, host) => `https://${host}/w/${id}`,
    embed: (id, host) => `https://${host}/videos/embed/${id}`,
  },
]

/** The video behind a link; null for a link to anywhere else. `peertube`: further PeerTube hosts. */
export function videoOf(link: string, peertube: readonly string[]): Video | null {
  if (!URL.canParse(link)) return null
  const { protocol, hostname, port, username, password, pathname, search } = new URL(link)
  if (protocol !== 'https:' || port !== '' || username !== '' || password !== '') return null
  for (const provider of PROVIDERS) {
    const more = provider.name === 'PeerTube' ? peertube : []
    if (!provider.hosts.includes(hostname) && !more.includes(hostname)) continue
    for (const form of provider.forms) {
      const id = form.exec(`${pathname}${search}`)?.[1]
      if (id !== undefined)
        return { provider: provider.name, url: provider.page(id, hostname), embed: provider.embed(id, hostname) }
    }
  }
  return null
}

/** Whether pages may show it in place; a video of a room's own PeerTube host is a link instead. */
export function canEmbed({ embed }: Video): boolean {
  const { hostname } = new URL(embed)
  return PROVIDERS.some(({ frames }) => frames.includes(hostname))
}
