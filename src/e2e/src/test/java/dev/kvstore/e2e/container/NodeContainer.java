package dev.kvstore.e2e.container;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports.Binding;
import dev.kvstore.testkit.process.FreePorts;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** One node in a container, as little privileged as on Kubernetes; its port on this machine survives restarts. */
class NodeContainer extends GenericContainer<NodeContainer> {
    private final int port = FreePorts.one();

    NodeContainer(String image, String name, Map<String, String> settings) {
        super(DockerImageName.parse(image));
        withLabels(NodeImage.labels());
        withEnv("KVSTORE_NAME", name);
        withEnv(settings);
        withTmpFs(Map.of("/tmp", "rw"));
        withCreateContainerCmdModifier(command -> {
            HostConfig host = Objects.requireNonNull(command.getHostConfig());
            host.withReadonlyRootfs(true)
                    .withCapDrop(Capability.ALL)
                    .withSecurityOpts(List.of("no-new-privileges"))
                    .withPortBindings(new PortBinding(
                            Binding.bindIpAndPort("127.0.0.1", port), ExposedPort.tcp(NodeImage.HTTP_PORT)));
        });
        withExposedPorts(NodeImage.HTTP_PORT);
    }

    URI baseUrl() {
        return URI.create("http://localhost:" + port);
    }
}
