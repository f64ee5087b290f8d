namespace Lowrank.Workbench;

/// <summary>A job as AUTOMATIC1111's HTTP interface (1.10.1) is asked for it, under its names and with its defaults.</summary>
public sealed record WebUiRequest
{
    /// <summary>What to show.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>What not to show.</summary>
    public string NegativePrompt { get; init; } = "";

    /// <summary>Names of styles that are applied to both.</summary>
    public IReadOnlyList<string> Styles { get; init; } = [];

    /// <summary>Seed of the first picture; −1 draws one.</summary>
    public long Seed { get; init; } = -1;

    /// <summary>Variation seed of the first picture; −1 draws one.</summary>
    public long Subseed { get; init; } = -1;

    /// <summary>Share of the variation's noise, 0 to 1.</summary>
    public double SubseedStrength { get; init; }

    /// <summary>The size whose noise is laid in the middle; no side below 1 means none.</summary>
    public (int Width, int Height) SeedResizeFrom { get; init; } = (-1, -1);

    /// <summary>The sampler's label; null is the web UI's first.</summary>
    public string? Sampler { get; init; }

    /// <summary>The schedule's label or name.</summary>
    public string? Scheduler { get; init; }

    /// <summary>Pictures drawn at once.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>Batches.</summary>
    public int BatchCount { get; init; } = 1;

    /// <summary>Sampling steps.</summary>
    public int Steps { get; init; } = 50;

    /// <summary>How strongly the prompt is followed.</summary>
    public double CfgScale { get; init; } = 7;

    /// <summary>Pixels across; what is no multiple of 8 is cut.</summary>
    public int Width { get; init; } = 512;

    /// <summary>Pixels down; what is no multiple of 8 is cut.</summary>
    public int Height { get; init; } = 512;

    /// <summary>Whether edges go on at the other side; null is what the settings say.</summary>
    public bool? Tiling { get; init; }

    /// <summary>Share of fresh noise; null is what the settings say.</summary>
    public double? Eta { get; init; }

    /// <summary>σ below which every other evaluation leaves the negative prompt out; null is what the settings say.</summary>
    public double? MinSigma { get; init; }

    /// <summary>Churn: amount, lowest and highest σ, factor of the noise; nulls are what the settings say.</summary>
    public (double? Amount, double? From, double? To, double? NoiseScale) Churn { get; init; }

    /// <summary>How much is made anew: of a picture given, or in the second pass.</summary>
    public double Strength { get; init; } = 0.75;

    /// <summary>The model that takes over on the way; null for none.</summary>
    public string? Refiner { get; init; }

    /// <summary>The share of the way at which it does.</summary>
    public double? RefinerSwitchAt { get; init; }

    /// <summary>The second pass at a larger size; null for none.</summary>
    public WebUiHires? Hires { get; init; }

    /// <summary>The pictures that are changed; null draws from text.</summary>
    public ChangedPictures? Pictures { get; init; }

    /// <summary>Settings, with those that the request overrides.</summary>
    public WebUiOptions Options { get; init; } = WebUiOptions.Default;

    /// <summary>What extensions do beside it.</summary>
    public WebUiBeyond Beyond { get; init; } = WebUiBeyond.None;

    /// <summary>Share of fresh noise with a sampler: the request's, else what the settings say for its kind.</summary>
    internal double EtaOf(WebUiSampler sampler) =>
        Eta ?? (sampler.IsOverTimesteps ? Options.EtaDdim : Options.EtaAncestral);

    /// <summary>Whether a sampler's generators are renewed after the first draw, where a delta of seeds is set.</summary>
    internal bool UsesSeedDelta(WebUiSampler sampler) => sampler.UsesEnsdWith(EtaOf(sampler));

    /// <summary>What of the request is not used, and why, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
