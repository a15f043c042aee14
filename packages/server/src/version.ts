import manifest from '../package.json' with { type: 'json' }

/** The product's version, as `--version` and `GET /api/config` tell it. */
export const VERSION = manifest.version
