# The image of the operator. Made by `./kvstore images`, or from the top folder after `./mvnw package`:
#   docker build -f deploy/operator.Dockerfile -t kvstore/operator:0.1.0 .
# BASE is any image with a Java 25 runtime, bash and curl; the build needs no network.
ARG BASE=eclipse-temurin:25-jre
FROM ${BASE}

COPY operator/target/quarkus-app /app/operator
COPY deploy/operator.jvm deploy/operator-training.sh /app/

# a plain class path, as in the node's image: the AOT cache then covers the application's classes too
RUN set -eu; cd /app/operator; \
    # in this order: rewritten classes come before those that they replace
    classpath=$(printf '/app/operator/%s\n' quarkus/transformed-bytecode.jar quarkus/generated-bytecode.jar app/*.jar \
        lib/boot/*.jar lib/main/*.jar | paste -sd :); \
    { cat /app/operator.jvm; echo "-cp $classpath io.quarkus.runner.GeneratedMain"; } >/app/operator.args; \
    /app/operator-training.sh /app

USER 10001:10001
WORKDIR /tmp
EXPOSE 8080
# no shell in between: SIGTERM reaches the operator
ENTRYPOINT ["java", "-XX:AOTCache=/app/operator.aot", "@/app/operator.args"]
