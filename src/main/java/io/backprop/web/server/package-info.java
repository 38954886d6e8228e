/**
 * The HTTP server: limits on bodies, content encodings, and responses to requests that reach no controller.
 */
@NullMarked
package io.backprop.web.server;

import org.jspecify.annotations.NullMarked;
