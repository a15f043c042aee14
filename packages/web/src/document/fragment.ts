/** Where in the shared document the text lies; what other Yjs editors call it by themselves too. */
export const FRAGMENT = 'default'
