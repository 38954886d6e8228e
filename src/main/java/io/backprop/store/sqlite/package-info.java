/**
 * The SQLite database that is used unless {@code spring.datasource.url} names another one: connections, the lock that
 * makes this process its only user, disk space, damage, backups, the native library and db-scheduler's SQL dialect.
 */
@NullMarked
package io.backprop.store.sqlite;

import org.jspecify.annotations.NullMarked;
