/** `@plenary/kinds/client`: the built-in kinds as those who take part keep up with them, without schemas. */
export { chat } from './chat/client.ts'
export { inbox } from './inbox/client.ts'
export { polls } from './polls/client.ts'
export { questions } from './questions/client.ts'
export { stage } from './stage/client.ts'
