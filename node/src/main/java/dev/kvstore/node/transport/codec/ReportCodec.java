package dev.kvstore.node.transport.codec;

import dev.kvstore.core.message.Report;
import dev.kvstore.core.message.Report.Accusation;
import dev.kvstore.core.message.Report.Gone;
import dev.kvstore.core.message.Report.HandOver;
import dev.kvstore.core.ring.JoinRequest;
import io.netty.buffer.ByteBuf;

/** A member's report to the leader. */
final class ReportCodec {
    private ReportCodec() {}

    static void write(ByteBuf out, Report report) {
        Wire.writeList(out, report.joins(), (to, join) -> {
            Wire.writeLong(to, join.partition());
            Wire.writeLong(to, join.epoch());
            Wire.writeText(to, join.member());
            Wire.writeText(to, join.storeId());
        });
        Wire.writeList(out, report.accusations(), (to, accusation) -> {
            Wire.writeLong(to, accusation.partition());
            Wire.writeLong(to, accusation.epoch());
            Wire.writeText(to, accusation.member());
        });
        Wire.writeList(out, report.handOvers(), (to, handOver) -> {
            Wire.writeLong(to, handOver.partition());
            Wire.writeLong(to, handOver.epoch());
            Wire.writeText(to, handOver.successor());
        });
        Wire.writeList(out, report.gone(), (to, gone) -> {
            Wire.writeLong(to, gone.partition());
            Wire.writeLong(to, gone.epoch());
        });
        Wire.writeBoolean(out, report.cannotWrite());
        Wire.writeBoolean(out, report.draining());
    }

    static Report read(ByteBuf in) throws CodecException {
        return new Report(
                Wire.readList(
                        in,
                        from -> new JoinRequest(
                                Wire.readInt(from), Wire.readLong(from), Wire.readText(from), Wire.readText(from))),
                Wire.readList(in, from -> new Accusation(Wire.readInt(from), Wire.readLong(from), Wire.readText(from))),
                Wire.readList(in, from -> new HandOver(Wire.readInt(from), Wire.readLong(from), Wire.readText(from))),
                Wire.readList(in, from -> new Gone(Wire.readInt(from), Wire.readLong(from))),
                Wire.readBoolean(in),
                Wire.readBoolean(in));
    }
}
