namespace Lowrank.Language;

/// <summary>How a model is measured.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Rows that are read or written at once: 1 or more. It changes the time, never the figures.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Tokens of a written answer at most: 1 or more; null for 64.</summary>
    public int? MaxNewTokens { get; init; }

    /// <summary>What the model is asked, with <c>{input}</c> where the row's own text goes; null for the task's own.</summary>
    public string? Prompt { get; init; }

    /// <summary>What the system says before; null for what the chat template says by itself.</summary>
    public string? System { get; init; }

    /// <summary>Whether prompts are plain texts that are gone on with, though the model has a chat template.</summary>
    public bool Plain { get; init; }

    /// <summary>Whether answers are written and compared, where a task is measured without that too.</summary>
    public bool Writes { get; init; }

    /// <summary>Tokens of a window in which long texts are read: 2 or more; null for the model's context, 2048 at most.</summary>
    public int? Window { get; init; }

    /// <summary>How far windows are apart: 1 to <see cref="Window"/>; null for half of it.</summary>
    public int? Stride { get; init; }

    /// <summary>A token by its text or number that is put in front of texts; null for what the files have.</summary>
    public string? Begin { get; init; }
}
