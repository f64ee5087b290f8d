namespace Lowrank.Language;

/// <summary>How a conversation is rendered.</summary>
public sealed record ChatOptions
{
    /// <summary>Whether the text ends where the assistant is to go on. Default false.</summary>
    public bool AddGenerationPrompt { get; init; }

    /// <summary>Whether the text ends within the last message, which is to be gone on with. Default false.</summary>
    public bool ContinueFinalMessage { get; init; }

    /// <summary>What else the template may ask for, as enable_thinking.</summary>
    public IReadOnlyDictionary<string, object?> Variables { get; init; } = new Dictionary<string, object?>();

    /// <summary>Name of the template, where a model has several; null takes tool_use where there are tools, else default.</summary>
    public string? Variant { get; init; }

    /// <summary>What the clock says; null for the machine's. Fix it where a row is to be the same tomorrow.</summary>
    public DateTime? Now { get; init; }
}
