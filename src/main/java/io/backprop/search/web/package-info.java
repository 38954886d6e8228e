/** Searches over HTTP. A search is also a training, of kind search, which the operations of trainings follow and cancel. */
@NullMarked
package io.backprop.search.web;

import org.jspecify.annotations.NullMarked;
