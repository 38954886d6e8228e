/**
 * What the service keeps: models in a database, SQLite in a file of its own or PostgreSQL, by the same SQL. {@code
 * JdbcModelStore} is behind the port of {@code model}; {@code ModelDocument} and {@code ParametersFormat} are how a
 * version is written down, and both can be read for ever: whoever changes one adds a format number and keeps reading the
 * old. Rows that can't be read are reported in the log and passed over; a database that can't be opened, or was written by
 * a newer version, ends the start with a sentence about what to do.
 */
@NullMarked
package io.backprop.store;

import org.jspecify.annotations.NullMarked;
