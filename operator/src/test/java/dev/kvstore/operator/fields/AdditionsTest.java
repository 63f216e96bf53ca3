package dev.kvstore.operator.fields;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AdditionsTest {
    private static final String OPERATOR = "kvstore-operator";
    private static final String APPLIED = entry(
            OPERATOR,
            "Apply",
            "{'f:spec':{'f:replicas':{},'f:template':{'f:spec':{'f:containers':"
                    + "{'k:{\\'name\\':\\'node\\'}':{'.':{},'f:name':{},'f:image':{}}}}}}}");

    @Test
    void variableAndSidecarOfSomebodyElseAreTakenOver() {
        Additions additions = additions(
                APPLIED,
                entry(
                        "kubectl-set",
                        "Update",
                        "{'f:spec':{'f:template':{'f:spec':{'f:containers':{"
                                + "'k:{\\'name\\':\\'node\\'}':{'f:env':{'.':{},'k:{\\'name\\':\\'X\\'}':{'.':{},'f:value':{}}}},"
                                + "'k:{\\'name\\':\\'sidecar\\'}':{'.':{},'f:image':{}}}}}}}"));

        String containers = "/f:spec/f:template/f:spec/f:containers/";
        assertThat(additions.paths())
                .containsExactly(
                        containers + "k:{\"name\":\"node\"}/f:env/k:{\"name\":\"X\"}",
                        containers + "k:{\"name\":\"sidecar\"}");
        assertThat(Serialization.asJson(additions.record().getFirst()))
                .contains(OPERATOR, "sidecar", "f:replicas", "f:value");
        assertThat(Serialization.asJson(additions.record())).containsOnlyOnce("sidecar");
    }

    @Test
    void orderToRestartIsNoAddition() {
        String restart = "{'f:spec':{'f:template':{'f:metadata':{'f:annotations':"
                + "{'.':{},'f:kubectl.kubernetes.io/restartedAt':{}}}}}}";
        Additions additions = additions(APPLIED, entry("kubectl-rollout", "Update", restart));

        assertThat(additions.paths()).isEmpty();
        assertThat(Serialization.asJson(additions.record().getFirst())).doesNotContain("annotations");
    }

    @Test
    void statusMetadataAndFieldsOfBothAreNoAdditions() {
        Additions additions = additions(
                APPLIED,
                entry("kube-controller-manager", "Update", "{'f:status':{'f:replicas':{}}}"),
                entry("backup", "Update", "{'f:metadata':{'f:labels':{'f:backup':{}}},'f:spec':{'f:replicas':{}}}"));

        assertThat(additions.paths()).isEmpty();
        assertThat(additions.record()).hasSize(3);
    }

    @Test
    void objectThatWasNeverAppliedHasNone() {
        assertThat(additions(entry("kubectl", "Update", "{'f:spec':{'f:replicas':{}}}"))
                        .paths())
                .isEmpty();
    }

    private static Additions additions(String... entries) {
        HasMetadata object = new StatefulSetBuilder()
                .withNewMetadata()
                .withManagedFields(Arrays.stream(entries)
                        .map(each -> Serialization.unmarshal(each, ManagedFieldsEntry.class))
                        .toList())
                .endMetadata()
                .build();
        return Additions.of(object, OPERATOR);
    }

    private static String entry(String manager, String operation, String fields) {
        return "{\"manager\":\"%s\",\"operation\":\"%s\",\"fieldsV1\":%s}"
                .formatted(manager, operation, fields.replace('\'', '"'));
    }
}
