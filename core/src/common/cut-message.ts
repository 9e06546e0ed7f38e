/** UTF-16 units of a message before it is cut. */
const longestMessage = 64 * 1024;

/** What ends a message that was cut. */
const cutMark = " … (cut)";

/** The message as it is told. @internal */
export function cutMessage(message: string): string {
  return message.length > longestMessage
    ? message.slice(0, longestMessage - cutMark.length) + cutMark
    : message;
}
