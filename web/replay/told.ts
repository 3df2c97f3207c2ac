/** How a line of the story is shown beside the name of its node: a sentence that begins with the node goes on from there. */
import type { StoryLine } from '../../src/report/story.ts'

/** The line's text without its node at the beginning. */
export function afterNode({ node, text }: Pick<StoryLine, 'node' | 'text'>): string {
  return node !== '' && text.startsWith(`${node} `) ? text.slice(node.length + 1) : text
}
