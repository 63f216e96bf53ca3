package dev.kvstore.operator.resources;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;

/** What a node may do: use its own Lease and ring, read its config, and nothing else. */
final class NodeRights {
    private static final String RBAC = "rbac.authorization.k8s.io";
    private static final String[] USE = {"get", "list", "watch", "update", "patch"};
    private static final String[] READ = {"get", "list", "watch"};

    private NodeRights() {}

    static ServiceAccount account(Wanted wanted) {
        return new ServiceAccountBuilder()
                .withMetadata(
                        ObjectNames.metadata(wanted.cluster(), wanted.names().nodes()))
                .build();
    }

    static Role role(Wanted wanted) {
        ObjectNames names = wanted.names();
        return new RoleBuilder()
                .withMetadata(ObjectNames.metadata(wanted.cluster(), names.nodes()))
                .withRules(
                        rule("coordination.k8s.io", "leases", names.lease(), USE),
                        rule("", "configmaps", names.ring(), USE),
                        rule("", "configmaps", names.config(), READ))
                .build();
    }

    static RoleBinding binding(Wanted wanted) {
        ObjectNames names = wanted.names();
        return new RoleBindingBuilder()
                .withMetadata(ObjectNames.metadata(wanted.cluster(), names.nodes()))
                .withNewRoleRef(RBAC, "Role", names.nodes())
                .addNewSubject()
                .withKind("ServiceAccount")
                .withName(names.nodes())
                .withNamespace(names.namespace())
                .endSubject()
                .build();
    }

    private static PolicyRule rule(String group, String resource, String name, String[] verbs) {
        return new PolicyRuleBuilder()
                .withApiGroups(group)
                .withResources(resource)
                .withResourceNames(name)
                .withVerbs(verbs)
                .build();
    }
}
