package dev.kvstore.testkit.fault;

import dev.kvstore.testkit.process.Host;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network of its own for each node (a Linux network namespace), all joined by a switch, so that what one node sends to
 * another can be dropped on the way. This process reaches every node, whatever is cut. It takes root, {@code ip} and
 * {@code iptables}. One at a time in a process.
 */
public final class NodeNetwork implements AutoCloseable {

    private static final int SUBNETS = 250;
    private static final int OWN_HOST = 254;

    private final String id;
    private final String subnet;
    private final Map<String, Integer> hosts = new LinkedHashMap<>();
    private final List<String> namespaces = new ArrayList<>();

    private NodeNetwork(List<String> nodes) {
        long pid = ProcessHandle.current().pid();
        this.id = "kv" + pid % 100_000;
        this.subnet = "10.231." + pid % SUBNETS;
        for (String node : nodes) {
            hosts.put(node, hosts.size() + 1);
        }
    }

    /**
     * Makes a network.
     *
     * @param nodes the nodes' names
     * @return the network, in which everybody reaches everybody
     * @throws IOException when it cannot be made here; the message says why
     * @throws InterruptedException when the caller is interrupted
     */
    public static NodeNetwork create(List<String> nodes) throws IOException, InterruptedException {
        NodeNetwork network = new NodeNetwork(nodes);
        boolean made = false;
        try {
            network.make();
            made = true;
            return network;
        } finally {
            if (!made) {
                network.close();
            }
        }
    }

    private void make() throws IOException, InterruptedException {
        String hub = namespace("hub");
        in(hub, "ip", "link", "add", "switch", "type", "bridge");
        in(hub, "ip", "link", "set", "switch", "up");
        plug(hub, "", OWN_HOST);
        for (Map.Entry<String, Integer> each : hosts.entrySet()) {
            plug(hub, namespace(each.getKey()), each.getValue());
        }
    }

    private String namespace(String name) throws IOException, InterruptedException {
        String namespace = id + "-" + name;
        Shell.run("ip", "netns", "add", namespace);
        namespaces.add(namespace);
        in(namespace, "ip", "link", "set", "lo", "up");
        return namespace;
    }

    /** A cable from the switch to a namespace, or to this process' own network when that has no name. */
    private void plug(String hub, String namespace, int host) throws IOException, InterruptedException {
        String near = id + "n" + host;
        String far = id + "f" + host;
        Shell.run("ip", "link", "add", near, "type", "veth", "peer", "name", far);
        Shell.run("ip", "link", "set", far, "netns", hub);
        in(hub, "ip", "link", "set", far, "master", "switch", "up");
        if (!namespace.isEmpty()) {
            Shell.run("ip", "link", "set", near, "netns", namespace);
        }
        in(namespace, "ip", "address", "add", subnet + "." + host + "/24", "dev", near);
        in(namespace, "ip", "link", "set", near, "up");
    }

    /**
     * Where a node is to run.
     *
     * @param node its name
     * @return its address, and the command that runs a program there
     */
    public Host host(String node) {
        return new Host(address(node), List.of("ip", "netns", "exec", id + "-" + node));
    }

    /**
     * Drops every packet on the way from one node to another. The answers to what the other sends are such packets, too.
     *
     * @param from who sends
     * @param to who no longer receives
     * @throws IOException when that fails
     * @throws InterruptedException when the caller is interrupted
     */
    public void cut(String from, String to) throws IOException, InterruptedException {
        in(id + "-" + to, "iptables", "-w", "-A", "INPUT", "-s", address(from), "-j", "DROP");
    }

    /**
     * Drops what a node sends to a port of another, so that the other no longer hears it, while it still hears the other.
     *
     * @param from who is no longer heard
     * @param to who does not hear
     * @param port where the other listens
     * @throws IOException when that fails
     * @throws InterruptedException when the caller is interrupted
     */
    public void mute(String from, String to, int port) throws IOException, InterruptedException {
        in(
                id + "-" + to,
                "iptables",
                "-w",
                "-A",
                "INPUT",
                "-s",
                address(from),
                "-p",
                "tcp",
                "--dport",
                String.valueOf(port),
                "-j",
                "DROP");
    }

    /**
     * Cuts a node off from all others, both ways.
     *
     * @param node who
     * @throws IOException when that fails
     * @throws InterruptedException when the caller is interrupted
     */
    public void isolate(String node) throws IOException, InterruptedException {
        for (String other : hosts.keySet()) {
            if (!other.equals(node)) {
                cut(node, other);
                cut(other, node);
            }
        }
    }

    /**
     * Undoes every cut.
     *
     * @throws IOException when that fails
     * @throws InterruptedException when the caller is interrupted
     */
    public void heal() throws IOException, InterruptedException {
        for (String node : hosts.keySet()) {
            in(id + "-" + node, "iptables", "-w", "-F", "INPUT");
        }
    }

    private String address(String node) {
        return subnet + "." + hosts.get(node);
    }

    private static void in(String namespace, String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(namespace.isEmpty() ? List.of() : List.of("ip", "netns", "exec", namespace));
        all.addAll(List.of(command));
        Shell.run(all.toArray(String[]::new));
    }

    /** Removes it. Processes that still run in it keep running, without a network. */
    @Override
    public void close() throws IOException {
        try {
            for (String namespace : namespaces) {
                Shell.run("ip", "netns", "delete", namespace);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
