namespace Lowrank.Language;

/// <summary>What a model made of a row.</summary>
/// <param name="Row">The row's number in its file, from 1.</param>
/// <param name="Input">What the model was given.</param>
public sealed record EvaluatedRow(int Row, string Input)
{
    /// <summary>What it wrote, or the class that it chose; null where it did neither.</summary>
    public string? Answer { get; init; }

    /// <summary>What would have been right.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>The row's own figures by their names.</summary>
    public IReadOnlyDictionary<string, double> Values { get; init; } = new Dictionary<string, double>();
}
