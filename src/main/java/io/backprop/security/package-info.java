/**
 * Who may call the service: keys with their scopes, the rates of clients, and the hosts and origins that browsers may use. Also
 * the permissions of the files that the service creates.
 */
@NullMarked
package io.backprop.security;

import org.jspecify.annotations.NullMarked;
