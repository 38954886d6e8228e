/**
 * Training and scoring of tables on Apache Spark. Spark is the transport and the scheduler; all numbers come from the engine, so
 * that a cluster of any size computes the same bits as one machine. Only ordinary jobs are used: no barrier stage, no sockets
 * between executors, and no accumulators for numbers, whose order of additions would depend on the order of tasks.
 */
@NullMarked
package io.backprop.spark;

import org.jspecify.annotations.NullMarked;
