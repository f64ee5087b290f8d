namespace Lowrank.Workbench;

/// <summary>Texts that a language model is to write.</summary>
/// <param name="Model">The model with its adapters.</param>
/// <param name="Prompts">What it goes on with, or answers.</param>
public sealed record WritingRequest(WritingModelChoice Model, IReadOnlyList<string> Prompts) : IJobRequest
{
    /// <summary>A file with a prompt a line; null for none. They come after <see cref="Prompts"/>.</summary>
    public string? PromptsFile { get; init; }

    /// <summary>Whether prompts are messages that the model answers, by its chat template.</summary>
    public bool Chat { get; init; }

    /// <summary>What the system says before the message.</summary>
    public string? System { get; init; }

    /// <summary>How texts are written.</summary>
    public WritingChoices Choices { get; init; } = new();

    /// <summary>Prompts that are written at once.</summary>
    public int Batch { get; init; } = 8;

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (Prompts.Count == 0 && PromptsFile is null) yield return "There is no prompt. What is to be gone on with?";
        if (System is not null && !Chat) yield return "`system` speaks in a conversation. Add `chat`.";
        if (Batch < 1) yield return $"`batch` is {Batch}; it must be 1 or more.";
        foreach (string fault in Choices.Faults()) yield return fault;
    }

    /// <inheritdoc/>
    public IJobRequest Placed(Func<string, string> find) => this with { Model = Model.Placed(find) };
}
