namespace Lowrank.Models;

/// <summary>A kind of rotary embedding among those that config.json may name.</summary>
/// <param name="Name">Its <c>rope_type</c>.</param>
/// <param name="Read">Reads what it needs besides.</param>
sealed record RopeKind(string Name, Func<RopeFields, Rope> Read)
{
    /// <summary>Its names in older files.</summary>
    public IReadOnlyList<string> OtherNames { get; init; } = [];
}
