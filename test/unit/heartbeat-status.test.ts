/** What a `status` prints, and what Heartbeat makes of it: the table of spec heartbeat 4, whose last rows no one would guess. */
import { describe, expect, it } from 'vitest'
import { isRunning } from '../../src/heartbeat/work.ts'

describe('the status text of a Heartbeat agent', () => {
  it.each([
    'running',
    'Running',
    'OK',
    'notrunning',
    'not\nrunning',
    'it is NOT OK',
    'nothing is running',
    'is not active but OK',
    'Running OK',
  ])('%j means running', (output) => {
    expect(isRunning(output, '3.0')).toBe(true)
  })

  it.each([
    'RUNNING',
    'ok',
    'not running',
    'NOT running',
    'Not  running',
    'not currently Running; OK',
    'stopped',
    '',
    'not yet\nrunning',
    'Resource is stopped',
  ])('%j means stopped', (output) => {
    expect(isRunning(output, '3.0')).toBe(false)
  })

  it.each(['not running', 'NOT running', 'Not  running'])('in the 1.2 era %j counted as running', (output) => {
    expect(isRunning(output, '1.2')).toBe(true)
  })
})
