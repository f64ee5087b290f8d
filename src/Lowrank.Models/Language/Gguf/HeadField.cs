using System.Text.Json.Nodes;

namespace Lowrank.Models;

/// <summary>The lengths of keys and values of a head, which are one field.</summary>
sealed class HeadField : GgufField
{
    /// <summary>The field of config.json.</summary>
    public const string Field = "head_dim";

    const string Keys = "attention.key_length", Values = "attention.value_length";

    /// <summary>Whether it is written where config.json does not say it; else it is the width over the heads.</summary>
    public bool IsAlwaysTold { get; init; } = true;

    public override void Write(GgufSource source)
    {
        int? told = source.Count(Field);
        if (told is null && !IsAlwaysTold) return;
        int length = told ?? source.Needed("hidden_size") / source.Needed("num_attention_heads");
        source.Add(Keys, length);
        source.Add(Values, length);
    }

    public override void Read(GgufKeys from, JsonObject config)
    {
        int? keys = from.Count(Keys), values = from.Count(Values);
        from.Require(values is null || keys == values, $"{Keys} is {keys} and {Values} is {values}, and heads with both alike are built");
        if (keys is { } length) config[Field] = length;
    }
}
