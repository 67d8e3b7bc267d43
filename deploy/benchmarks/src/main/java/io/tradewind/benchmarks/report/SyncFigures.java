package io.tradewind.benchmarks.report;

import org.HdrHistogram.Histogram;

/**
 * How far Postgres was behind, during the measured part, as db-sync said four times a second.
 *
 * @param lagMs of each look; while Postgres is away and until it has caught up, it is not looked at
 * @param awayS how long Postgres was made to stand still; 0 when it was not
 * @param caughtUpMs from the moment that Postgres went on until it was behind by less than a second; -1 when it never was
 * @param awayLagMs the most that it was behind by then
 */
public record SyncFigures(Histogram lagMs, int awayS, long caughtUpMs, long awayLagMs) {}
