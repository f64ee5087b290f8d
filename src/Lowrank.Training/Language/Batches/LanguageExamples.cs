namespace Lowrank.Training;

/// <summary>What is learnt in one go: rows of tokens, and what objectives ask beside them.</summary>
/// <param name="Rows">The rows; of pairs the chosen ones first, then the rejected ones in the same order.</param>
public sealed record LanguageExamples(LanguageBatch Rows)
{
    /// <summary>As many rows, each prompt with another row's answer; null where the objective needs none.</summary>
    public LanguageBatch? Mismatched { get; init; }

    /// <summary>Whether each row's answer is a good one, (B), bool; null where that is not told.</summary>
    public Tensor? Wanted { get; init; }

    /// <summary>By how much each pair's chosen row is the better, (pairs); null where that is not told.</summary>
    public Tensor? Margins { get; init; }

    /// <summary>What heads should say: ids (B), numbers (B) or (B, N) of rows, ids (B, T) of tokens, first and last places (B, 2) of
    /// spans; null where tokens are foretold.</summary>
    public Tensor? Targets { get; init; }

    /// <summary>How much better than the other answers to its prompt each row is, (B); null where the model wrote none.</summary>
    public Tensor? Advantages { get; init; }

    /// <summary>What the reference holds of the rows' tokens, (B, T − 1), where that was computed before; null asks it.</summary>
    public Tensor? Reference { get; init; }

    /// <summary>The same of <see cref="Mismatched"/>.</summary>
    public Tensor? MismatchedReference { get; init; }
}
