using System.Text.Json.Nodes;

namespace Lowrank.Models;

/// <summary>A key that is a field under another name.</summary>
/// <param name="key">The key, without the architecture's name.</param>
/// <param name="field">The field of config.json.</param>
sealed class PlainField(string key, string field) : GgufField
{
    /// <summary>Whether it is no whole number.</summary>
    public bool IsNumber { get; init; }

    /// <summary>The least that a count may be.</summary>
    public int Least { get; init; }

    /// <summary>Whether files may lack it.</summary>
    public bool MayLack { get; init; }

    /// <summary>Another field that tells it where this one is absent; null where none does.</summary>
    public string? Otherwise { get; init; }

    /// <summary>By what the other field is multiplied.</summary>
    public int Times { get; init; } = 1;

    /// <summary>What is written where config.json says nothing; null where nothing is.</summary>
    public int? Absent { get; init; }

    public override void Write(GgufSource source)
    {
        if (IsNumber && source.Number(field) is { } number) source.Add(key, number);
        else if (!IsNumber && (source.Count(field) ?? Other(source) ?? Absent) is { } count) source.Add(key, count);
        else if (!MayLack) source.Add(key, source.Needed(field));
    }

    int? Other(GgufSource source) => Otherwise is null ? null : source.Count(Otherwise) * Times;

    public override void Read(GgufKeys from, JsonObject config)
    {
        if (IsNumber && from.Number(key) is { } number) config[field] = number;
        else if (!IsNumber && from.Count(key) is { } count)
        {
            from.Require(count >= Least, $"{from.Architecture}.{key} is {count}, and must be {Least} or more");
            config[field] = Math.Max(count, Least);
        }
        else from.Require(MayLack, $"{from.Architecture}.{key} is missing");
    }
}
