namespace Lowrank.Workbench;

/// <summary>A conversation with a language model.</summary>
/// <param name="Model">The model with its adapters.</param>
public sealed record ChattingRequest(WritingModelChoice Model) : IJobRequest
{
    /// <summary>What the system says first; null for what the template says by itself.</summary>
    public string? System { get; init; }

    /// <summary>How answers are written.</summary>
    public WritingChoices Choices { get; init; } = new();

    /// <inheritdoc/>
    public IEnumerable<string> Faults() => Choices.Faults();

    /// <inheritdoc/>
    public IJobRequest Placed(Func<string, string> find) => this with { Model = Model.Placed(find) };
}
