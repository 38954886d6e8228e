package io.backprop.security;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The names by which a service that needs no key may be called. They match exactly, with any port. */
final class AllowedHosts {

    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "[::1]");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*\\.?|\\[[0-9A-Fa-f:.]+]");

    private final Set<String> names;

    /**
     * Creates the names of the loopback interface and the given ones.
     *
     * @param address the address on which the service listens, such as 127.0.0.2
     */
    AllowedHosts(List<String> additional, @Nullable InetAddress address) {
        names = Stream.of(LOOPBACK, additional, address == null ? List.<String>of() : List.of(literal(address)))
                .flatMap(List::stream)
                .map(name -> canonical(nameOf(name)))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns an address as the host of a URL. */
    static String literal(InetAddress address) {
        return address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
    }

    static void requireName(String name) {
        requireArgument(
                NAME.matcher(name).matches(),
                "backprop.security.hosts must list names like models.example.com, without scheme, port and wildcards,"
                        + " and IPv6 addresses in brackets, but was %s",
                name);
    }

    /** Whether the names contain that of a {@code Host} header, whose port is ignored. */
    boolean contain(String host) {
        String name = nameOf(host);
        return names.contains(name) || (name.startsWith("[") && names.contains(canonical(name)));
    }

    /** Returns the name in lower case without port and without the dot that ends an absolute name. */
    private static String nameOf(String host) {
        int colon = host.lastIndexOf(':');
        String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
        return (name.endsWith(".") ? name.substring(0, name.length() - 1) : name).toLowerCase(Locale.ROOT);
    }

    /** Returns the only form of an IPv6 address, which does not depend on how it is abbreviated. */
    private static String canonical(String name) {
        if (!name.startsWith("[")) {
            return name;
        }
        try {
            return InetAddress.getByName(name).getHostAddress(); // of an address in brackets, which is not looked up
        } catch (UnknownHostException e) {
            return name;
        }
    }
}
