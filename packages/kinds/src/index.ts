export * from './access.ts'
export * as api from './api.ts'
export * from './code.ts'
export * from './errors.ts'
export * from './ids.ts'
export * from './kind.ts'
export * from './limits.ts'
export * from './registry.ts'
export * from './roles.ts'
export * from './templates.ts'
export * from './wire.ts'
export type { BoardGame } from './board/board-game.ts'
export { boardKind } from './board/board-kind.ts'
export { timeOf, clockEndsAt } from './board/clock.ts'
export { sideOf } from './board/decide.ts'
export { BOARD_LIMITS } from './board/model.ts'
export type { GameResult, GameState, PastRound, Seat } from './board/model.ts'
export { boardAfter, lastField, otherSide, sideAfter } from './board/rules.ts'
export type { Board, BoardRules, Side } from './board/rules.ts'
export { chat } from './chat.ts'
export type { ChatMine, ChatView, HeldMessage, Message } from './chat.ts'
export { polls } from './polls.ts'
export type {
  Answer,
  BoardLine,
  Form,
  FormSpec,
  MyVote,
  Poll,
  PollId,
  PollSpec,
  PollsDigest,
  PollsMine,
  PollStatus,
  PollsView,
  Privacy,
  Results,
  TextAnswer,
} from './polls.ts'
export { POLLS_LIMITS } from './polls/model.ts'
export { myVote, resultsOf } from './polls/results.ts'
export { document } from './document.ts'
export { inbox, INBOX_LIMITS } from './inbox.ts'
export type { InboxView, KeptNotice } from './inbox.ts'
export { questions } from './questions.ts'
export type {
  BinnedQuestion,
  HeldQuestion,
  OwnHeldQuestion,
  Question,
  QuestionsDigest,
  QuestionsMine,
  QuestionsView,
} from './questions.ts'
export { QUESTIONS_LIMITS } from './questions/model.ts'
export { votedFor, votesOf } from './questions/votes.ts'
export { stage } from './stage.ts'
export type {
  Backstage,
  Cue,
  CueId,
  LowerThird,
  OnStage,
  Panel,
  Prompt,
  Scene,
  SpeakerMessage,
  StageMine,
  StageView,
} from './stage.ts'
export { clockOf, timeLeft } from './stage/clock.ts'
export type { CueClock, StageClock } from './stage/clock.ts'
export { PANELS, REACTIONS, STAGE_LIMITS } from './stage/model.ts'
export type { Reaction } from './stage/model.ts'
export { nextCue, previewOf } from './stage/preview.ts'
export { promptOf } from './stage/shown.ts'
export { canEmbed, PROVIDERS, videoOf } from './stage/video.ts'
export type { Video } from './stage/video.ts'
