/** Who may call the service: keys with their scopes, and the hosts and origins that browsers may use. */
@NullMarked
package io.backprop.security;

import org.jspecify.annotations.NullMarked;
