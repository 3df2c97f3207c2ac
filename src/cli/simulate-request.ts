/**
 * What options ask for: of the simulation, and of its text.
 *
 * One option implies another as in the original. Source: spec D-1, D-2.1.
 */
import type { SimulationRequest } from '../crmsim/simulation.ts'
import type { TextOptions } from '../crmsim/simulation-text.ts'
import type { SimulateFlags } from './simulate-options.ts'

/** The request. `time` is the instant that `-t` means, if any. */
export function toRequest(flags: SimulateFlags, time: number | undefined): SimulationRequest {
  const executes = flags.simulate === true || flags.inPlace === true || (flags.opFail?.length ?? 0) > 0
  const showScores = flags.showScores === true
  const showUtilization = flags.showUtilization === true
  const hasFiles = flags.saveGraph !== undefined || flags.saveDotfile !== undefined
  return {
    schedules: executes || flags.run === true || showScores || showUtilization || hasFiles,
    executes,
    showScores,
    showUtilization,
    injections: {
      quorum: flags.quorum,
      watchdog: flags.watchdog,
      nodesUp: flags.nodeUp ?? [],
      nodesDown: flags.nodeDown ?? [],
      nodesFailed: flags.nodeFail ?? [],
      ticketsGranted: flags.ticketGrant ?? [],
      ticketsRevoked: flags.ticketRevoke ?? [],
      ticketsStandby: flags.ticketStandby ?? [],
      ticketsActivated: flags.ticketActivate ?? [],
      operations: flags.opInject ?? [],
    },
    failures: flags.opFail ?? [],
    time,
  }
}

/** How a run is shown. */
export function toTextOptions(flags: SimulateFlags): TextOptions {
  const showScores = flags.showScores === true
  const showUtilization = flags.showUtilization === true
  return {
    isFancy: flags.textFancy === true || (!showScores && !showUtilization),
    isQuiet: flags.quiet === true,
    timeText: flags.setDatetime,
    showScores,
    showUtilization,
    showAttributes: flags.showAttrs === true,
    showFailcounts: flags.showFailcounts === true,
    localTime,
  }
}

/** `Www Mmm dd hh:mm:ss yyyy` in the host's time zone. Source: spec D-5.2. */
export function localTime(at: number): string {
  const date = new Date(at * 1000)
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0'))
  const [day, month, number] = date.toDateString().split(' ')
  return `${day} ${month} ${String(Number(number)).padStart(2, ' ')} ${time.join(':')} ${date.getFullYear()}`
}
