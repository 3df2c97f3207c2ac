/** The instant that rules and time-outs are judged at. */

export interface Clock {
  /** Epoch seconds. */
  readonly now: number
}

/** A clock that knows whether anybody looked: what was found out without looking holds at any other instant too. */
export interface WatchedClock extends Clock {
  /** True from the first look at the time on. */
  readonly isRead: boolean
}

/** A clock that stands at `now`, in epoch seconds, and that nobody has looked at. */
export function watchClock(now: number): WatchedClock {
  let isRead = false
  return {
    get now() {
      isRead = true
      return now
    },
    get isRead() {
      return isRead
    },
  }
}
