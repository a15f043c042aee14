/** One tap away. */
export const QUICK_EMOJI = ['👍', '❤️', '😂', '🎉', '👏', '🤔'] as const

/** Two taps away. The room takes any single emoji; these are the ones offered here. */
export const MORE_EMOJI = [
  ...['😀', '😊', '🥰', '😎', '🤩', '😮', '😢', '😅', '🙃', '😴', '🤯', '😡'],
  ...['👎', '🙌', '🙏', '💪', '👋', '🤝', '✌️', '🫶', '👀', '🧠', '🫡', '🤷'],
  ...['🔥', '✨', '💯', '⭐', '🚀', '💡', '✅', '❌', '❓', '❗', '🎯', '☕'],
  ...['🌱', '🌍', '🌈', '🎶', '🏆', '🍀', '🐢', '🦄', '🍕', '🎂', '💚', '💛'],
] as const
