package io.tradewind.strategyexecutor.domain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A bounded queue with priorities: the most urgent task first, first in first out among equals. A task with a key takes
 * the place of a waiting one with the same key, so that what falls behind sees the latest only. When it is full, a task
 * drives out the newest one of the least urgent priority below its own, or is refused.
 *
 * <p>Pure; one caller at a time.
 */
public final class TaskQueue<T> {

    /** What became of a task that was offered. */
    public enum Offer {
        ADDED,
        /** It took the place of a waiting one with the same key. */
        CONFLATED,
        /** It was added; a less urgent one was dropped for it. */
        DISPLACED,
        /** The queue is full of tasks that are as urgent: it was dropped. */
        REFUSED
    }

    private static final class Slot<T> {
        private final Object key;
        private T task;

        Slot(Object key, T task) {
            this.key = key;
            this.task = task;
        }
    }

    private final int capacity;
    private final NavigableMap<TaskPriority, ArrayDeque<Slot<T>>> lanes = new TreeMap<>();
    private final Map<Object, Slot<T>> byKey = new HashMap<>();
    private int size;

    /** @param capacity tasks that may wait, at least 1 */
    public TaskQueue(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity " + capacity + ": must be at least 1");
        }
        this.capacity = capacity;
        for (TaskPriority priority : TaskPriority.values()) {
            lanes.put(priority, new ArrayDeque<>());
        }
    }

    /**
     * @param key conflates with a waiting task of an equal key; {@code null} for none. One key goes with one priority
     */
    public Offer offer(TaskPriority priority, Object key, T task) {
        Slot<T> waiting = key == null ? null : byKey.get(key);
        if (waiting != null) {
            waiting.task = task;
            return Offer.CONFLATED;
        }
        Offer offer = Offer.ADDED;
        if (size >= capacity) {
            if (dropBelow(priority)) {
                offer = Offer.DISPLACED;
            } else if (priority != TaskPriority.URGENT) {
                return Offer.REFUSED;
            }
        }
        Slot<T> slot = new Slot<>(key, task);
        lanes.get(priority).addLast(slot);
        if (key != null) {
            byKey.put(key, slot);
        }
        size++;
        return offer;
    }

    /** The next task, removed; {@code null} when there is none. */
    public T poll() {
        for (ArrayDeque<Slot<T>> lane : lanes.values()) {
            Slot<T> slot = lane.pollFirst();
            if (slot != null) {
                removed(slot);
                return slot.task;
            }
        }
        return null;
    }

    /** Removes everything that waits, and hands it over, most urgent first. */
    public List<T> clear() {
        List<T> tasks = new ArrayList<>(size);
        for (T task = poll(); task != null; task = poll()) {
            tasks.add(task);
        }
        return tasks;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    private boolean dropBelow(TaskPriority priority) {
        for (ArrayDeque<Slot<T>> lane :
                lanes.tailMap(priority, false).descendingMap().values()) {
            Slot<T> newest = lane.pollLast();
            if (newest != null) {
                removed(newest);
                return true;
            }
        }
        return false;
    }

    private void removed(Slot<T> slot) {
        size--;
        if (slot.key != null) {
            byKey.remove(slot.key);
        }
    }
}
