namespace Lowrank.Workbench;

/// <summary>A demo that is to be made.</summary>
/// <param name="Output">Where results go.</param>
public sealed record DemoRequest(string Output) : IJobRequest
{
    /// <summary>Training steps; null takes the recipe's.</summary>
    public int? Steps { get; init; }

    /// <summary>How pictures are made; prompts and seeds are filled in.</summary>
    public GenerateOptions Pictures { get; init; } = DemoSettings.Pictures;

    /// <summary>Whether files that an earlier demo did not make may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>What computes; "auto" is the fastest that this machine has.</summary>
    public string Device { get; init; } = "auto";

    /// <inheritdoc/>
    /// <remarks>The pictures' are told before the training rather than behind it.</remarks>
    public IEnumerable<string> Faults()
    {
        if (Steps < 1) yield return $"`steps` is {Steps} (1 or more)";
        if (Pictures.Steps is < 1 or > 1000) yield return $"`sampling steps` is {Pictures.Steps} (1 to 1000)";
    }
}
