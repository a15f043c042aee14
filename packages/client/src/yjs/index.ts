export type { DocumentRoom } from './document-room.ts'
export { PlenaryProvider } from './provider.ts'
export type { ProviderOptions, ProviderSnapshot, ProviderStatus } from './provider.ts'
