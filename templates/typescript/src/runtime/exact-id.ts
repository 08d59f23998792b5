/**
 * The id of a message whose number is too large for a `number`, read from the message's text.
 *
 * Knows where in valid JSON a member of the outermost object is; knows nothing else of messages.
 */

const ID = /[ \t\r\n]*:[ \t\r\n]*(-?\d+)(?![\d.eE])/y;

/** The value of the outermost member `id`, where it is written as a whole number. */
export function exactId(text: string): bigint | undefined {
  let depth = 0;
  let found: bigint | undefined;
  for (let position = 0; position < text.length; position += 1) {
    const character = text[position];
    if (character === "{" || character === "[") depth += 1;
    if (character === "}" || character === "]") depth -= 1;
    if (character !== '"') continue;
    const end = endOfString(text, position);
    if (depth === 1 && JSON.parse(text.slice(position, end + 1)) === "id") {
      ID.lastIndex = end + 1;
      const digits = ID.exec(text)?.[1];
      // Of two members with one name, the last one counts.
      if (digits !== undefined) found = BigInt(digits);
    }
    position = end;
  }
  return found;
}

/** Where the string that begins at `start` ends. */
function endOfString(text: string, start: number): number {
  let end = start;
  do {
    end = text.indexOf('"', end + 1);
  } while (isEscaped(text, end));
  return end;
}

function isEscaped(text: string, position: number): boolean {
  let before = position;
  while (text[before - 1] === "\\") before -= 1;
  return (position - before) % 2 === 1;
}
