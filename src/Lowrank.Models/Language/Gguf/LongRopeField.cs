using System.Text.Json.Nodes;

namespace Lowrank.Models;

/// <summary>What Phi-3's files hold of its rotary embedding: divisors for short rows and for long ones, and what the angles' cosines and
/// sines are multiplied by. Reading is <see cref="RopeField"/>'s.</summary>
sealed class LongRopeField : GgufField
{
    const string Length = "original_max_position_embeddings";

    public override void Read(GgufKeys from, JsonObject config) { }

    public override void Write(GgufSource source)
    {
        double longest = source.Needed("max_position_embeddings");
        int original = (int)(source.RopeNumber(Length) ?? longest);
        source.Add("rope.scaling.original_context_length", original);
        if (source.RopeType is null or "default") return;
        if (source.RopeType is not ("longrope" or "su"))
            throw source.Fault($"a rotary embedding of the kind {source.RopeType} is not held by GGUF files of Phi-3.");
        source.AddFirst("rope.scaling.attn_factor",
            source.RopeNumber("attention_factor") ?? LongRope.MagnitudeOf(longest / original, original));
        source.AddTable(RopeField.LongDivisors, source.RopeNumbers("long_factor"));
        source.AddTable(RopeField.ShortDivisors, source.RopeNumbers("short_factor"));
    }
}
