using System.Text.Json.Nodes;

namespace Lowrank.Models;

/// <summary>The longest row where a table of positions begins after the pad's id: GGUF files leave those rows out.</summary>
sealed class PositionsAfterPadField : GgufField
{
    const string Key = "context_length";

    /// <summary>How many rows are left out, from the pad's id.</summary>
    /// <param name="pad">The id; null for 1, which RoBERTa's is.</param>
    public static int RowsBefore(int? pad) => (pad ?? 1) + 1;

    public override void Write(GgufSource source) =>
        source.Add(Key, source.Needed("max_position_embeddings") - RowsBefore(source.Count("pad_token_id")));

    public override void Read(GgufKeys from, JsonObject config)
    {
        from.Require(from.Count(Key) is not null, $"{from.Architecture}.{Key} is missing");
        config["max_position_embeddings"] = (from.Count(Key) ?? 1) + RowsBefore(from.Token("padding"));
    }
}
