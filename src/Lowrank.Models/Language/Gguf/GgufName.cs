namespace Lowrank.Models;

/// <summary>A module, or a parameter in none, in GGUF files.</summary>
/// <param name="Own">Its published path, without the ending; <c>{}</c> is the layer's number.</param>
/// <param name="Stored">What GGUF files call it, without the ending.</param>
sealed record GgufName(string Own, string Stored)
{
    /// <summary>How its numbers lie there.</summary>
    public GgufChange Change { get; init; } = GgufChange.None;
}
