/**
 * Models over HTTP: describe, look at, delete; predict, evaluate, measure importances; parameters in and out, and earlier
 * versions of them. Requests check their shape and translate themselves; rows of a table are read by whoever answers them,
 * when nothing else can be wrong with the request.
 */
@NullMarked
package io.backprop.model.web;

import org.jspecify.annotations.NullMarked;
