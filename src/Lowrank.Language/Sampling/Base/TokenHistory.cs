namespace Lowrank.Language;

/// <summary>What stands before the token that is to be chosen.</summary>
/// <param name="ids">Prompt and what was written, without padding.</param>
/// <param name="promptLength">Of these the prompt.</param>
public readonly ref struct TokenHistory(ReadOnlySpan<int> ids, int promptLength)
{
    /// <summary>Prompt and what was written, without padding.</summary>
    public ReadOnlySpan<int> Ids { get; } = ids;

    /// <summary>Tokens of the prompt.</summary>
    public int PromptLength => promptLength;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<int> Written => Ids[promptLength..];
}
