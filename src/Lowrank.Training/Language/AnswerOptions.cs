namespace Lowrank.Training;

/// <summary>How a model's own answers are written, to be learnt.</summary>
sealed record AnswerOptions
{
    /// <summary>Answers to a prompt, 2 or more. Default 8.</summary>
    public int Answers { get; init; } = 8;

    /// <summary>The most tokens of an answer, 1 or more. Default 256.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <summary>What logits are divided by, above 0. Default 1.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Seed of the draws.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>How rewards become advantages.</summary>
    public AdvantageOptions Advantages { get; init; } = new();
}
