namespace Lowrank.Training;

/// <summary>What models said of a batch, and what is known of it: as much as an objective's <see cref="ObjectiveNeeds"/> name.</summary>
public sealed record ObjectiveInput
{
    /// <summary>1 at tokens and 0 at pads, (B, T).</summary>
    public Tensor? Mask { get; init; }

    /// <summary>What the model that is trained holds of the tokens.</summary>
    public TokenLogProbabilities? Policy { get; init; }

    /// <summary>What the reference holds of them, (B, T − 1).</summary>
    public Tensor? Reference { get; init; }

    /// <summary>What the model that is trained holds of prompts with others' answers.</summary>
    public TokenLogProbabilities? Mismatched { get; init; }

    /// <summary>What the reference holds of these, (B, T − 1).</summary>
    public Tensor? MismatchedReference { get; init; }

    /// <summary>Whether each row is wanted, (B), bool.</summary>
    public Tensor? Wanted { get; init; }

    /// <summary>By how much each pair's chosen row is the better, (pairs).</summary>
    public Tensor? Margins { get; init; }

    /// <summary>Scores of rows (B, N) or of tokens (B, T, N); of spans, beginnings and ends (B, T, 2).</summary>
    public Tensor? Scores { get; init; }

    /// <summary>
    /// What they should be: ids (B) or numbers (B) or (B, N) of rows, ids (B, T) of tokens, first and last places (B, 2) of spans.
    /// </summary>
    public Tensor? Targets { get; init; }

    /// <summary>How much better than the others each answer is, (B).</summary>
    public Tensor? Advantages { get; init; }

    /// <summary>What the model held of the tokens when it wrote them, (B, T − 1), for rloo also (B) of whole answers; null: what it holds
    /// now.</summary>
    public Tensor? Written { get; init; }

    /// <summary>
    /// Tokens that count in all micro-batches of the step together; null: this batch is the step. Where it is given, losses of
    /// micro-batches add up to the step's, and are not to be averaged.
    /// </summary>
    public double? CountedTokens { get; init; }

    internal static T Given<T>(T? value, string objective, string what) where T : class =>
        value ?? throw new LowrankException($"{objective} needs {what}, and none was given");
}
