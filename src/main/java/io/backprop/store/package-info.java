/**
 * JDBC adapters of the ports of {@code model}, {@code prediction} and {@code training}. Models and trainings are stored in a database, a
 * SQLite file or PostgreSQL, by the same SQL. Every acknowledged change is durable.
 *
 * <p>A corrupt row is logged; lists skip it, and other uses of a corrupt version are refused, so that an earlier one can be
 * restored. A training with corrupt data fails, which frees its model. A SQLite file whose structure is damaged is only
 * read. A database that cannot be opened, or whose schema has another origin, prevents the start, with an explanation.
 *
 * <p>{@link io.backprop.store.Transactions} translates the errors of the databases, which {@code sql-error-codes.xml}
 * classifies, into the exceptions of the ports. What removes or ends something is written even if the disk is full.
 *
 * <p>An older process works beside a newer one, on the schema that the newer one has migrated (ExpandedSchemaTests).
 * Therefore a migration only expands the schema: new tables and indexes, and new columns that may be null or have a
 * default. What is no longer used is removed by a migration of a later release, when no process that uses it is left.
 * A training with a document or data in a newer format is left to newer processes; every format keeps the place of its
 * version and checksum.
 *
 * <p>Large payloads are written in transactions of a few MiB and attached to their version or training once complete, so
 * that no one waits long for the only connection that writes to SQLite. Removing a model, version or training detaches
 * them in one short transaction; {@link io.backprop.store.BlobStore} deletes what is detached in the background.
 *
 * <p>db-scheduler assigns trainings to workers. Its table holds only the ids of trainings and changes in the same
 * transactions as they do. Which process works on a training is decided by the training's row: {@code lease} is
 * incremented each time a process leases the training, and every write names its lease. A replica wrongly presumed dead
 * cannot publish, because its lease has been superseded. The model's row says that the model is in training, so that no
 * one else publishes a version meanwhile.
 *
 * <p>No scheduler has trainings of tables that drivers read, because drivers ask for them. {@code claimed_until} says how long
 * the driver that has leased one is not taken for dead; each sign of life extends it. Scorings of tables are claimed likewise;
 * as long as one is queued or running, the version of the model that it uses is not deleted.
 *
 * <p>Parts of trainings have rows, leases, and a queue of their own, with threads of their own, so that a training never
 * waits for the parts of another one. The id of a part is that of its training and its number.
 *
 * <p>A training that cannot be read at the moment, because the database is unavailable or its format is newer, is tried
 * again after 1, 2, 4 s and so on, up to a minute; this is not counted. An attempt is counted if the process is killed, loses
 * its database or runs out of memory before the next checkpoint. After an attempt without enough memory, the next one comes
 * after half a minute or more. After five such attempts in sequence, the training has failed. Until then it goes behind the
 * others, and its first checkpoint comes after a second, so that frequent restarts do not fail a training that does not cause
 * them. All times that processes compare are those of {@link io.backprop.store.DatabaseClock}.
 */
@NullMarked
package io.backprop.store;

import org.jspecify.annotations.NullMarked;
