package dev.kvstore.operator.resources;

import dev.kvstore.operator.api.KVCluster;
import dev.kvstore.operator.api.KVClusterSpec;
import dev.kvstore.operator.api.PodOptions;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The nodes' pods, as the restricted Pod Security Standard wants them. */
final class NodePods {
    private static final String TMP = "tmp";
    private static final long USER = 10001;
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final String HOST = "kubernetes.io/hostname";

    /** A stop answers for some seconds more, hands primaries over and closes the store. */
    private static final long GRACE_PERIOD_S = 60;

    private NodePods() {}

    static PodTemplateSpec template(KVCluster cluster, String defaultImage) {
        ObjectNames names = ObjectNames.of(cluster);
        KVClusterSpec spec = cluster.getSpec();
        PodOptions pod = Objects.requireNonNullElse(spec.pod(), PodOptions.NONE);
        Map<String, String> labels = new TreeMap<>(pod.labels());
        labels.putAll(names.labels());
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels)
                .withAnnotations(pod.annotations())
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(names.nodes())
                .withAutomountServiceAccountToken(true)
                // a Service named kvstore would otherwise set KVSTORE_PORT
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(GRACE_PERIOD_S)
                .withSecurityContext(podSecurity())
                .withNodeSelector(pod.nodeSelector())
                .withAffinity(Objects.requireNonNullElseGet(pod.affinity(), () -> apart(names)))
                .withTolerations(pod.tolerations())
                .withTopologySpreadConstraints(
                        pod.topologySpreadConstraints().isEmpty()
                                ? List.of(spread(names))
                                : pod.topologySpreadConstraints())
                .withPriorityClassName(pod.priorityClassName())
                .withContainers(container(names, spec, pod, defaultImage))
                .withVolumes(temporary())
                .endSpec()
                .build();
    }

    private static Container container(ObjectNames names, KVClusterSpec spec, PodOptions pod, String defaultImage) {
        String image = spec.image();
        return new ContainerBuilder()
                .withName(ObjectNames.CONTAINER)
                .withImage(image == null || image.isEmpty() ? defaultImage : image)
                .withImagePullPolicy(spec.imagePullPolicy().name())
                .addNewPort()
                .withName(ObjectNames.HTTP)
                .withContainerPort(ObjectNames.HTTP_PORT)
                .withProtocol("TCP")
                .endPort()
                .addNewPort()
                .withName(ObjectNames.PEER)
                .withContainerPort(ObjectNames.PEER_PORT)
                .withProtocol("TCP")
                .endPort()
                .withEnv(environment(names, pod.env()))
                .withResources(Objects.requireNonNullElseGet(spec.resources(), NodePods::smallResources))
                .withVolumeMounts(
                        new VolumeMountBuilder()
                                .withName(ObjectNames.DATA)
                                .withMountPath("/data")
                                .build(),
                        new VolumeMountBuilder()
                                .withName(TMP)
                                .withMountPath("/tmp")
                                .build())
                // a start may wait for the lock of a predecessor and then reads its log
                .withStartupProbe(probe("/q/health/started", 2, 150))
                .withLivenessProbe(probe("/q/health/live", 10, 3))
                .withReadinessProbe(probe("/q/health/ready", 2, 2))
                .withSecurityContext(containerSecurity())
                .build();
    }

    private static List<EnvVar> environment(ObjectNames names, List<EnvVar> more) {
        List<EnvVar> environment = new ArrayList<>(List.of(
                field("KVSTORE_NAME", "metadata.name"),
                field("KVSTORE_KUBERNETES_NAMESPACE", "metadata.namespace"),
                field("KVSTORE_INSTANCE", "metadata.uid"),
                // the two before are expanded by the kubelet
                value("KVSTORE_HOST", "$(KVSTORE_NAME)." + names.peers() + ".$(KVSTORE_KUBERNETES_NAMESPACE).svc"),
                value("KVSTORE_BIND", "0.0.0.0"),
                value("KVSTORE_PORT", String.valueOf(ObjectNames.HTTP_PORT)),
                value("KVSTORE_DATA", "/data"),
                value("KVSTORE_LINGER", "5s"),
                value("KVSTORE_DATA_LOCK_WAIT", "60s"),
                value("KVSTORE_KUBERNETES_LEASE", names.lease()),
                value("KVSTORE_KUBERNETES_RING", names.ring()),
                value("KVSTORE_KUBERNETES_CONFIG", names.config()),
                value("KVSTORE_PEERS_DOMAIN", names.peers() + "." + names.namespace() + ".svc")));
        Set<String> taken =
                environment.stream().map(EnvVar::getName).collect(Collectors.toCollection(LinkedHashSet::new));
        more.stream().filter(each -> taken.add(each.getName())).forEach(environment::add);
        return environment;
    }

    private static EnvVar field(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef("v1", path)
                .endValueFrom()
                .build();
    }

    private static EnvVar value(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    /** Small requests and no limit of CPU: a store that is throttled misses its heartbeats. */
    private static ResourceRequirements smallResources() {
        return new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity("100m"))
                .addToRequests("memory", new Quantity("512Mi"))
                .addToLimits("memory", new Quantity("1Gi"))
                .build();
    }

    private static Probe probe(String path, int periodS, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withPort(new IntOrString(ObjectNames.HTTP))
                .withScheme("HTTP")
                .endHttpGet()
                .withPeriodSeconds(periodS)
                .withTimeoutSeconds(3)
                .withFailureThreshold(failures)
                .withSuccessThreshold(1)
                .build();
    }

    private static PodSecurityContext podSecurity() {
        return new PodSecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .build();
    }

    private static SecurityContext containerSecurity() {
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withPrivileged(false)
                .withReadOnlyRootFilesystem(true)
                .withRunAsNonRoot(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .build();
    }

    /** Unpacked native libraries and what else a JVM leaves there. */
    private static Volume temporary() {
        return new VolumeBuilder()
                .withName(TMP)
                .withNewEmptyDir()
                .withSizeLimit(new Quantity("256Mi"))
                .endEmptyDir()
                .build();
    }

    private static Affinity apart(ObjectNames names) {
        return new AffinityBuilder()
                .withNewPodAntiAffinity()
                .addNewPreferredDuringSchedulingIgnoredDuringExecution()
                .withWeight(100)
                .withNewPodAffinityTerm()
                .withTopologyKey(HOST)
                .withNewLabelSelector()
                .withMatchLabels(names.selector())
                .endLabelSelector()
                .endPodAffinityTerm()
                .endPreferredDuringSchedulingIgnoredDuringExecution()
                .endPodAntiAffinity()
                .build();
    }

    private static TopologySpreadConstraint spread(ObjectNames names) {
        return new TopologySpreadConstraintBuilder()
                .withMaxSkew(1)
                .withTopologyKey(ZONE)
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withNewLabelSelector()
                .withMatchLabels(names.selector())
                .endLabelSelector()
                .build();
    }
}
