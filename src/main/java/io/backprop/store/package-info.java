/**
 * What the service keeps: models and trainings in a database, SQLite in a file of its own or PostgreSQL, by the same SQL.
 * {@code JdbcModelStore} and {@code JdbcTrainingStore} are behind the ports of {@code model} and {@code training}; the
 * classes that end in {@code Document} and {@code Format} are how things are written down, and all can be read for ever:
 * whoever changes one adds a format number and keeps reading the old. Rows that can't be read are reported in the log and
 * passed over; a database that can't be opened, or was written by a newer version, ends the start with a sentence about
 * what to do. What is large about a training is written a few MiB in a transaction, so that nobody waits long for the one
 * connection that writes to SQLite, and is nobody's until it is whole; {@code TrainingContents} removes what is left over.
 *
 * <p>db-scheduler hands out the trainings. Its table has their keys and nothing else, and changes in the transactions in
 * which they do. Which process works at a training is told by the training's row: {@code lease} grows each time one takes
 * it, and all that is written for it names the lease. That a model is in training is told by its own row, so that nobody
 * else publishes meanwhile. A process is taken for dead after 4 heartbeats of 4 s, not of 5: db-scheduler looks only at
 * every second one, and another process is to go on within 30 s.
 */
@NullMarked
package io.backprop.store;

import org.jspecify.annotations.NullMarked;
