namespace Lowrank.Language;

/// <summary>Facts on one line, and what people wrote about them.</summary>
/// <param name="Number">Its number in the file, from 1: of the entry, or of the first line.</param>
/// <param name="Context">The facts, as a model reads them.</param>
/// <param name="References">The texts, at least one.</param>
/// <param name="Category">What the facts are about, where the data tell it.</param>
public sealed record DataToText(int Number, string Context, IReadOnlyList<string> References, string? Category = null)
{
    /// <summary>Where they stand, as errors say it.</summary>
    internal string Place { get; init; } = $"row {Number}";
}
