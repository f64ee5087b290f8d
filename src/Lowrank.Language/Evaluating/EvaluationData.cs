namespace Lowrank.Language;

/// <summary>Rows of a file that models are measured on.</summary>
public abstract class EvaluationData
{
    /// <summary>How many rows there are that can be measured.</summary>
    public abstract int Count { get; }

    /// <summary>What of the file is left out and why, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The first rows alone.</summary>
    public abstract EvaluationData First(int count);
}
