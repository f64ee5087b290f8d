using System.Text.Json.Nodes;

namespace Lowrank.Models;

/// <summary>How many numbers of a head turn.</summary>
sealed class RotatedField : GgufField
{
    const string Key = "rope.dimension_count", Share = "partial_rotary_factor";

    /// <summary>Whether it is written; files of other writers may have it all the same.</summary>
    public bool IsWritten { get; init; } = true;

    public override void Read(GgufKeys from, JsonObject config)
    {
        if (from.Count(Key) is not { } rotated) return;
        int width = Number(HeadField.Field) ?? Number("hidden_size") / Number("num_attention_heads") ?? rotated;
        from.Require(rotated <= width, $"{from.Architecture}.{Key} is {rotated}, and a head has {width} numbers");
        if (rotated < width) config[Share] = (double)rotated / width;

        int? Number(string field) => (int?)config[field];
    }

    public override void Write(GgufSource source)
    {
        if (!IsWritten) return;
        int width = source.Count(HeadField.Field) ?? source.Needed("hidden_size") / source.Needed("num_attention_heads");
        source.Add(Key, (int)(width * (source.RopeNumber(Share) ?? 1)));
    }
}
