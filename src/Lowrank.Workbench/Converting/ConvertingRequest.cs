namespace Lowrank.Workbench;

/// <summary>An adapter that is to be written in another dialect, or a base model in the other layout.</summary>
/// <param name="Input">An adapter (file or PEFT folder) or a base model (single file or diffusers folder).</param>
/// <param name="Output">The file or folder to be written.</param>
public sealed record ConvertingRequest(string Input, string Output) : IJobRequest
{
    /// <summary>The base model that an adapter is for; of a base model, its options alone count.</summary>
    public BaseModelChoice Base { get; init; } = new();

    /// <summary>Name of an adapter's new dialect; null keeps its own. A base model has none.</summary>
    public string? Dialect { get; init; }

    /// <summary>dtype of what is written; null keeps the input's.</summary>
    public ScalarType? Dtype { get; init; }

    /// <summary>Whether an existing output may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>As of <see cref="AdapterOutput.OptionalLevels"/>.</summary>
    public bool OptionalLevels { get; init; }

    /// <summary>Patterns of an adapter's layers that are not to be written.</summary>
    public IReadOnlyList<string> LeaveOut { get; init; } = [];

    /// <inheritdoc/>
    public IEnumerable<string> Faults() => [];

    /// <inheritdoc/>
    public IJobRequest Placed(Func<string, string> find) => this with { Input = find(Input), Base = Base.Placed(find) };
}
