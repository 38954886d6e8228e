/** Server-sent events. A stream occupies no thread, and a client that does not read delays nobody. */
@NullMarked
package io.backprop.web.events;

import org.jspecify.annotations.NullMarked;
