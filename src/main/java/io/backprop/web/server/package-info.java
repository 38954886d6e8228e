/**
 * The HTTP server: limits on bodies, content encodings, and responses to requests that reach no controller.
 *
 * <p>Request threads are platform threads on every JDK. A virtual thread that decodes or computes keeps its carrier, of
 * which there are as many as processors, so that a few large requests would keep all others waiting; platform threads
 * are preempted by the operating system. They also bound the requests in progress.
 */
@NullMarked
package io.backprop.web.server;

import org.jspecify.annotations.NullMarked;
