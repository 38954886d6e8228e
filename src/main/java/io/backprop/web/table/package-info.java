/**
 * Tables as request bodies: CSV, NDJSON and rows in JSON, with their options in the query.
 */
@NullMarked
package io.backprop.web.table;

import org.jspecify.annotations.NullMarked;
