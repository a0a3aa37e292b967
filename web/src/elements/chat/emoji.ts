/** Those that people use most; everything else is on the keyboard of the device. */
export const emoji: readonly string[] = [
  ...('😀😂🙂😉😊😍😘🤔😐😴😢😭😡😱🥳😎'.match(/./gu) ?? []),
  ...('👍👎👏🙏💪👋🤝👌🎉🔥💯✅❌❓❗💡'.match(/./gu) ?? []),
  ...('🌹🎂🍕🍺🚗🏠⏰📞'.match(/./gu) ?? []),
  '❤️',
  '☕',
  '☀️',
  '✈️',
];

/** Whether a message is one to three emoji, which are then drawn large. */
export function isOnlyEmoji(text: string): boolean {
  if (text.length > longestOfThree) return false;
  const marks = [...new Intl.Segmenter().segment(text.replace(/\s/g, ''))].map(({ segment }) => segment);
  return marks.length >= 1 && marks.length <= 3 && marks.every((mark) => oneEmoji.test(mark));
}

/** A family of four is 11 code units. */
const longestOfThree = 48;
const oneEmoji = /^(\p{Emoji_Presentation}|\p{Extended_Pictographic}|\p{Regional_Indicator})/u;
