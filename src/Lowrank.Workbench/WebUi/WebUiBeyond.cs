namespace Lowrank.Workbench;

/// <summary>What extensions do in a web UI's job, which its own interface does not know.</summary>
public sealed record WebUiBeyond
{
    /// <summary>Nothing of it.</summary>
    public static WebUiBeyond None { get; } = new();

    /// <summary>What strengthens the network's backbone; null for nothing.</summary>
    public FreeU? FreeU { get; init; }

    /// <summary>Strength of guidance by perturbed attention; 0 for none.</summary>
    public double PerturbedScale { get; init; }

    /// <summary>Share in which guided answers are brought back to the prompt's own contrast, 0 to 1.</summary>
    public double GuidanceRescale { get; init; }

    /// <summary>Whether pictures' texts tell their place among those that were made at once.</summary>
    public bool TellsPlace { get; init; }

    /// <summary>Fields of pictures' texts beside those that AUTOMATIC1111 writes.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; } = [];
}
