/** A node's name with the sign of its state, to be picked: the head of a node in every manager's cluster map. */
import type { ReactElement } from 'react'
import type { NodeFrame } from '../../src/trace/frames.ts'
import { nodeSign } from './signs.ts'

interface Props {
  readonly node: Pick<NodeFrame, 'name' | 'state'>
  readonly isPressed: boolean
  readonly onPress: () => void
}

/** The button. */
export function NodeButton({ node, isPressed, onPress }: Props): ReactElement {
  const sign = nodeSign(node.state)
  return (
    <button type="button" className="plain" aria-pressed={isPressed} onClick={onPress}>
      <span className={`sign ${sign.color}`} aria-hidden="true">
        {sign.shape}
      </span>{' '}
      {node.name} <small>{sign.word}</small>
    </button>
  )
}
