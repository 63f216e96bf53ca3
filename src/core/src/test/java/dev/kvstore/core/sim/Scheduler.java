package dev.kvstore.core.sim;

import java.util.PriorityQueue;

/** Virtual time: events in the order of their times, those of one time in the order in which they were made. */
final class Scheduler {
    private record Event(long atUs, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atUs, other.atUs);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nowUs;
    private long numbers;
    private long executed;

    /** Virtual time in microseconds. */
    long nowUs() {
        return nowUs;
    }

    long nowMs() {
        return nowUs / 1_000;
    }

    long executed() {
        return executed;
    }

    void after(long delayUs, Runnable action) {
        events.add(new Event(nowUs + Math.max(0, delayUs), numbers++, action));
    }

    /** Executes the next event if it is due by then; otherwise time goes on until then and nothing happens. */
    boolean step(long untilUs) {
        Event next = events.peek();
        if (next == null || next.atUs() > untilUs) {
            nowUs = untilUs;
            return false;
        }
        events.poll();
        nowUs = next.atUs();
        executed++;
        next.action().run();
        return true;
    }
}
