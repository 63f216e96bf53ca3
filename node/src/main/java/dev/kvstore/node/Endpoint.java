package dev.kvstore.node;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;

/** A host and a port, as a user writes them. */
record Endpoint(String host, int port) {
    /** The port for members is so much above that for clients, unless it is given. */
    static final int PEER_PORT_DISTANCE = 10_000;

    private static final int MAX_PORT = 65_535;

    /** Text as {@code localhost:8001} or {@code [::1]:8001}. */
    static Endpoint parse(String text, String what) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || !text.substring(colon + 1).matches("\\d{1,5}")) {
            throw UserError.usage(what + " '" + text + "' is not host:port, for example localhost:8002");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw UserError.usage(what + " '" + text + "': write an IPv6 address in brackets, as [::1]:8002");
        }
        return new Endpoint(host, checkedPort(Integer.parseInt(text.substring(colon + 1)), what));
    }

    /** The endpoint for members that belongs to this one for clients, written as {@code host:port} or {@code host:port/port}. */
    static Endpoint parsePeer(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            Endpoint clients = parse(text, "the peer");
            return new Endpoint(clients.host(), peerPort(clients.port(), "the peer " + text));
        }
        Endpoint clients = parse(text.substring(0, slash), "the peer");
        String port = text.substring(slash + 1);
        if (!port.matches("\\d{1,5}")) {
            throw UserError.usage("the peer '" + text + "' is not host:port or host:port/peer-port");
        }
        return new Endpoint(clients.host(), checkedPort(Integer.parseInt(port), "the peer"));
    }

    /** The port for members that belongs to a port for clients. */
    static int peerPort(int port, String what) {
        if (port + PEER_PORT_DISTANCE > MAX_PORT) {
            throw UserError.usage(what + ": the port for members would be " + port + " + " + PEER_PORT_DISTANCE
                    + ", which is no port; use a lower one, or give the port for members");
        }
        return port + PEER_PORT_DISTANCE;
    }

    /** The port if it is one. */
    static int checkedPort(int port, String what) {
        if (port < 1 || port > MAX_PORT) {
            throw UserError.usage(what + ": " + port + " is no port; a port is from 1 to " + MAX_PORT);
        }
        return port;
    }

    /** Finds out whether this process could listen here, and stops listening at once. */
    void requireFree(String what) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw UserError.unable(
                    "the host '" + host + "' is not known on this machine; give one that is, or the address to bind");
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (BindException e) {
            throw UserError.unable(what + " " + port + " on " + host + " cannot be used (" + e.getMessage()
                    + "): stop whoever listens there ('ss -ltnp' tells), or choose another");
        } catch (SocketException e) {
            throw UserError.unable(what + " " + port + " on " + host + " cannot be used (" + e.getMessage()
                    + "): choose another, or another address to bind");
        } catch (IOException e) {
            throw UserError.unable(what + " " + port + " on " + host + " cannot be used: " + e.getMessage());
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
