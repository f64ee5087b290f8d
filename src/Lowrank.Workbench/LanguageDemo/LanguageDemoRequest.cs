namespace Lowrank.Workbench;

/// <summary>A demo of a language model that is to be made.</summary>
/// <param name="Output">Where results go.</param>
public sealed record LanguageDemoRequest(string Output) : IJobRequest
{
    /// <summary>The base model; null looks where <see cref="LanguageDemoModel"/> does.</summary>
    public string? BaseModel { get; init; }

    /// <summary>Training steps, 1 or more; null takes the recipe's.</summary>
    public int? Steps { get; init; }

    /// <summary>Seed of the training; null takes the recipe's.</summary>
    public long? Seed { get; init; }

    /// <summary>Whether a model that is not there is fetched from the hub.</summary>
    public bool Fetches { get; init; }

    /// <summary>Whether files that an earlier demo did not make may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>What computes; "auto" is the fastest that this machine has.</summary>
    public string Device { get; init; } = "auto";

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (Steps < 1) yield return $"`steps` is {Steps} (1 or more)";
    }

    /// <inheritdoc/>
    public IJobRequest Placed(Func<string, string> find) => this with { BaseModel = BaseModel is null ? null : find(BaseModel) };
}
