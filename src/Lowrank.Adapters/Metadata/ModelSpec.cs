using System.Globalization;

namespace Lowrank.Adapters;

/// <summary>The modelspec.* metadata (SAI ModelSpec 1.0.1) of an adapter.</summary>
public sealed record ModelSpec
{
    /// <summary>Family of the base model.</summary>
    public required ModelFamily Family { get; init; }

    /// <summary>Whether the model predicts v rather than noise.</summary>
    public bool PredictsV { get; init; }

    /// <summary>The adapter's title.</summary>
    public required string Title { get; init; }

    /// <summary>Training size, width and height in pixels.</summary>
    public required (int Width, int Height) Resolution { get; init; }

    /// <summary>When it was made; written in local time without a zone, as kohya does.</summary>
    public required DateTime Date { get; init; }

    /// <summary>Author, or null.</summary>
    public string? Author { get; init; }

    /// <summary>Description, or null.</summary>
    public string? Description { get; init; }

    /// <summary>Licence, or null.</summary>
    public string? License { get; init; }

    /// <summary>Tags, comma-separated, or null.</summary>
    public string? Tags { get; init; }

    /// <summary>What to write in a prompt, or null.</summary>
    public string? TriggerPhrase { get; init; }

    /// <summary>How to use it, or null.</summary>
    public string? UsageHint { get; init; }

    /// <summary>Adapters it was merged from, or null.</summary>
    public string? MergedFrom { get; init; }

    /// <summary>First and last timestep of training, or null.</summary>
    public (int First, int Last)? Timesteps { get; init; }

    /// <summary>Which layer of the text encoder is read, counted from the end (clip skip), or null.</summary>
    public int? ClipSkip { get; init; }

    /// <summary>Who wrote the file.</summary>
    public string ImplementationVersion { get; init; } = "lowrank/" + typeof(ModelSpec).Assembly.GetName().Version!.ToString(3);

    /// <summary>The metadata as strings.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata()
    {
        var facts = Family.FactsOf(PredictsV);
        var metadata = new Dictionary<string, string>
        {
            ["modelspec.sai_model_spec"] = "1.0.1",
            ["modelspec.architecture"] = facts.Architecture + "/lora",
            ["modelspec.implementation"] = facts.Implementation,
            ["modelspec.implementation_version"] = ImplementationVersion,
            ["modelspec.title"] = Title,
            ["modelspec.resolution"] = $"{Resolution.Width}x{Resolution.Height}",
            ["modelspec.date"] = Date.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
            ["modelspec.prediction_type"] = PredictsV ? "v" : "epsilon",
        };
        Add("author", Author);
        Add("description", Description);
        Add("license", License);
        Add("tags", Tags);
        Add("trigger_phrase", TriggerPhrase);
        Add("usage_hint", UsageHint);
        Add("merged_from", MergedFrom);
        Add("timestep_range", Timesteps is var (first, last) ? $"{first},{last}" : null);
        Add("encoder_layer", ClipSkip?.ToString(CultureInfo.InvariantCulture));
        return metadata;

        void Add(string key, string? value)
        {
            if (value is not null) metadata["modelspec." + key] = value;
        }
    }
}
