/** Answers what was asked last without working it out again: of one request the same is asked several times in a row. */
export function rememberLast<Asked, Answer>(workOut: (asked: Asked) => Answer): (asked: Asked) => Answer {
  let last: { readonly asked: Asked; readonly answer: Answer } | undefined
  return (asked) => {
    if (last?.asked !== asked) last = { asked, answer: workOut(asked) }
    return last.answer
  }
}
