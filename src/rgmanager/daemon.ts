/** One node's daemons as one: every observation to the verb that handles it. A switch, no rules: those stand in the files it calls. */
import type { DaemonContext } from '../manager/contract.ts'
import type { Observation } from '../manager/observation.ts'
import { answered, asked } from './answers.ts'
import { centralMasterIs, centralTold } from './central.ts'
import { command, lockStarts } from './commands.ts'
import { serviceEvent } from './events.ts'
import { fenceAnswered, fenceTimer, removeVictim } from './fenced.ts'
import { greeted, joinedDomain, servingChanged } from './greeting.ts'
import { begin, joinWaited, leave, shutdown, tick } from './life.ts'
import { granted, type LockPass, type LockRequest, released, requested } from './locks.ts'
import { check, cycle, takeDiskMessage } from './quorum-disk.ts'
import { takeRecord } from './records.ts'
import { reload } from './reload.ts'
import { beat, type Heard, heardLost, heardOneWay, peerLeft, silence, takeMessage } from './ring.ts'
import type { RgState, ServiceRecord } from './state.ts'
import { callEnded, pauseOver } from './worker.ts'

/** Handles one observation. */
export function handle(state: RgState, observation: Observation, context: DaemonContext): void {
  switch (observation.kind) {
    case 'boot':
      return begin(state, context, observation.generation)
    case 'message':
      if (takeDiskMessage(state, context, observation)) return
      for (const heard of takeMessage(state, context, observation)) hear(state, context, heard)
      return
    case 'result':
      return callEnded(state, context, observation.ticket, observation.result)
    case 'fenced':
      return fenceAnswered(state, context, observation.ticket, observation.ok)
    case 'timer':
      return timer(state, context, observation.name)
    case 'command':
      return command(state, context, observation.words)
    case 'process':
      // The daemon's own monitor reboots the node when it dies (rgmanager(8), option -w); the cluster's other daemons live on.
      if (observation.process === 'rgmanager' && observation.state === 'crashed')
        context.act({ kind: 'reboot', reason: 'rgmanager died and its internal monitor reboots the node' })
      return
    // No agent of RGManager's tells it anything but by its exit code.
    case 'attribute':
    case 'described':
      return
    case 'shutdown':
      return shutdown(state, context)
  }
}

/** Messages come from daemons that run this same code: each type carries what its sender here puts in. */
function hear(state: RgState, context: DaemonContext, { from, type, body }: Heard): void {
  switch (type) {
    case 'ring-lost':
      return heardLost(state, context, from, body)
    case 'hello':
      return greeted(state, context, from, body)
    case 'in-domain':
      return joinedDomain(state, context, from, body)
    case 'serving':
      return servingChanged(state, context, from, body === true)
    case 'fenced':
      return removeVictim(state, context, String(body), `fenced by ${from}`)
    case 'lock':
      return requested(state, context, from, body as LockRequest)
    case 'granted':
      return granted(state, context, from, body as LockPass)
    case 'unlock':
      return released(state, context, from, body as LockPass)
    case 'record':
      return takeRecord(state, context, body as ServiceRecord)
    case 'ask':
      return asked(state, context, from, body)
    case 'answer':
      return answered(state, context, from, body)
    case 'start-lock':
      return lockStarts(state, context, body === true)
    case 'config':
      return reload(state, context, Number(body))
    case 'central-event':
      return centralTold(state, context, body)
    case 'central-master':
      return centralMasterIs(state, context, from)
    case 'leave':
      return peerLeft(state, context, from)
  }
}

function timer(state: RgState, context: DaemonContext, name: string): void {
  const [word = ''] = name.split(' ')
  const argument = name.slice(word.length + 1)
  switch (word) {
    case 'beat':
      return beat(state, context)
    case 'disk-cycle':
      return cycle(state, context)
    case 'heuristic':
      return check(state, context, Number(argument))
    case 'join-wait':
      return joinWaited(state, context)
    case 'silence':
      return silence(state, context, argument)
    case 'one-way':
      return heardOneWay(state, context, argument)
    case 'fence':
      return fenceTimer(state, context)
    case 'tick':
      return tick(state, context)
    case 'service-event':
      return serviceEvent(state, context, argument)
    case 'linger':
      return leave(state, context, 'shutdown')
    case 'pause':
      return pauseOver(state, context, argument)
  }
}
