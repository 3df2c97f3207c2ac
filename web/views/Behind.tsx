/** The lines of the configuration behind a decision of RGManager or Heartbeat, and the options that no line sets. */
import type { ReactElement } from 'react'
import type { SourceFile } from '../../src/model/source.ts'
import type { DecisionRecord } from '../../src/trace/record.ts'
import { defaultsBehind, linesBehind } from '../replay/sources.ts'
import { SourceLine } from './SourceLine.tsx'

interface Props {
  readonly decision: DecisionRecord
  /** Empty where the lines are asked for elsewhere. */
  readonly files: readonly SourceFile[]
}

/** Each line once; then the defaults. */
export function Behind({ decision, files }: Props): ReactElement {
  return (
    <>
      {linesBehind(decision, files).map((line) => (
        <SourceLine key={`${line.file} ${line.line}`} {...line} />
      ))}
      {defaultsBehind(decision, files).map((name) => (
        <small key={name}>{name}: default, no line sets it</small>
      ))}
    </>
  )
}
