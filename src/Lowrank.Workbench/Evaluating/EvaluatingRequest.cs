using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>A language model that is to be measured, the base and each adapter by itself.</summary>
/// <param name="Model">The model with the adapters.</param>
/// <param name="Data">The file with the rows.</param>
public sealed record EvaluatingRequest(WritingModelChoice Model, string Data) : IJobRequest
{
    /// <summary>Name of the task, of <see cref="EvaluationTasks.All"/>; null sees from the file which it is.</summary>
    public string? Task { get; init; }

    /// <summary>Whether the file is one text, not a text a line.</summary>
    public bool Whole { get; init; }

    /// <summary>How many of the first rows are measured; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>How they are measured.</summary>
    public EvaluationOptions Options { get; init; } = new();

    /// <summary>Where each row's answers and figures are written, a line of JSON for each; null for nowhere.</summary>
    public string? Out { get; init; }

    /// <summary>Whether that file may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (Overwrite && Out is null) yield return "`overwrite` replaces the file of `out`, which is not given. Leave it out, or give it.";
        if (Limit < 1) yield return $"`limit` is {Limit}; it must be 1 or more.";
        if (Options.Batch < 1) yield return $"`batch` is {Options.Batch}; it must be 1 or more.";
        if (Options.MaxNewTokens < 1) yield return $"`max new tokens` is {Options.MaxNewTokens}; it must be 1 or more.";
        if (Options.Window < 2) yield return $"`window` is {Options.Window}; it must be 2 or more.";
        if (Options.Stride < 1 || Options.Stride > Options.Window)
            yield return $"`stride` is {Options.Stride}; it must be 1 or more, and no more than `window`.";
        if (Whole && Task is not null and not "perplexity")
            yield return $"`whole` takes a file as one text, and {Task} has rows. Leave one out.";
        if (Options.System is not null && Options.Plain)
            yield return "`system` speaks in a conversation, and `plain` has none. Leave one out.";
    }

    /// <inheritdoc/>
    public IJobRequest Placed(Func<string, string> find) => this with { Model = Model.Placed(find) };
}
