package io.backprop.web.server;

import java.io.IOException;
import java.util.List;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** The connections of the server's clients, by the ids that their requests tell. */
@Component
public class Connections implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
    /*
     * Closing a connection does not wake the thread that waits for the client to read: only the write timeout would, and
     * meanwhile the server can't stop. A socket that takes nothing more does, since then each write fails.
     */

    private static final Logger log = LoggerFactory.getLogger(Connections.class);

    private volatile @Nullable Protocol protocol;

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.setProtocol(Protocol.class.getName());
        factory.addConnectorCustomizers(connector -> protocol = (Protocol) connector.getProtocolHandler());
    }

    /** Lets whatever is being written to the client fail now. */
    public void hangUp(String id) {
        Protocol current = protocol;
        if (current == null) {
            return;
        }
        try {
            for (NioChannel channel : current.channels(id)) {
                channel.getIOChannel().shutdownOutput();
            }
        } catch (IOException e) {
            log.debug("Connection {} was closed already: {}", id, e.getMessage());
        }
    }

    /** Tomcat's own, which shows its connections to nobody else. */
    public static final class Protocol extends Http11NioProtocol {

        /** None if the connection is closed. */
        private List<NioChannel> channels(String id) {
            return getEndpoint().getConnections().stream()
                    .filter(connection -> idOf(connection).equals(id))
                    .map(SocketWrapperBase::getSocket)
                    .toList();
        }

        private static String idOf(SocketWrapperBase<NioChannel> connection) {
            return connection.getServletConnection("http/1.1", "").getConnectionId();
        }
    }
}
