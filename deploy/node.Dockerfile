# The image of a node. Made by `./kvstore images`, or from the top folder after `./mvnw package`:
#   docker build -f deploy/node.Dockerfile -t kvstore/node:0.1.0 .
# BASE is any image with a Java 25 runtime and bash; the build needs no network.
ARG BASE=eclipse-temurin:25-jre
FROM ${BASE}

COPY node/target/quarkus-app /app/node
COPY deploy/node.jvm deploy/node-training.sh /app/

# The user owns its data and nothing else.
RUN mkdir /data /coordination /app/native && chown 10001:10001 /data /coordination

ENV KVSTORE_BIND=0.0.0.0 \
    KVSTORE_PORT=8080 \
    KVSTORE_DATA=/data \
    KVSTORE_COORDINATION=/coordination \
    KVSTORE_NATIVE_LIBRARY=/app/native

RUN /app/node-training.sh java /app/node.jvm /app/node/node.jar /app/node.aot kubernetes

USER 10001:10001
WORKDIR /tmp
EXPOSE 8080 18080
# no shell in between: SIGTERM reaches the node
ENTRYPOINT ["java", "@/app/node.jvm", "-XX:AOTCache=/app/node.aot", "-jar", "/app/node/node.jar"]
