/**
 * The event loop: the only place where virtual time moves. It owns the clock and the queue and calls one handler for each event;
 * it knows nothing of what the events mean. Every run is bounded twice: by an instant and by a number of events.
 */
import { invariant } from './invariant.ts'
import { EventQueue, type QueueSnapshot } from './queue.ts'
import type { Millis } from './time.ts'

/** The bounds of a run: it ends before the first event later than `until`, or when `eventsMax` events have been handled. */
export interface LoopLimits {
  readonly until: Millis
  readonly eventsMax: number
}

/** Why a loop returned: nothing waits, the time is up, or the number of events is used up. */
export type StopReason = 'idle' | 'time-limit' | 'event-limit'

/** A loop's state as plain data. */
export interface LoopSnapshot<Event> {
  readonly now: Millis
  readonly handled: number
  readonly queue: QueueSnapshot<Event>
}

/** Handles events in order of time until a limit is met. One owner; never handed out. */
export class Loop<Event> {
  readonly #handle: (event: Event) => void
  #queue = new EventQueue<Event>()
  #now: Millis = 0
  #handled = 0

  constructor(handle: (event: Event) => void) {
    this.#handle = handle
  }

  /** The instant of the event being handled, or of the last one. */
  get now(): Millis {
    return this.#now
  }

  /** How many events have been handled since the run began. */
  get handled(): number {
    return this.#handled
  }

  /** Schedules `event` at an instant that is not in the past. Returns the handle by which {@link cancel} takes it back. */
  schedule(at: Millis, event: Event, priority = 0): number {
    this.#check(at)
    return this.#queue.push(at, priority, event)
  }

  #check(at: Millis): void {
    if (Number.isSafeInteger(at) && this.#now <= at) return
    invariant(false, `an event is scheduled at a whole instant from now on, not at ${at}`)
  }

  /** Takes back an event that has not been handled yet; a timer's, where it waits. */
  cancel(handle: number): void {
    this.#queue.cancel(handle)
  }

  /** Gives a place in the queue for a timer, which is set again and again. Returns the handle for {@link set}, good until {@link disown}. */
  own(): number {
    return this.#queue.own()
  }

  /** Has a timer's event come at an instant that is not in the past, and no more when it was to come before. */
  set(handle: number, at: Millis, event: Event): void {
    this.#check(at)
    this.#queue.set(handle, at, event)
  }

  /** Gives a timer's place up. */
  disown(handle: number): void {
    this.#queue.disown(handle)
  }

  /** The instant of the next event, or undefined when none waits. */
  next(): Millis | undefined {
    return this.#queue.peek()?.at
  }

  /** Handles events until a limit is met and says which one it was. Can be called again with wider limits. */
  run(limits: LoopLimits): StopReason {
    for (;;) {
      const next = this.#queue.peek()
      if (next === undefined) return 'idle'
      if (next.at > limits.until) return 'time-limit'
      if (limits.eventsMax <= this.#handled) return 'event-limit'

      const { at, event } = next
      this.#queue.drop()
      invariant(this.#now <= at, 'virtual time never runs backwards')
      this.#now = at
      this.#handled += 1
      this.#handle(event)
    }
  }

  /** The clock and the waiting events, for a fork or a store. */
  snapshot(): LoopSnapshot<Event> {
    return { now: this.#now, handled: this.#handled, queue: this.#queue.snapshot() }
  }

  /** Puts clock and queue where `snapshot` was taken. */
  restore(snapshot: LoopSnapshot<Event>): void {
    this.#now = snapshot.now
    this.#handled = snapshot.handled
    this.#queue = EventQueue.restore(snapshot.queue)
  }
}
