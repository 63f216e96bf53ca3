package dev.kvstore.operator.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an API server does with the rules of a resource definition: it fills defaults in, and evaluates each rule where it stands in
 * the schema; one that compares with the former value only where there is one.
 */
final class Rules {
    private static final Cel CEL = CelFactory.plannerCelBuilder()
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar("self", SimpleType.DYN)
            .addVar("oldSelf", SimpleType.DYN)
            // Kubernetes' own library; its quantities are compared as numbers
            .addFunctionDeclarations(
                    CelFunctionDecl.newFunctionDeclaration(
                            "quantity",
                            CelOverloadDecl.newGlobalOverload("quantity_string", SimpleType.DOUBLE, SimpleType.DYN)),
                    CelFunctionDecl.newFunctionDeclaration(
                            "compareTo",
                            CelOverloadDecl.newMemberOverload(
                                    "quantity_compare", SimpleType.INT, SimpleType.DOUBLE, SimpleType.DOUBLE)))
            .addFunctionBindings(
                    CelFunctionBinding.from("quantity_string", Object.class, Rules::quantity),
                    CelFunctionBinding.from("quantity_compare", Double.class, Double.class, Rules::compare))
            .build();

    private final JSONSchemaProps schema;

    Rules(CustomResourceDefinition definition) {
        schema = definition.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
    }

    private static double quantity(Object text) {
        return Quantity.getAmountInBytes(new Quantity((String) text)).doubleValue();
    }

    private static long compare(Double one, Double other) {
        return one.compareTo(other);
    }

    /** The messages of all rules that there are. */
    Set<String> messages() {
        Set<String> messages = new TreeSet<>();
        collect(schema, messages);
        return messages;
    }

    private static void collect(JSONSchemaProps schema, Set<String> into) {
        rules(schema).forEach(rule -> into.add(rule.getMessage()));
        properties(schema).values().forEach(each -> collect(each, into));
    }

    /** What a new object is told, or one that is changed; empty when it is taken. */
    List<String> refusals(String yaml, @Nullable String before) {
        List<String> refusals = new ArrayList<>();
        evaluate(schema, object(yaml), before == null ? null : object(before), refusals);
        return refusals;
    }

    private Map<?, ?> object(String yaml) {
        return (Map<?, ?>) withDefaults(schema, Serialization.unmarshal(yaml, Map.class));
    }

    private static Object withDefaults(JSONSchemaProps schema, Object value) {
        if (!(value instanceof Map<?, ?> given)) {
            // CEL's whole numbers have 64 bits
            return value instanceof Integer number ? (Object) number.longValue() : value;
        }
        Map<Object, Object> filled = new LinkedHashMap<>(given);
        properties(schema).forEach((name, property) -> {
            Object present = filled.get(name);
            if (present == null && property.getDefault() != null) {
                present = new ObjectMapper().convertValue(property.getDefault(), Object.class);
            }
            if (present != null) {
                filled.put(name, withDefaults(property, present));
            }
        });
        return filled;
    }

    private static void evaluate(JSONSchemaProps schema, Object self, @Nullable Object oldSelf, List<String> refusals) {
        for (ValidationRule rule : rules(schema)) {
            boolean comparing = rule.getRule().contains("oldSelf");
            if (!comparing) {
                if (!holds(rule, Map.of("self", self))) {
                    refusals.add(rule.getMessage());
                }
            } else if (oldSelf != null && !holds(rule, Map.of("self", self, "oldSelf", oldSelf))) {
                refusals.add(rule.getMessage());
            }
        }
        properties(schema).forEach((name, property) -> {
            Object value = member(self, name);
            if (value != null) {
                evaluate(property, value, oldSelf == null ? null : member(oldSelf, name), refusals);
            }
        });
    }

    private static @Nullable Object member(Object object, String name) {
        return object instanceof Map<?, ?> map ? map.get(name) : null;
    }

    private static boolean holds(ValidationRule rule, Map<String, ?> variables) {
        try {
            return (boolean)
                    CEL.createProgram(CEL.compile(rule.getRule()).getAst()).eval(variables);
        } catch (CelValidationException | CelEvaluationException e) {
            throw new AssertionError(rule.getRule(), e);
        }
    }

    private static List<ValidationRule> rules(JSONSchemaProps schema) {
        return Objects.requireNonNullElse(schema.getXKubernetesValidations(), List.of());
    }

    private static Map<String, JSONSchemaProps> properties(JSONSchemaProps schema) {
        return Objects.requireNonNullElse(schema.getProperties(), Map.of());
    }
}
