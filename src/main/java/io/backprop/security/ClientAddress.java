package io.backprop.security;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Finds which requests come from the same client by their addresses. */
final class ClientAddress {

    private static final int MAX_IPV4_LENGTH = 15;

    /** What {@link InetAddress} parses without asking a name server. */
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:][0-9a-fA-F:.]{1,44}");

    private static final Object OTHER = "other";

    private ClientAddress() {}

    /**
     * Returns what identifies a client: an IPv4 address, also one that is mapped to IPv6, or the /64 network of an IPv6
     * address, because it is assigned to a client as a whole. What is no address, such as {@code unknown} in a header of a
     * proxy, is one client.
     *
     * @param address a literal without a port; the scope of an IPv6 address is ignored
     */
    static Object of(String address) {
        if (address.indexOf(':') < 0) {
            return address.length() <= MAX_IPV4_LENGTH ? address : OTHER;
        }
        long network = network(address);
        return network == 0 ? parse(address) : network;
    }

    /**
     * Returns the first half of an IPv6 address in the form that sockets have, without {@code ::}, or 0 for any other. {@link
     * InetAddress} takes six times as long.
     */
    private static long network(String address) {
        long network = 0;
        int start = 0;
        for (int group = 0; group < 4; group++) {
            int end = address.indexOf(':', start);
            if (end <= start || end > start + 4) {
                return 0;
            }
            try {
                network = network << 16 | HexFormat.fromHexDigits(address, start, end);
            } catch (NumberFormatException e) {
                return 0;
            }
            start = end + 1;
        }
        return network;
    }

    private static Object parse(String address) {
        int scope = address.indexOf('%');
        String literal = scope < 0 ? address : address.substring(0, scope);
        if (!IPV6.matcher(literal).matches()) {
            return OTHER;
        }
        try {
            InetAddress parsed = InetAddress.getByName(literal);
            return parsed instanceof Inet6Address
                    ? ByteBuffer.wrap(parsed.getAddress()).getLong()
                    : parsed.getHostAddress();
        } catch (UnknownHostException e) {
            return OTHER;
        }
    }
}
